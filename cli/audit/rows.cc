// See rows.h. A row has more than 100 columns can hold: it takes two lines.
#include "cli/audit/rows.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"

namespace cli::audit {
namespace {

using counter::Json;
using counter::text;

std::string recipients(const Json& row) {
  const auto to = row.find("to");
  if (to == row.end() || !to->is_array()) return text(row, "to");
  std::string out;
  for (const Json& one : *to)
    out += (out.empty() ? "" : ", ") + counter::plain(one.is_string() ? one.get<std::string>() : schemas::dump(one));
  return out;
}

void print_row(std::ostream& out, const Json& r) {
  const std::string proof = text(r, "proof"), delivered = counter::seconds(text(r, "delivered_at"));
  counter::wrap(out, 0,
                fmt::format("#{:<7} {:<20}  {}  {} -> {}", text(r, "index"), counter::seconds(text(r, "time")), text(r, "kind"),
                            text(r, "from"), recipients(r)));
  counter::wrap(out, 9,
                fmt::format("message {}  purpose {}  policy {}  {} bytes", text(r, "message"), text(r, "purpose"), text(r, "policy"),
                            text(r, "size")));
  counter::wrap(out, 9,
                fmt::format("delivered {}  proof {}  digest {}", delivered.empty() ? "not yet" : delivered,
                            proof == "ok" ? "ok" : "FAILED: " + proof, counter::cut(text(r, "digest"), 17)));
}

constexpr std::initializer_list<const char*> kColumns{"index", "time", "kind", "from", "to", "purpose", "policy", "size", "message", "thread", "digest", "delivered_at", "end", "proof"};

std::string csv_row(const Json& row) {
  std::vector<std::string> cells;
  for (const char* key : kColumns) cells.push_back(std::string_view(key) == "to" ? recipients(row) : text(row, key));
  return counter::csv(cells);
}

}  // namespace

base::Status RowStream::page(const Json& answer, std::uint64_t most) {
  TRY_ASSIGN(const Json* rows, counter::list_in(answer, "rows"));
  if (written_ == 0 && call_.has("csv")) call_.out << counter::csv({kColumns.begin(), kColumns.end()});
  for (const Json& r : *rows) {
    if (written_ == most || broken()) break;
    ++written_;
    holds_ = holds_ && text(r, "proof") == "ok";
    if (call_.json()) {
      counter::print_json(call_.out, r);
    } else if (call_.has("csv")) {
      call_.out << csv_row(r);
    } else {
      print_row(call_.out, r);
    }
  }
  call_.out.flush();
  return {};
}

counter::Exit RowStream::end() {
  if (!call_.json() && !call_.has("csv")) call_.out << written_ << " row(s); " << (holds_ ? "every proof holds" : "A PROOF DOES NOT HOLD") << "\n";
  return holds_ ? counter::kWorked : counter::kFinding;
}

counter::Exit print_rows(const counter::Call& call, const Json& answer) {
  const auto rows = answer.find("rows");
  if (rows == answer.end() || !rows->is_array()) return base::malformed("the agent's answer has no rows", "audit");
  bool holds = true;
  for (const Json& r : *rows) holds = holds && text(r, "proof") == "ok";
  const int code = holds ? counter::kWorked : counter::kFinding;
  if (counter::print_data(call, answer, *rows, kColumns)) return code;
  for (const Json& r : *rows) print_row(call.out, r);
  const std::string upto = text(answer, "indexed_upto"), size = text(answer, "size"), access = text(answer, "access_index"),
                    next = text(answer, "next");
  counter::wrap(call.out, 0,
                fmt::format("{} row(s); {}{}", rows->size(), holds ? "every proof holds" : "A PROOF DOES NOT HOLD",
                            upto.empty() ? "" : "; indexed up to " + upto + " of " + size));
  if (!access.empty()) call.out << "this question is entry #" << access << " of the log\n";
  if (!next.empty()) call.out << "more: add --after " << next << "\n";
  return code;
}

}  // namespace cli::audit
