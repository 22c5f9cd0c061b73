// See print.h.
#include "cli/counter/print.h"

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

namespace cli::counter {
namespace {

// Length of the UTF-8 character at the start of `s` if it is well-formed and printable, else 0.
std::size_t printable(std::string_view s) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned char c = at(0);
  if (c < 0x80) return c >= 0x20 && c != 0x7f ? 1 : 0;
  const std::size_t n = c >= 0xf0 && c < 0xf5 ? 4 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xc2 && c < 0xe0 ? 2 : 0;
  if (n == 0 || s.size() < n) return 0;
  for (std::size_t i = 1; i < n; ++i) {
    if ((at(i) & 0xc0) != 0x80) return 0;
  }
  const bool c1 = c == 0xc2 && at(1) < 0xa0;  // also controls
  const bool turns = (c == 0xe2 && ((at(1) == 0x80 && ((at(2) >= 0xa8 && at(2) <= 0xae) || at(2) == 0x8e || at(2) == 0x8f)) ||
                                    (at(1) == 0x81 && at(2) >= 0xa6 && at(2) <= 0xa9)));
  return c1 || turns ? 0 : n;  // a change of writing direction can make a line read as another
}

}  // namespace

std::string plain(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t n = printable(text);
    if (n == 0) {
      out += text[0] == '\n' || text[0] == '\t' ? ' ' : '?';
    } else {
      out += text.substr(0, n);
    }
    text.remove_prefix(n == 0 ? 1 : n);
  }
  return out;
}

std::size_t columns(std::string_view utf8) {
  std::size_t n = 0;
  for (const char c : utf8) n += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return n;
}

std::string cut(std::string_view utf8, std::size_t width) {
  if (columns(utf8) <= width) return std::string(utf8);
  std::size_t end = 0;
  for (std::size_t n = 0; end < utf8.size(); ++end) {
    if ((static_cast<unsigned char>(utf8[end]) & 0xc0) != 0x80 && ++n == width) break;
  }
  return std::string(utf8.substr(0, end)) + "…";
}

std::string text(const Json& j, const char* key) {
  const auto it = j.is_object() ? j.find(key) : j.end();
  if (it == j.end() || it->is_null()) return {};
  if (it->is_string()) return plain(it->get_ref<const std::string&>());
  return plain(schemas::dump(*it));
}

std::string seconds(std::string rfc3339) {
  if (rfc3339.size() == 24 && rfc3339[19] == '.') rfc3339.erase(19, 4);
  return rfc3339;
}

std::string age(std::uint64_t s) {
  if (s < 120) return std::to_string(s) + " s";
  if (s < 7200) return std::to_string(s / 60) + " min";
  return s < 172800 ? std::to_string(s / 3600) + " h" : std::to_string(s / 86400) + " d";
}

base::Result<const Json*> list_in(const Json& answer, const char* key) {
  const auto it = answer.find(key);
  if (it == answer.end() || !it->is_array()) return base::malformed("the agent's answer lists nothing", key);
  return &*it;
}

void wrap(std::ostream& out, std::size_t indent, std::string_view text) {
  std::string line(indent, ' ');
  bool empty = true;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    std::string_view word = text.substr(0, space);
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
    if (!empty && columns(line) + 1 + columns(word) > kWidth) {
      out << line << "\n";
      line.assign(indent + 2, ' ');
      empty = true;
    }
    if (!empty) line += ' ';
    line += word;
    empty = false;
    while (columns(line) > kWidth) {  // a word longer than a line
      const std::string head = cut(line, kWidth);
      const std::size_t taken = head.size() - std::string_view("…").size();
      out << line.substr(0, taken) << "\n";
      line = std::string(indent + 2, ' ') + line.substr(taken);
    }
  }
  out << line << "\n";
}

std::string csv(const std::vector<std::string>& cells) {
  std::string line;
  const char* before = "";
  for (std::string cell : cells) {
    if (!cell.empty() && std::string_view("=+-@\t\r").find(cell[0]) != std::string_view::npos) cell.insert(0, 1, '\'');
    if (cell.find_first_of(",\"\r\n") != std::string::npos) {
      std::string quoted = "\"";
      for (const char c : cell) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
      cell = quoted + "\"";
    }
    line += before + cell;
    before = ",";
  }
  return line + "\r\n";
}

namespace {

std::string cell(const Json& row, const char* key) {
  const auto it = row.is_object() ? row.find(key) : row.end();
  if (it == row.end() || !it->is_array()) return text(row, key);
  std::string all;
  for (const Json& one : *it) all += (all.empty() ? "" : " ") + plain(one.is_string() ? one.get<std::string>() : schemas::dump(one));
  return all;
}

}  // namespace

bool print_data(const Call& call, const Json& answer, const Json& rows, std::initializer_list<const char*> keys) {
  if (call.json()) return print_json(call.out, answer), true;
  if (!call.has("csv")) return false;
  call.out << csv({keys.begin(), keys.end()});
  for (const Json& row : rows) {
    std::vector<std::string> cells;
    for (const char* key : keys) cells.push_back(cell(row, key));
    call.out << csv(cells);
  }
  if (const auto next = text(answer, "next"); !next.empty()) call.err << "more: add --after " << next << "\n";
  return true;
}

void print_json(std::ostream& out, const Json& j) { out << schemas::dump(j) << "\n"; }

void print_error(std::ostream& err, const base::Error& e) {
  wrap(err, 0, "handoff: " + plain(e.what));
  if (!e.where.empty()) err << "  where: " << plain(e.where) << "\n";
  if (!e.mend.empty()) wrap(err, 2, "mend: " + plain(e.mend));
}

Progress progress_to(const Call& call, const char* what) {
  struct Start {
    std::chrono::steady_clock::time_point at;
    std::uint64_t done;
  };
  const auto start = std::make_shared<std::optional<Start>>();  // what was done before the first call costs nothing
  return [&call, what, start](std::uint64_t done, std::uint64_t total) {
    const auto now = std::chrono::steady_clock::now();
    if (!*start) *start = Start{now, done};
    call.err << (call.terminal ? "\r" : "") << what << ": " << done << " of " << total;
    const double spent = std::chrono::duration<double>(now - (*start)->at).count();
    if (done > (*start)->done && done < total && spent > 1) {
      const double left = spent * static_cast<double>(total - done) / static_cast<double>(done - (*start)->done);
      call.err << ", " << age(static_cast<std::uint64_t>(left) + 1) << " left";
    }
    if (call.terminal) call.err << "     ";
    if (!call.terminal || done == total) call.err << "\n";
    call.err.flush();
  };
}

}  // namespace cli::counter
