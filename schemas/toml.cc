// The one place that sees toml++.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <sstream>

#include "schemas/internal/toml.h"

namespace schemas::internal {
namespace {

constexpr std::size_t kMaxText = 1u << 20;

template <class T>
std::string printed(const T& v) {
  std::ostringstream out;
  out << v;
  return out.str();
}

Toml convert(const toml::node& node) {
  Toml out;
  out.line = static_cast<unsigned>(node.source().begin.line);
  switch (node.type()) {
    case toml::node_type::table:
      for (const auto& [key, value] : *node.as_table()) {
        out.members.push_back(convert(value));
        out.members.back().key = std::string(key.str());
      }
      break;
    case toml::node_type::array:
      out.type = Toml::Type::kArray;
      for (const auto& value : *node.as_array()) out.items.push_back(convert(value));
      break;
    case toml::node_type::string:
      out.type = Toml::Type::kText;
      out.text = node.as_string()->get();
      break;
    case toml::node_type::integer:
      out.type = Toml::Type::kNumber;
      out.number = node.as_integer()->get();
      break;
    case toml::node_type::boolean:
      out.type = Toml::Type::kFlag;
      out.flag = node.as_boolean()->get();
      break;
    case toml::node_type::floating_point: out.type = Toml::Type::kReal; break;
    case toml::node_type::date: out.type = Toml::Type::kTime, out.text = printed(node.as_date()->get()); break;
    case toml::node_type::time: out.type = Toml::Type::kTime, out.text = printed(node.as_time()->get()); break;
    case toml::node_type::date_time: out.type = Toml::Type::kTime, out.text = printed(node.as_date_time()->get()); break;
    default: break;
  }
  return out;
}

}  // namespace

const Toml* Toml::find(std::string_view name) const {
  for (const auto& m : members)
    if (m.key == name) return &m;
  return nullptr;
}

base::Error toml_error(const std::string& name, const Toml& at, std::string what) {
  return base::malformed(std::move(what), name + ":" + std::to_string(at.line));
}

base::Result<Toml> parse_toml(std::string_view text, const std::string& name) {
  if (text.size() > kMaxText) return base::Error{base::Kind::kTooLarge, "a TOML file is over 1 MiB", name};
  const auto parsed = toml::parse(text, name);
  if (!parsed) return base::malformed("not valid TOML", name + ":" + std::to_string(parsed.error().source().begin.line));
  return convert(parsed.table());
}

}  // namespace schemas::internal
