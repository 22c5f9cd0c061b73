// Typed look-ups in a configuration file.
#include "schemas/config.h"

#include <fstream>
#include <set>
#include <sstream>

#include "schemas/internal/toml.h"

namespace schemas {

using internal::Toml;

struct Config::Impl {
  Toml root;
  std::string name;
  std::string folder = ".";  // of the file
  std::set<std::string, std::less<>> asked{};

  // The value behind a dotted key, noted as asked for; nullptr if missing.
  const Toml* find(std::string_view key) {
    asked.emplace(key);
    const Toml* at = &root;
    while (at != nullptr && !key.empty()) {
      const auto dot = key.find('.');
      at = at->find(key.substr(0, dot));
      key = dot == std::string_view::npos ? std::string_view() : key.substr(dot + 1);
    }
    return at;
  }
  [[nodiscard]] base::Error wrong(const Toml& at, std::string_view key, std::string_view expected) const {
    return internal::toml_error(name, at, std::string(key) + ": expected " + std::string(expected));
  }
};

base::Result<Config> Config::load(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  if (!in || !(text << in.rdbuf()))
    return base::Error{base::Kind::kNotFound, "the configuration file cannot be read", path, "check the path and its permissions"};
  return parse(text.str(), path);
}

base::Result<Config> Config::parse(std::string_view text, std::string name) {
  TRY_ASSIGN(auto root, internal::parse_toml(text, name));
  Config c;
  const auto slash = name.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : name.substr(0, slash);
  c.impl_ = std::make_shared<Impl>(Impl{std::move(root), std::move(name), folder});
  return c;
}

base::Result<std::string> Config::text(std::string_view key, std::string_view fallback) const {
  const Toml* v = impl_->find(key);
  if (v == nullptr) return std::string(fallback);
  if (v->type != Toml::Type::kText) return impl_->wrong(*v, key, "a text in quotes");
  return v->text;
}

base::Result<std::string> Config::text(std::string_view key) const {
  if (impl_->find(key) == nullptr)
    return base::malformed(std::string(key) + ": missing", impl_->name, "add it: " + std::string(key) + " = \"...\"");
  return text(key, "");
}

base::Result<std::string> Config::path(std::string_view key, std::string_view fallback) const {
  auto written = text(key, fallback);
  if (!written.ok() || written->empty() || written->front() == '/') return written;
  return *written == "." ? impl_->folder : impl_->folder + "/" + *written;
}

base::Result<std::string> Config::path(std::string_view key) const {
  TRY(text(key));
  return path(key, "");
}

base::Result<std::int64_t> Config::number(std::string_view key, std::int64_t fallback) const {
  const Toml* v = impl_->find(key);
  if (v == nullptr) return fallback;
  if (v->type != Toml::Type::kNumber) return impl_->wrong(*v, key, "a whole number");
  return v->number;
}

base::Result<bool> Config::flag(std::string_view key, bool fallback) const {
  const Toml* v = impl_->find(key);
  if (v == nullptr) return fallback;
  if (v->type != Toml::Type::kFlag) return impl_->wrong(*v, key, "true or false");
  return v->flag;
}

base::Result<std::vector<std::string>> Config::list(std::string_view key) const {
  const Toml* v = impl_->find(key);
  std::vector<std::string> out;
  if (v == nullptr) return out;
  if (v->type != Toml::Type::kArray) return impl_->wrong(*v, key, "a list of texts: [\"...\"]");
  for (const auto& item : v->items) {
    if (item.type != Toml::Type::kText) return impl_->wrong(item, key, "a list of texts: [\"...\"]");
    out.push_back(item.text);
  }
  return out;
}

base::Result<std::vector<std::pair<std::string, std::string>>> Config::pairs(std::string_view key) const {
  const Toml* v = impl_->find(key);
  std::vector<std::pair<std::string, std::string>> out;
  if (v == nullptr) return out;
  if (v->type != Toml::Type::kTable) return impl_->wrong(*v, key, "a table of texts: { A = \"...\" }");
  for (const auto& item : v->members) {
    if (item.type != Toml::Type::kText) return impl_->wrong(item, key, "a table of texts: { A = \"...\" }");
    impl_->asked.insert(std::string(key) + "." + item.key);
    out.emplace_back(item.key, item.text);
  }
  return out;
}

namespace {

void write_text(std::string_view text, std::string& out) {
  constexpr const char* kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto b = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += '\\', out += c;
    else if (b < 0x20)
      out += "\\u00", out += kHex[b >> 4], out += kHex[b & 15];
    else
      out += c;
  }
  out += '"';
}

// As JSON (RFC 8259); without fractions, which the tree does not keep.
void write_json(const Toml& v, std::string& out) {
  const auto list = [&out](const std::vector<Toml>& items, char open, char close, bool keys) {
    out += open;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i != 0) out += ',';
      if (keys) write_text(items[i].key, out), out += ':';
      write_json(items[i], out);
    }
    out += close;
  };
  switch (v.type) {
    case Toml::Type::kText:
    case Toml::Type::kTime: return write_text(v.text, out);
    case Toml::Type::kNumber: out += std::to_string(v.number); return;
    case Toml::Type::kFlag: out += v.flag ? "true" : "false"; return;
    case Toml::Type::kArray: return list(v.items, '[', ']', false);
    case Toml::Type::kTable: return list(v.members, '{', '}', true);
    case Toml::Type::kReal: return;
  }
}

