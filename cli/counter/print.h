// Printing for people: text from elsewhere made harmless for a terminal, tables of at most 100 columns, errors as what, where, mend.
#pragma once

#include <initializer_list>
#include <vector>

#include "cli/counter/agent.h"

namespace cli::counter {

inline constexpr std::size_t kWidth = 100;

std::string plain(std::string_view text);                   // control characters (escape sequences) and bad UTF-8 become '?'
std::size_t columns(std::string_view utf8);                 // code points
std::string cut(std::string_view utf8, std::size_t width);  // ends with "…" if it was longer
std::string text(const Json& j, const char* key);           // a field as text made plain: missing or null is "", a number its digits
std::string seconds(std::string rfc3339);                   // without the fraction, for tables

std::string age(std::uint64_t seconds);                                  // "90 s", "12 min", "5 h", "9 d"
base::Result<const Json*> list_in(const Json& answer, const char* key);  // kMalformed: the answer has no such list

// "indent text", broken at spaces so that no line passes kWidth; later lines are indented two more.
void wrap(std::ostream& out, std::size_t indent, std::string_view text);
std::string csv(const std::vector<std::string>& cells);  // one line (RFC 4180); what a spreadsheet would take for a formula gets a quote before it
// With --json the whole answer; with --csv its rows, a column a key (stable: scripts read them). False: neither was asked for.
bool print_data(const Call& call, const Json& answer, const Json& rows, std::initializer_list<const char*> keys);
void print_json(std::ostream& out, const Json& j);  // one line
void print_error(std::ostream& err, const base::Error& e);
Progress progress_to(const Call& call, const char* what);  // "what: done of total" on stderr

class Table {
 public:
  struct Column {
    const char* title;
    bool shrinks = false;  // gives way when the table is too wide
    bool right = false;
  };
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  void add(std::vector<std::string> cells);  // as many as there are columns
  void print(std::ostream& out) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace cli::counter
