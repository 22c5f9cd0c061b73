// The table printer: columns as wide as their widest cell; those that may shrink give way, widest first, until the line fits.
#include <algorithm>
#include <ostream>

#include "cli/counter/print.h"

namespace cli::counter {
namespace {

constexpr std::size_t kGap = 2, kLeast = 6;

std::string padded(const std::string& cell, std::size_t width, bool right) {
  const std::string shown = cut(cell, width);
  const std::string pad(width - std::min(width, columns(shown)), ' ');
  return right ? pad + shown : shown + pad;
}

void print_line(std::ostream& out, std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  out << line << "\n";
}

}  // namespace

void Table::add(std::vector<std::string> cells) {
  CHECK(cells.size() == columns_.size());
  rows_.push_back(std::move(cells));
}

void Table::print(std::ostream& out) const {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    std::size_t w = columns(columns_[c].title);
    for (const auto& row : rows_) w = std::max(w, columns(row[c]));
    widths.push_back(w);
  }
  const auto total = [&] {
    std::size_t sum = kGap * (widths.size() - 1);
    for (const std::size_t w : widths) sum += w;
    return sum;
  };
  while (total() > kWidth) {
    std::size_t widest = widths.size();
    for (std::size_t c = 0; c < widths.size(); ++c) {
      if (columns_[c].shrinks && widths[c] > kLeast && (widest == widths.size() || widths[c] > widths[widest])) widest = c;
    }
    if (widest == widths.size()) break;
    --widths[widest];
  }
  std::string head;
  for (std::size_t c = 0; c < widths.size(); ++c) head += (c == 0 ? "" : "  ") + padded(columns_[c].title, widths[c], columns_[c].right);
  print_line(out, head);
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t c = 0; c < widths.size(); ++c) line += (c == 0 ? "" : "  ") + padded(row[c], widths[c], columns_[c].right);
    print_line(out, line);
  }
}

}  // namespace cli::counter
