#include "adapters/workbench/detect.h"

#include <algorithm>
#include <array>

#include "adapters/formats/csv/csv.h"
#include "adapters/formats/hl7v2/charset.h"

namespace adapters::workbench {
namespace {

using base::Error;
using base::Kind;

constexpr std::string_view kMark = "\xEF\xBB\xBF", kSpaces = " \t\r\n", kFrame = "\x0B";

// Files that begin with bytes of their own.
struct Magic {
  std::string_view begins, what, mend;
};
constexpr std::string_view kExport = "export the records themselves: CSV, JSON, XML or HL7 v2";
constexpr std::array kMagics = {
    Magic{"%PDF", "a PDF document", kExport},
    Magic{"PK\x03\x04", "a ZIP archive, or a document of an office program", "unpack it, or save the sheet as CSV in UTF-8"},
    Magic{"\xD0\xCF\x11\xE0", "an old document of an office program", "save the sheet as CSV in UTF-8"},
    Magic{"\x1F\x8B", "compressed with gzip", "unpack it first"},
    Magic{"BZh", "compressed with bzip2", "unpack it first"},
    Magic{"\xFD" "7zXZ", "compressed with xz", "unpack it first"},
    Magic{"7z\xBC\xAF", "a 7-Zip archive", "unpack it first"},
    Magic{"\x89PNG", "a picture", kExport},
    Magic{"\xFF\xD8\xFF", "a picture", kExport},
    Magic{"GIF8", "a picture", kExport},
    Magic{"II*\0", "a picture", kExport},
    Magic{"DICM", "a DICOM file", kExport},
    Magic{"SQLite format 3", "a database", kExport},
    Magic{"\x7F" "ELF", "a program", kExport},
    Magic{"{\\rtf", "a text document (RTF)", kExport},
    Magic{"-----BEGIN ", "a key, a certificate or an encrypted text", kExport},
};

Detected none(std::string what, std::string_view mend, Kind kind = Kind::kUnsupported, std::string where = {}) {
  return {"", Error{kind, "not a record that is read here: " + std::move(what), std::move(where), std::string(mend)}};
}

bool sixteen(std::string_view bytes) { return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"); }

// Two bytes a character, without saying so.
bool looks_sixteen(std::string_view bytes) {
  const auto head = bytes.substr(0, 64);
  std::size_t odd = 0, even = 0;
  for (std::size_t i = 0; i < head.size(); ++i)
    if (head[i] == '\0') (i % 2 == 0 ? even : odd) += 1;
  return head.size() >= 8 && std::max(odd, even) * 2 >= head.size() - 2 && std::min(odd, even) == 0;
}

bool upper(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// "PID|" and the like: a segment, whether or not a header came before.
bool segment_like(std::string_view text) {
  return text.size() > 4 && text[0] >= 'A' && text[0] <= 'Z' && upper(text[1]) && upper(text[2]) && text[3] == '|';
}
bool header_like(std::string_view text) {
  if (!text.starts_with("MSH") && !text.starts_with("FHS") && !text.starts_with("BHS")) return false;
  return text.size() > 3 && !upper(text[3]) && static_cast<unsigned char>(text[3]) > ' ' && !(text[3] >= 'a' && text[3] <= 'z');
}

// The first resourceType of JSON text, wherever the value begins: an object, a list, a value a line.
bool fhir_like(std::string_view text) {
  const auto at = text.find("\"resourceType\"");
  if (at == text.npos) return false;
  const auto colon = text.find_first_not_of(kSpaces, at + 14);
  return colon != text.npos && text[colon] == ':';
}

std::string_view line_of(std::string_view& rest) {
  const auto end = rest.find_first_of("\r\n");
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  return line;
}

// The FBI's flat file: each line says its own length and level.
bool nibrs_flat(std::string_view text) {
  const auto line = line_of(text);
  if (line.size() < 37 || line[4] < '0' || line[4] > '7') return false;
  return line.substr(0, 4).find_first_not_of("0123456789") == line.npos && line[5] >= 'A' && line[5] <= 'Z';
}

bool heading(std::string_view cell) {
  return !cell.empty() && cell.size() <= 80 && cell.find_first_not_of("0123456789.,-+/: ") != cell.npos;
}

// A header whose cells look like names, and rows of which most have as many cells.
std::string table(std::string_view text, std::string_view name) {
  const bool named = name.ends_with(".csv") || name.ends_with(".tsv") || name.ends_with(".CSV") || name.ends_with(".TSV");
  const auto head = text.substr(0, 256u << 10);
  const auto read = formats::csv::read(head.size() < text.size() ? head.substr(0, head.rfind('\n') + 1) : head);
  if (!read.ok()) return named ? "csv" : "";
  std::size_t names = 0, whole = 0;
  for (const auto& h : read->header) names += heading(h) ? 1 : 0;
  for (const auto& r : read->rows) whole += r.cells.size() == read->header.size() ? 1 : 0;
  const bool wide = read->header.size() > 1 && names * 2 >= read->header.size();
  const bool even = whole * 10 >= read->rows.size() * 9;
  if (!named && !(wide && even && !read->rows.empty())) return "";
  return read->delimiter == '\t' && name.ends_with(".tsv") ? "tsv" : "csv";
}

Detected text_of(std::string_view text, std::string_view name) {
  if (!formats::hl7v2::valid_utf8(text)) {
    if (std::string format = table(text, name); !format.empty())
      return {std::move(format), Error{Kind::kMalformed, "the file is not UTF-8", "", "save it as UTF-8, or name its charset in the mapping's [csv]"}};
    return none("text that is not UTF-8", "save it as UTF-8; HL7 v2 begins with MSH");
  }
  if (nibrs_flat(text)) return none("a flat file of NIBRS, with fields by position", "export it as NIBRS XML");
  if (std::string format = table(text, name); !format.empty()) return {std::move(format), std::nullopt};
  return none("plain text", "HL7 v2 begins with MSH, a table with the names of its columns; else say what it is with --format");
}

// Two bytes a character: XML, and tables and JSON that say so by their mark, are read as they are.
Detected detect_sixteen(std::string_view bytes, std::string_view name) {
  std::string_view text = sixteen(bytes) ? bytes.substr(2) : bytes;
  const auto first = std::ranges::find_if(text, [](char c) { return c != '\0' && kSpaces.find(c) == kSpaces.npos; });
  if (first != text.end() && *first == '<') return detect_xml(bytes);
  if (!sixteen(bytes)) return none("text in UTF-16 without a mark", "save it as UTF-8");
  const auto plain = formats::hl7v2::to_utf8(bytes, bytes[0] == '\xFF' ? "UTF-16LE" : "UTF-16BE");
  if (!plain.ok()) return none("text in UTF-16 that breaks off", "save it as UTF-8");
  Detected found = detect(*plain, name);
  if (found.error || found.format == "csv" || found.format == "tsv" || found.format == "json") return found;
  return {found.format, Error{Kind::kUnsupported, "the file is in UTF-16", "", "save it as UTF-8"}};
}

}  // namespace

Detected detect(std::string_view bytes, std::string_view name) {
  if (bytes.empty()) return none("an empty file", "export it again", Kind::kMalformed);
  if (sixteen(bytes) || looks_sixteen(bytes)) return detect_sixteen(bytes, name);
  for (const Magic& m : kMagics)
    if (bytes.starts_with(m.begins)) return none(std::string(m.what), m.mend);
  if (bytes.size() > 132 && bytes.substr(128, 4) == "DICM") return none("a DICOM file", kExport);
  std::string_view text = bytes;
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  if (text.starts_with(kFrame)) text.remove_prefix(kFrame.size());
  const auto first = text.find_first_not_of(kSpaces);
  if (first == text.npos) return none("a file without text", "export it again", Kind::kMalformed);
  text.remove_prefix(first);
  if (header_like(text)) return {"hl7v2", std::nullopt};
  if (text.find('\0') != text.npos) return none("a binary file", kExport);
  if (segment_like(text)) return {"hl7v2", std::nullopt};
  if (text[0] == '{' || text[0] == '[') return {fhir_like(text) ? "fhir" : "json", std::nullopt};
  if (text[0] == '<') return detect_xml(bytes);
  return text_of(text, name);
}

}  // namespace adapters::workbench
