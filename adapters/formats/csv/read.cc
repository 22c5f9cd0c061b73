// One pass over the bytes; a row at a time, a cell at a time.
#include <algorithm>
#include <array>
#include <set>

#include "adapters/formats/csv/csv.h"
#include "adapters/formats/csv/guard.h"
#include "adapters/formats/hl7v2/charset.h"

namespace adapters::formats::csv {
namespace {

using base::Error;
using base::Kind;

constexpr std::string_view kMark = "\xEF\xBB\xBF", kSpaces = " \t\r\n";
constexpr std::array kDelimiters = {',', ';', '\t', '|'};

// A name in the header. Files that were joined have byte order marks in their middle.
std::string trimmed(std::string s) {
  for (auto at = s.find(kMark); at != s.npos; at = s.find(kMark)) s.erase(at, kMark.size());
  const auto first = s.find_first_not_of(kSpaces);
  return first == s.npos ? "" : s.substr(first, s.find_last_not_of(kSpaces) - first + 1);
}

char found_delimiter(std::string_view text) {
  std::array<std::size_t, kDelimiters.size()> count{};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') break;
    for (std::size_t i = 0; i < kDelimiters.size(); ++i) count[i] += c == kDelimiters[i] ? 1 : 0;
  }
  return kDelimiters[static_cast<std::size_t>(std::ranges::max_element(count) - count.begin())];
}

class Reader {
 public:
  Reader(std::string_view text, const Options& options, char delimiter) : text_(text), options_(options), delimiter_(delimiter) {}

  [[nodiscard]] bool done() const { return at_ >= text_.size(); }
  [[nodiscard]] std::size_t row() const { return row_; }
  void name_columns(const std::vector<std::string>* header) { header_ = header; }

  // The next row; one empty cell stands for an empty line.
  base::Result<std::vector<std::string>> record() {
    std::vector<std::string> cells;
    start_ = at_;
    ++row_;
    for (column_ = 1;; ++column_) {
      if (column_ > options_.max_columns)
        return wrong(Kind::kTooLarge, "more columns than the limit of " + std::to_string(options_.max_columns), "check the delimiter");
      std::string cell;
      TRY(is('"') ? quoted(cell) : plain(cell));
      if (!hl7v2::valid_utf8(cell))
        return wrong(Kind::kMalformed, "the bytes are not UTF-8", "save the file as UTF-8, or name its charset in the mapping");
      cells.push_back(unguarded(std::move(cell)));
      if (!is(delimiter_)) break;
      ++at_;
    }
    if (is('\r')) ++at_;
    if (is('\n')) ++at_;
    return cells;
  }

 private:
  [[nodiscard]] bool is(char c) const { return !done() && text_[at_] == c; }
  [[nodiscard]] bool cell_ends() const { return done() || is(delimiter_) || is('\r') || is('\n'); }
  [[nodiscard]] Error wrong(Kind kind, std::string what, std::string mend) const {
    const bool named = header_ != nullptr && column_ <= header_->size();
    return {kind, std::move(what), std::to_string(row_) + ":" + (named ? (*header_)[column_ - 1] : std::to_string(column_)),
            std::move(mend)};
  }

  // Both leave at_ at the delimiter, the line end or the end of the text.
  base::Status plain(std::string& cell) {
    while (!cell_ends()) TRY(take(cell));
    return {};
  }
  base::Status quoted(std::string& cell) {
    for (++at_;;) {
      if (done()) return wrong(Kind::kMalformed, "a quote is opened and never closed", "close it, or double a quote inside quotes");
      if (!is('"')) {
        TRY(take(cell));
        continue;
      }
      ++at_;
      if (!is('"')) break;
      TRY(take(cell));
    }
    if (!cell_ends()) return wrong(Kind::kMalformed, "text after a closing quote", "double a quote inside quotes");
    return {};
  }
  base::Status take(std::string& cell) {
    if (text_[at_] == '\0') return wrong(Kind::kMalformed, "a NUL byte", "export the file as text, in UTF-8");
    if (at_ - start_ >= options_.max_row)
      return wrong(Kind::kTooLarge, "the row is over the limit of " + std::to_string(options_.max_row) + " bytes",
                   "look for a quote that is not closed");
    cell += text_[at_++];
    return {};
  }

