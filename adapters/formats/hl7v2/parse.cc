// Bytes to messages: line ends, byte-order marks, delimiters, batches, character sets.
#include <algorithm>
#include <charconv>
#include <optional>

#include "adapters/formats/hl7v2/charset.h"
#include "adapters/formats/hl7v2/message.h"

namespace adapters::formats::hl7v2 {
namespace {

using base::malformed;

constexpr std::string_view kBom = "\xEF\xBB\xBF";

bool line_end(char c) { return c == '\r' || c == '\n'; }
bool upper(char c) { return c >= 'A' && c <= 'Z'; }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter_or_digit(char c) { return upper(c) || digit(c) || (c >= 'a' && c <= 'z'); }

bool looks_like_segment(std::string_view line) {
  if (line.size() < 3 || !upper(line[0])) return false;
  for (const char c : line.substr(1, 2)) {
    if (!upper(c) && !digit(c)) return false;
  }
  return line.size() == 3 || !letter_or_digit(line[3]);
}

bool only_line_feeds(const std::string& end) { return end.find('\r') == std::string::npos; }

// Splits at line ends. In a CR-separated message a bare LF before something that is no segment is part of the field's text.
base::Result<std::vector<Segment>> split(std::string_view bytes, std::size_t max_segments) {
  std::vector<Segment> out;
  while (!bytes.empty()) {
    const std::size_t stop = std::min(bytes.find_first_of("\r\n"), bytes.size());
    std::size_t next = stop;
    while (next < bytes.size() && line_end(bytes[next])) ++next;
    const std::string_view line = bytes.substr(0, stop), end = bytes.substr(stop, next - stop);
    bytes.remove_prefix(next);
    if (looks_like_segment(line)) {
      if (out.size() == max_segments)
        return base::Error{base::Kind::kTooLarge, "more segments than the limit of " + std::to_string(max_segments)};
      out.push_back({std::string(line), std::string(end)});
    } else if (!out.empty() && only_line_feeds(out.back().end) && !only_line_feeds(out.front().end)) {
      out.back().text += out.back().end;
      out.back().text += line;
      out.back().end = end;
    } else {
      return malformed("does not begin with a segment name", "segment[" + std::to_string(out.size() + 1) + "]",
                       "separate segments with CR and begin each with its three letters");
    }
  }
  return out;
}

// MSH-1 and MSH-2 of a header segment.
base::Result<Delimiters> read_delimiters(const Segment& s) {
  const std::string where = std::string(s.name()) + "[1]-2";
  const auto usable = [](char c) { return c > ' ' && c < 0x7F && !letter_or_digit(c); };
  if (s.text.size() < 5 || !usable(s.text[3])) return malformed("the delimiters are missing or not usable", where);
  Delimiters d;
  d.field = s.text[3];
  const std::size_t end = std::min(s.text.find(d.field, 4), s.text.size());
  std::string seen;
  for (const char c : std::string_view(s.text).substr(4, end - 4)) {
    if (!usable(c)) return malformed("a delimiter that is not punctuation", where);
    if (!seen.empty() && c == seen.back()) continue;  // a doubled backslash, as some interfaces send
    if (seen.find(c) != std::string::npos || seen.size() == 5) return malformed("delimiters that contradict each other", where);
    seen += c;
  }
  if (seen.empty()) return malformed("no encoding characters", where);
  seen.resize(5, '\0');
  d.component = seen[0], d.repetition = seen[1], d.escape = seen[2], d.subcomponent = seen[3], d.truncation = seen[4];
  return d;
}

// Which set the message is in; refused if its bytes are not in it.
base::Status settle_charset(Message& m, const ParseOptions& options) {
  const std::string bytes = render(m);
  const Segment* msh = m.find("MSH");
  const auto named = charset_named(msh == nullptr ? std::string_view{} : m.raw(*msh, {.field = 18}));
  if (named.ok()) m.charset = *named;
  if (ascii(bytes)) return {};  // whatever it claims to be
  if (!named.ok()) return named.error();
  if (m.charset.empty() && !valid_utf8(bytes)) {
    if (options.default_charset.empty()) {
      return malformed("bytes beyond ASCII that are not UTF-8, and no character set is named", "MSH[1]-18",
                       "name the character set in MSH-18");
    }
    m.charset = options.default_charset;
  }
  const auto text = to_utf8(bytes, m.charset);
  if (!text.ok()) return base::Error{text.error().kind, text.error().what, "MSH[1]-18"};
  return {};
}

// Checks the order FHS BHS MSH.. BTS FTS while the parts are gathered. Each of the four is optional on its own (HL7 2.5.1, 2.10.3).
class Gatherer {
 public:
  explicit Gatherer(const ParseOptions& options) : options_(options) {}

