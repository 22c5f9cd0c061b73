// Reading and writing of vector files.
#include "tests/vectors/vector_file.h"

#include <sstream>

#include "crypto/base/check.h"

namespace vectors {

File File::parse(const std::string& txt) {
  File f;
  std::istringstream in(txt);
  for (std::string line; std::getline(in, line);) {
    const auto eq = line.find(" = ");
    if (eq != std::string::npos) f.put(line.substr(0, eq), line.substr(eq + 3));
  }
  return f;
}

void File::put(const std::string& name, std::string text) {
  CHECK(at_.emplace(name, fields_.size()).second);
  fields_.emplace_back(name, std::move(text));
}

bool File::has(const std::string& name) const { return at_.count(name) != 0; }

std::string File::text(const std::string& name) const {
  const auto it = at_.find(name);
  CHECK(it != at_.end());
  return fields_[it->second].second;
}

base::Bytes File::bytes(const std::string& name) const {
  auto bytes = base::unhex(text(name));
  CHECK(bytes.has_value());
  return *bytes;
}

std::uint64_t File::number(const std::string& name) const { return std::stoull(text(name)); }

std::string File::txt() const {
  std::string out;
  for (const auto& [name, value] : fields_) out += name + " = " + value + "\n";
  return out;
}

std::string File::json(const std::string& indent) const {
  std::string out = "{\n";
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const auto& [name, value] = fields_[i];
    CHECK(value.find_first_of("\"\\\n") == std::string::npos);
    out += indent + "  \"" + name + "\": \"" + value + "\"" + (i + 1 < fields_.size() ? ",\n" : "\n");
  }
  return out + indent + "}";
}

}  // namespace vectors
