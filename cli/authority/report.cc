// See report.h.
#include "cli/authority/report.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "fmt/format.h"

namespace cli::authority {

namespace {

std::string for_people(const Report::Value& v) {
  if (const auto* s = std::get_if<std::string>(&v)) return *s;
  if (const auto* n = std::get_if<std::uint64_t>(&v)) return std::to_string(*n);
  if (const auto* b = std::get_if<bool>(&v)) return *b ? "yes" : "no";
  std::string out;
  for (const auto& s : std::get<std::vector<std::string>>(v)) out += (out.empty() ? "" : ", ") + s;
  return out.empty() ? "-" : out;
}

}  // namespace

void Report::add(const std::string& key, Value value) {
  for (auto& [known, old] : facts_) {
    if (known == key) {
      old = std::move(value);
      return;
    }
  }
  facts_.emplace_back(key, std::move(value));
}

void Report::print(const Args& args, const Context& context) const {
  if (args.has("--json")) {
    nlohmann::ordered_json j;
    for (const auto& [key, value] : facts_) std::visit([&, k = key](const auto& v) { j[k] = v; }, value);
    *context.out << j.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
    return;
  }
  for (const auto& [key, value] : facts_) {
    auto label = key;
    for (auto& c : label) c = c == '_' ? ' ' : c;
    *context.out << fmt::format("{:<18} {}\n", label, for_people(value));
  }
}

std::string spoken(const crypto::Hash& h) {
  auto digits = base::hex(base::View(h));
  std::string out;
  for (std::size_t i = 0; i < digits.size(); i += 4) out += (i ? " " : "") + digits.substr(i, 4);
  return out;
}

}  // namespace cli::authority
