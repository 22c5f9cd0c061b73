// HL7 v2 (2.1 to 2.8, "vertical bar" encoding) as lossless values: render(parse(x)) == x for every x that parse accepts.
// A Segment keeps its own bytes, with its line end; fields, repetitions, components and subcomponents are found when asked for, so a
// 10 MB field costs 10 MB. Unknown and Z segments are kept like any other. Values are handed out unescaped and in UTF-8.
//
// Tolerated, because the field sends it: LF and CRLF line ends, a byte-order mark, blank lines, line feeds inside a field of a
// CR-separated message, a doubled backslash in MSH-2. Errors name the place as "OBX[3]-5.2" and never quote contents.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/base/result.h"

namespace adapters::formats::hl7v2 {

struct Delimiters {
  char field = '|', component = '^', repetition = '~', escape = '\\', subcomponent = '&', truncation = '\0';  // '\0': not declared
};

struct Segment {
  std::string text;  // "PID|1||..." as it came
  std::string end;   // its line end(s) as they came; may be empty on the last
  [[nodiscard]] std::string_view name() const { return std::string_view(text).substr(0, 3); }
};

// Where in a segment: field and repetition count from 1; component or subcomponent 0 means the whole of what is above it.
struct Spot {
  unsigned field = 0, component = 0, subcomponent = 0, repetition = 1;
};

// Which fields were asked for: place in `segments`, number of the field.
using Asked = std::set<std::pair<std::size_t, unsigned>>;

class Message {
 public:
  std::vector<Segment> segments;
  Delimiters delimiters;
  std::string charset;     // iconv's name; "" is UTF-8
  Asked* asked = nullptr;  // not owned; for who wants to know what a mapping never reads (then one thread at a time)

  [[nodiscard]] bool envelope() const;  // an FHS, BHS, BTS or FTS segment on its own
  // nth (from 1) segment of that name; nullptr if there is none.
  [[nodiscard]] const Segment* find(std::string_view name, unsigned nth = 1) const;
  [[nodiscard]] std::vector<const Segment*> all(std::string_view name) const;

  // The bytes as they stand, still escaped.
  [[nodiscard]] std::string_view raw(const Segment& s, Spot at) const;
  // Unescaped UTF-8; "" if absent.
  [[nodiscard]] std::string value(const Segment& s, Spot at) const;
  // "PID-5.1", "PID-3[2].4.1", "OBX[3]-5", "PRD[RP]-2" (the PRD whose first field is RP). "" if absent or not a path.
  [[nodiscard]] std::string value(std::string_view path) const;
  [[nodiscard]] unsigned repetitions(const Segment& s, unsigned field) const;  // 0 if the field is empty
  // "PID[1]-5.1", for errors.
  [[nodiscard]] std::string place(const Segment& s, unsigned field = 0, unsigned component = 0) const;
};

// What a file or a frame holds: messages, and the batch envelope segments around them, in order.
struct File {
  std::string prefix;  // byte-order mark and blank lines before the first segment
  std::vector<Message> parts;
};

struct ParseOptions {
  std::size_t max_bytes = 64u << 20;
  std::size_t max_segments = 100000;
  std::string default_charset;  // iconv's name, for messages that name none and are not UTF-8; "" refuses those
};

base::Result<File> parse_file(std::string_view bytes, const ParseOptions& options = {});
// Exactly one message and no batch around it.
base::Result<Message> parse(std::string_view bytes, const ParseOptions& options = {});
// Only the MSH segment of something that may be broken further down: whom to answer, and about which message.
base::Result<Message> parse_header(std::string_view bytes);

std::string render(const File& file);
std::string render(const Message& message);

struct Path {
  std::string segment, qualifier;  // qualifier: value of field 1, component 1
  unsigned nth = 1;
  Spot spot;  // field 0: the segment itself
};
base::Result<Path> parse_path(std::string_view text);

}  // namespace adapters::formats::hl7v2