  base::Status take(Segment s) {
    const std::string_view name = s.name();
    if (name == "MSH" || name == "FHS" || name == "BHS") return open(std::move(s));
    if (name == "BTS" || name == "FTS") return close(std::move(s));
    if (file_.parts.empty() || file_.parts.back().envelope()) {
      return malformed("a segment outside a message", "segment[" + std::to_string(seen_ + 1) + "]", "a message begins with MSH");
    }
    ++seen_;
    file_.parts.back().segments.push_back(std::move(s));
    return {};
  }
  base::Result<File> finish() {
    for (Message& m : file_.parts) TRY(settle_charset(m, options_));
    return std::move(file_);
  }

 private:
  base::Status open(Segment s) {
    const std::string_view name = s.name();
    if (name == "FHS" && !file_.parts.empty()) return malformed("a file header in the middle", "FHS[1]");
    if (name == "BHS" && in_batch_) return malformed("a batch inside a batch", "BHS[1]");
    if (closed_) return malformed("something after the end of the file", "FTS[1]");
    TRY_ASSIGN(const Delimiters d, read_delimiters(s));
    if (name == "BHS") in_batch_ = true, in_batch_count_ = 0;
    if (name == "MSH") ++in_batch_count_;
    add(std::move(s), d);
    return {};
  }
  base::Status close(Segment s) {
    const bool batch = s.name() == "BTS";
    if (file_.parts.empty() || closed_) return malformed("an end without a beginning", std::string(s.name()) + "[1]");
    const Delimiters d = file_.parts.back().delimiters;
    if (batch) TRY(check_count(s, d));
    in_batch_ = false;
    if (batch) in_batch_count_ = 0;
    closed_ = !batch;
    add(std::move(s), d);
    return {};
  }
  base::Status check_count(const Segment& s, const Delimiters& d) const {
    Message m;
    m.delimiters = d;
    const std::string_view said = m.raw(s, {.field = 1});
    unsigned count = 0;
    const auto [end, error] = std::from_chars(said.data(), said.data() + said.size(), count);
    if (error == std::errc() && count != in_batch_count_) {
      return malformed("the batch says " + std::to_string(count) + " messages and holds " + std::to_string(in_batch_count_), "BTS[1]-1");
    }
    return {};
  }
  void add(Segment s, const Delimiters& d) {
    ++seen_;
    Message m;
    m.delimiters = d;
    m.segments.push_back(std::move(s));
    file_.parts.push_back(std::move(m));
  }

  const ParseOptions& options_;
  File file_;
  std::size_t seen_ = 0;
  unsigned in_batch_count_ = 0;
  bool in_batch_ = false, closed_ = false;
};

base::Status check_bytes(std::string_view bytes, std::size_t max) {
  if (bytes.size() > max) return base::Error{base::Kind::kTooLarge, "the message is over the limit of " + std::to_string(max) + " bytes"};
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    return base::Error{base::Kind::kUnsupported, "UTF-16 is not read here", "MSH[1]-18", "send UNICODE UTF-8"};
  }
  if (bytes.find('\0') != std::string_view::npos) return malformed("a NUL byte", "offset " + std::to_string(bytes.find('\0')));
  return {};
}

std::size_t prefix_length(std::string_view bytes) {
  std::size_t n = bytes.starts_with(kBom) ? kBom.size() : 0;
  while (n < bytes.size() && line_end(bytes[n])) ++n;
  return n;
}

}  // namespace

base::Result<File> parse_file(std::string_view bytes, const ParseOptions& options) {
  TRY(check_bytes(bytes, options.max_bytes));
  const std::size_t skip = prefix_length(bytes);
  TRY_ASSIGN(std::vector<Segment> segments, split(bytes.substr(skip), options.max_segments));
  if (segments.empty()) return malformed("nothing to read", "segment[1]");
  Gatherer gatherer(options);
  for (Segment& s : segments) TRY(gatherer.take(std::move(s)));
  TRY_ASSIGN(File file, gatherer.finish());
  file.prefix = bytes.substr(0, skip);
  return file;
}

base::Result<Message> parse(std::string_view bytes, const ParseOptions& options) {
  TRY_ASSIGN(File file, parse_file(bytes, options));
  if (file.parts.size() != 1 || file.parts[0].envelope()) {
    return base::Error{base::Kind::kUnsupported, "a batch where one message is expected", "segment[1]", "send the messages one by one"};
  }
  return std::move(file.parts[0]);
}

base::Result<Message> parse_header(std::string_view bytes) {
  bytes.remove_prefix(prefix_length(bytes));
  bytes = bytes.substr(0, std::min<std::size_t>(bytes.find_first_of("\r\n"), 4096));
  if (!bytes.starts_with("MSH")) return malformed("no MSH segment", "MSH[1]");
  Message m;
  m.segments.push_back({std::string(bytes), "\r"});
  TRY_ASSIGN(m.delimiters, read_delimiters(m.segments[0]));
  return m;
}

}  // namespace adapters::formats::hl7v2
