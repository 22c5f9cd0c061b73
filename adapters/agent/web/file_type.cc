#include "adapters/agent/web/file_type.h"

namespace adapters::agent::web {
namespace {

constexpr std::string_view kOther = "application/octet-stream";

// UTF-8 without control characters; "<" at its beginning might be markup to somebody.
bool text(base::View v) {
  const std::string_view s = base::text(v);
  const auto first = s.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || s[first] == '<' || s.starts_with("\xEF\xBB\xBF")) return false;
  for (std::size_t i = 0; i < s.size();) {
    const auto c = static_cast<unsigned char>(s[i]);
    const std::size_t more = c < 0x80 ? 0 : (c & 0xE0) == 0xC0 ? 1 : (c & 0xF0) == 0xE0 ? 2 : (c & 0xF8) == 0xF0 ? 3 : 9;
    if (more == 9 || i + more >= s.size() || c == 0xC0 || c == 0xC1 || c > 0xF4) return false;
    if (c < 0x20 && c != '\t' && c != '\r' && c != '\n') return false;
    if (c == 0x7F) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      if ((static_cast<unsigned char>(s[i + k]) & 0xC0) != 0x80) return false;
    }
    i += more + 1;
  }
  return true;
}

}  // namespace

std::string_view shown_as(base::View v) {
  const std::string_view s = base::text(v);
  if (s.starts_with(std::string_view("\x89PNG\r\n\x1A\n", 8))) return "image/png";
  if (s.starts_with("\xFF\xD8\xFF")) return "image/jpeg";
  if (s.starts_with("GIF87a") || s.starts_with("GIF89a")) return "image/gif";
  if (s.size() >= 12 && s.starts_with("RIFF") && s.substr(8, 4) == "WEBP") return "image/webp";
  if (s.starts_with("%PDF-")) return "application/pdf";
  return text(v) ? "text/plain; charset=utf-8" : kOther;
}

}  // namespace adapters::agent::web