const Toml* fraction_in(const Toml& v) {
  if (v.type == Toml::Type::kReal) return &v;
  for (const auto* below : {&v.items, &v.members})
    for (const Toml& item : *below)
      if (const Toml* found = fraction_in(item)) return found;
  return nullptr;
}

void ask_for_all(const Toml& at, const std::string& path, std::set<std::string, std::less<>>& asked) {
  asked.insert(path);
  for (const Toml& m : at.members) ask_for_all(m, path + "." + m.key, asked);
}

}  // namespace

base::Result<std::string> Config::object(std::string_view key) const {
  const Toml* v = impl_->find(key);
  if (v == nullptr) return std::string("{}");
  if (v->type != Toml::Type::kTable) return impl_->wrong(*v, key, "a table: { key = value }");
  if (const Toml* fraction = fraction_in(*v)) return impl_->wrong(*fraction, key, "no fractions: write them as texts in quotes");
  ask_for_all(*v, std::string(key), impl_->asked);
  std::string out;
  write_json(*v, out);
  return out;
}

bool Config::has(std::string_view key) const { return impl_->find(key) != nullptr; }

base::Result<std::vector<Config>> Config::tables(std::string_view key) const {
  const Toml* v = impl_->find(key);
  std::vector<Config> out;
  if (v == nullptr) return out;
  if (v->type != Toml::Type::kArray) return impl_->wrong(*v, key, "one or more [[" + std::string(key) + "]]");
  for (const auto& item : v->items) {
    if (item.type != Toml::Type::kTable) return impl_->wrong(item, key, "one or more [[" + std::string(key) + "]]");
    Config c;
    c.impl_ = std::make_shared<Impl>(Impl{item, impl_->name, impl_->folder});
    out.push_back(std::move(c));
  }
  return out;
}

namespace {
void collect_unused(const Toml& at, const std::string& prefix, const std::set<std::string, std::less<>>& asked,
                    std::vector<std::string>& out) {
  for (const auto& value : at.members) {
    const auto full = prefix + value.key;
    if (value.type == Toml::Type::kTable)
      collect_unused(value, full + ".", asked, out);
    else if (!asked.contains(full))
      out.push_back(full);
  }
}
}  // namespace

std::vector<std::string> Config::unused() const {
  std::vector<std::string> out;
  collect_unused(impl_->root, "", impl_->asked, out);
  return out;
}

}  // namespace schemas
