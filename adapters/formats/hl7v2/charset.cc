#include "adapters/formats/hl7v2/charset.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace adapters::formats::hl7v2 {
namespace {

struct Known {
  std::string_view msh18;
  std::string_view iconv;
};
constexpr std::array kKnown = {
    Known{"", ""},
    Known{"ASCII", ""},
    Known{"UNICODE UTF-8", "UTF-8"},
    Known{"UTF-8", "UTF-8"},
    Known{"UTF8", "UTF-8"},
    Known{"8859/1", "ISO-8859-1"},
    Known{"8859/2", "ISO-8859-2"},
    Known{"8859/3", "ISO-8859-3"},
    Known{"8859/4", "ISO-8859-4"},
    Known{"8859/5", "ISO-8859-5"},
    Known{"8859/6", "ISO-8859-6"},
    Known{"8859/7", "ISO-8859-7"},
    Known{"8859/8", "ISO-8859-8"},
    Known{"8859/9", "ISO-8859-9"},
    Known{"8859/15", "ISO-8859-15"},
    Known{"ISO-8859-1", "ISO-8859-1"},
    Known{"ISO8859-1", "ISO-8859-1"},
    Known{"WINDOWS-1252", "WINDOWS-1252"},
    Known{"KS X 1001", "EUC-KR"},
};

// Wraps one iconv descriptor.
class Converter {
 public:
  Converter(const std::string& to, const std::string& from) : cd_(iconv_open(to.c_str(), from.c_str())) {}
  ~Converter() {
    if (ok()) iconv_close(cd_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  [[nodiscard]] bool ok() const { return cd_ != reinterpret_cast<iconv_t>(-1); }

  // Converts all of `in`; on a byte it cannot convert appends `substitute`, or gives up if that is empty.
  bool run(std::string_view in, std::string_view substitute, std::string& out) {
    char* from = const_cast<char*>(in.data());
    std::size_t left = in.size();
    std::array<char, 4096> room{};
    while (left > 0) {
      char* to = room.data();
      std::size_t space = room.size();
      const std::size_t rc = iconv(cd_, &from, &left, &to, &space);
      const int why = errno;
      out.append(room.data(), room.size() - space);
      if (rc != static_cast<std::size_t>(-1) || why == E2BIG) continue;
      if (substitute.empty()) return false;
      out.append(substitute);
      skip_character(from, left);
      iconv(cd_, nullptr, nullptr, nullptr, nullptr);
    }
    return true;
  }

 private:
  static void skip_character(char*& from, std::size_t& left) {  // one UTF-8 character
    do {
      ++from;
      --left;
    } while (left > 0 && (static_cast<unsigned char>(*from) & 0xC0) == 0x80);
  }
  iconv_t cd_;
};

// Length of the UTF-8 character that begins with `lead`, and the least code point that needs that many bytes; 0 if it cannot begin one.
std::size_t utf8_length(unsigned char lead, std::uint32_t& point, std::uint32_t& least) {
  if (lead < 0x80) return point = lead, least = 0, 1;
  if ((lead & 0xE0) == 0xC0) return point = lead & 0x1F, least = 0x80, 2;
  if ((lead & 0xF0) == 0xE0) return point = lead & 0x0F, least = 0x800, 3;
  if ((lead & 0xF8) == 0xF0) return point = lead & 0x07, least = 0x10000, 4;
  return 0;
}

// How many of the first bytes are ASCII, in steps of eight: most text is, and this is most of what looking at it costs.
std::size_t ascii_by_eights(std::string_view text) {
  std::size_t n = 0;
  for (std::uint64_t eight = 0; n + 8 <= text.size(); n += 8) {
    std::memcpy(&eight, text.data() + n, 8);
    if ((eight & 0x8080'8080'8080'8080) != 0) break;
  }
  return n;
}

}  // namespace

bool ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool valid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    i += ascii_by_eights(text.substr(i));
    if (i == text.size()) break;
    std::uint32_t point = 0, least = 0;
    const std::size_t n = utf8_length(static_cast<unsigned char>(text[i]), point, least);
    if (n == 0 || i + n > text.size()) return false;
    for (std::size_t k = 1; k < n; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0) != 0x80) return false;
      point = point << 6 | (next & 0x3F);
    }
    if (point < least || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return false;
    i += n;
  }
  return true;
}

base::Result<std::string> charset_named(std::string_view msh18) {
  std::string upper(msh18);
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return c >= 'a' && c <= 'z' ? char(c - 32) : char(c); });
  for (const Known& k : kKnown) {
    if (k.msh18 == upper) return std::string(k.iconv);
  }
  return base::Error{base::Kind::kUnsupported, "a character set that is not read here", "MSH[1]-18", "send UNICODE UTF-8"};
}

base::Result<std::string> to_utf8(std::string_view bytes, const std::string& charset) {
  if (charset.empty() || charset == "UTF-8") {
    if (!valid_utf8(bytes)) return base::malformed("the bytes are not UTF-8");
    return std::string(bytes);
  }
  Converter c("UTF-8", charset);
  std::string out;
  if (!c.ok()) return base::Error{base::Kind::kUnsupported, "this system cannot convert " + charset};
  if (!c.run(bytes, "", out)) return base::malformed("the bytes are not text in " + charset);
  return out;
}

std::string from_utf8(std::string_view text, const std::string& charset) {
  if (charset.empty() || charset == "UTF-8") return std::string(text);
  Converter c(charset + "//TRANSLIT", "UTF-8");
  std::string out;
  if (!c.ok()) return std::string(text);
  c.run(text, "?", out);
  return out;
}

}  // namespace adapters::formats::hl7v2