  std::string_view text_;
  const Options& options_;
  char delimiter_;
  const std::vector<std::string>* header_ = nullptr;
  std::size_t at_ = 0, start_ = 0, row_ = 0, column_ = 1;
};

bool empty_line(const std::vector<std::string>& cells) { return cells.size() == 1 && cells[0].empty(); }

base::Result<std::vector<std::string>> header_of(Reader& reader) {
  std::vector<std::string> out;
  while (!reader.done()) {
    TRY_ASSIGN(out, reader.record());
    if (!empty_line(out)) break;
  }
  if (out.empty() || empty_line(out))
    return base::malformed("the file is empty", "1:1", "a header row with the names of the columns comes first");
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = trimmed(out[i]);
    if (out[i].empty()) out[i] = "column " + std::to_string(i + 1);
  }
  for (std::size_t i = 0; i < out.size(); ++i)
    if (!seen.insert(out[i]).second)
      return base::malformed("two columns have the same name", std::to_string(reader.row()) + ":" + std::to_string(i + 1),
                             "give each column a name of its own");
  return out;
}

}  // namespace

std::optional<std::size_t> Table::column(std::string_view name) const {
  const auto it = std::ranges::find(header, name);
  return it == header.end() ? std::nullopt : std::optional(static_cast<std::size_t>(it - header.begin()));
}

base::Result<Table> read(std::string_view bytes, const Options& options) {
  std::string converted;
  const bool little = bytes.starts_with("\xFF\xFE"), big = bytes.starts_with("\xFE\xFF");  // a mark goes before what is configured
  const std::string charset = little ? "UTF-16LE" : big ? "UTF-16BE" : options.charset;
  if (!charset.empty() && charset != "UTF-8") {
    auto text = hl7v2::to_utf8(bytes, charset);
    if (!text.ok()) return Error{text.error().kind, text.error().what, "1:1", "name the file's charset in the mapping"};
    converted = std::move(text).value();
    bytes = converted;
  }
  if (bytes.starts_with(kMark)) bytes.remove_prefix(kMark.size());
  if (bytes.empty()) return base::malformed("the file is empty", "1:1", "a header row with the names of the columns comes first");
  Table out;
  out.delimiter = options.delimiter != 0 ? options.delimiter : found_delimiter(bytes);
  Reader reader(bytes, options, out.delimiter);
  TRY_ASSIGN(out.header, header_of(reader));
  reader.name_columns(&out.header);
  while (!reader.done()) {
    TRY_ASSIGN(auto cells, reader.record());
    if (empty_line(cells)) continue;
    out.rows.push_back({reader.row(), std::move(cells)});
  }
  return out;
}

base::Result<Options> options_from(const schemas::Config& config) {
  Options out;
  TRY_ASSIGN(const std::string delimiter, config.text("csv.delimiter", ""));
  if (delimiter == "tab") {
    out.delimiter = '\t';
  } else if (!delimiter.empty()) {
    if (delimiter.size() != 1 || std::ranges::find(kDelimiters, delimiter[0]) == kDelimiters.end())
      return Error{Kind::kUsage, "no such delimiter", "csv.delimiter", R"(use "," ";" "|" or "tab", or leave it out)"};
    out.delimiter = delimiter[0];
  }
  TRY_ASSIGN(const std::string charset, config.text("csv.charset", ""));
  const auto known = hl7v2::charset_named(charset);
  if (!known.ok()) return Error{Kind::kUsage, "no such charset", "csv.charset", "use UTF-8, ISO-8859-1 or WINDOWS-1252"};
  out.charset = *known;
  return out;
}

}  // namespace adapters::formats::csv
