// JSON text in and out.
#include "schemas/json.h"

#include <nlohmann/json.hpp>

namespace schemas {
namespace {

constexpr unsigned kMaxDepth = 64;

// Where the nesting first goes too deep, before anything is built; npos if nowhere.
std::size_t too_deep(std::string_view text) {
  unsigned depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\')
      ++i;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '[' || c == '{') && ++depth > kMaxDepth)
      return i;
    else if (!quoted && (c == ']' || c == '}') && depth > 0)
      --depth;
  }
  return std::string_view::npos;
}

base::Error at_byte(std::size_t offset, const char* what) { return base::malformed(what, "byte " + std::to_string(offset)); }

}  // namespace

base::Result<std::shared_ptr<Json>> parse_json(std::string_view text, std::size_t max) {
  if (text.size() > max) return base::Error{base::Kind::kTooLarge, "the JSON text is too large", "json"};
  if (const auto at = too_deep(text); at != std::string_view::npos) return at_byte(at, "JSON nested deeper than 64");
  try {
    return std::make_shared<Json>(Json::parse(text));
  } catch (const Json::parse_error& e) {
    return at_byte(e.byte, "not valid JSON");
  } catch (const std::exception&) {  // a number that no type holds
    return base::malformed("not valid JSON", "json");
  }
}

std::string dump(const Json& j, int indent) { return j.dump(indent, ' ', false, Json::error_handler_t::replace); }

}  // namespace schemas
