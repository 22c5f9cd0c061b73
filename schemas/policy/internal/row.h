// One table of a policy file: gives its members by key, and in the end names the key that nobody asked for. The first fault is kept
// (in a Fault that all rows of a file share), so that readers read straight on and ask once.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "schemas/internal/toml.h"
#include "schemas/policy/policy.h"

namespace schemas::policy::internal {

using schemas::internal::Toml;

struct Fault {
  std::string file = "policy";
  std::optional<base::Error> error;
  void at(const Toml& place, std::string what, std::string mend = {});
  void at(unsigned line, std::string what, std::string mend = {});
};

// Words of one kind: how to know them and what they are called. Default: any text that is not empty.
struct Known {
  bool (*is)(std::string_view) = nullptr;
  const char* what = "a text";
  bool star = false;  // or "*"
};
enum class Need { kRequired, kOptional };

class Row {
 public:
  Row(const Toml& table, std::string name, Fault& fault);  // all borrowed; `name` is for people: "flow F1"
  void text(const char* key, std::string& out, Need need = Need::kOptional, Known known = {});
  void words(const char* key, std::vector<std::string>& out, Need need, Known known);  // a list; required: not empty
  void flag(const char* key, bool& out);
  void number(const char* key, std::uint32_t& out, std::uint32_t least, std::uint32_t most);
  void span(const char* key, Span& out);
  void spans(const char* key, std::vector<Span>& out);
  void date(const char* key, std::string& out);  // "2027-04-01", as a date or a text
  const Toml* table(const char* key);            // nullptr: not there
  const Toml* list(const char* key);
  const Toml* any(const char* key);
  void done();  // an unknown key is a fault

  void wrong(const Toml& at, const char* key, const std::string& expected);
  [[nodiscard]] unsigned line() const { return table_.line; }
  [[nodiscard]] Fault& fault() { return fault_; }

 private:
  const Toml* take(const char* key, Need need);
  void word(const Toml& v, const char* key, std::string& out, const Known& known);

  const Toml& table_;
  std::string name_;
  Fault& fault_;
  std::set<std::string, std::less<>> asked_;
};

// Text of a "kind = value" list for mends: "a, b or c".
std::string one_of(std::span<const std::string_view> words);

}  // namespace schemas::policy::internal
