#include "adapters/police/rows.h"

#include <algorithm>
#include <set>

namespace adapters::police {
namespace {

using base::Error;
using base::Kind;
namespace csv = formats::csv;
namespace mapping = formats::mapping;

constexpr const char* kFormat = "csv";
constexpr const char* kEverybody = "*";

bool passing(Kind k) { return k == Kind::kBusy || k == Kind::kFull || k == Kind::kIo; }

// Each different text once.
std::string joined(const std::vector<Error>& errors, std::string Error::*words) {
  std::set<std::string_view> seen;
  std::string out;
  for (const Error& e : errors)
    if (!(e.*words).empty() && seen.insert(e.*words).second) out += (out.empty() ? "" : "; ") + e.*words;
  return out;
}

// A column that is new could be anything; one that went missing could be the one that matters.
std::optional<Error> refuse_columns(const mapping::Mapping& m, const csv::Table& table, const std::string& file) {
  if (const auto errors = mapping::unmapped(m, table.header); !errors.empty())
    return Error{Kind::kMalformed, joined(errors, &Error::what), file + ":1", joined(errors, &Error::mend)};
  std::string missing;
  for (const auto& path : mapping::needed_paths(m))
    if (!table.column(path)) missing += (missing.empty() ? "" : ", ") + path;
  if (missing.empty()) return std::nullopt;
  return base::malformed("columns that the mapping reads are missing: " + missing, file + ":1",
                         "export them, or take them out of the mapping");
}

class Rows {
 public:
  Rows(agent::Host& host, const Settings& settings, const std::string& file, const csv::Table& table)
      : host_(host), s_(settings), file_(file), table_(table), sent_(mapping::read_paths(settings.mapping)) {}

  base::Result<Outcome> take(const csv::Row& row) {
    const std::string place = file_ + ":" + std::to_string(row.number);
    if (row.cells.size() != table_.header.size())
      return refused(
          row, "",
          base::malformed("the row has " + std::to_string(row.cells.size()) + " cells, the header " + std::to_string(table_.header.size()),
                          place, "put a cell that holds the delimiter into quotes"));
    const mapping::Source source = [&](std::string_view path) { return cell(row, path); };
    if (!mapping::wanted(s_.mapping, source)) return Outcome{row.number, "skipped", std::nullopt, std::nullopt, ""};
    const std::string kept = leaving(row), id = text(row, s_.mapping.row_id);
    if (id.empty())
      return refused(row, kept, base::malformed("the row has no id", place + ":" + s_.mapping.row_id, "fill it in at the source"));
    if (!ids_.insert(id).second)
      return refused(row, kept,
                     base::malformed("the id stands in an earlier row of this file", place + ":" + s_.mapping.row_id,
                                     "give each row an id of its own"));
    mapping::Mapped mapped = mapping::apply(s_.mapping, source);
    if (!mapped.faults.empty()) return refused(row, kept, faults(mapped.faults, place));
    auto submission = made(row, std::move(mapped.body), id, kept, place);
    if (!submission.ok()) return refused(row, kept, submission.error());
    return submit(row, std::move(submission).value(), kept, place);
  }

 private:
  [[nodiscard]] std::optional<std::string> cell(const csv::Row& row, std::string_view path) const {
    const auto column = table_.column(path);
    return column ? std::optional(row.cells[*column]) : std::nullopt;
  }
  [[nodiscard]] std::string text(const csv::Row& row, std::string_view path) const {
    return mapping::trimmed(cell(row, path).value_or(""));
  }

  // The columns that fields read, as a small CSV file: the source bytes of the message. No other column gets any further than this.
  [[nodiscard]] std::string leaving(const csv::Row& row) const {
    std::vector<std::string> cells;
    for (const auto& path : sent_) cells.push_back(cell(row, path).value_or(""));
    return csv::write_row(sent_) + csv::write_row(cells);
  }

  static Outcome refused(const csv::Row& row, const std::string& kept, Error why, const char* verdict = "refused") {
    return {row.number, verdict, std::nullopt, std::move(why), kept};
  }

  static Error faults(const std::vector<Error>& all, const std::string& place) {
    std::vector<Error> placed;
    for (const Error& e : all) placed.push_back({e.kind, e.where + ": " + e.what, place + ":" + e.where, e.mend});
    if (placed.size() == 1) return {all[0].kind, all[0].what, placed[0].where, all[0].mend};
    return {Kind::kMalformed, joined(placed, &Error::what), place, joined(placed, &Error::mend)};
  }

  [[nodiscard]] std::string target(const schemas::Body& body) const {
    if (std::holds_alternative<schemas::Capacity>(body.payload)) return kEverybody;
    if (const auto* referral = std::get_if<schemas::Referral>(&body.payload))
      for (const Route& r : s_.routes)
        if (r.service == referral->service.code) return r.to;
    return s_.to;
  }

  base::Result<agent::Submission> made(const csv::Row& row, schemas::Body body, const std::string& id, const std::string& kept,
                                       const std::string& place) {
    agent::Submission out;
    out.to = target(body);
    if (out.to.empty()) return Error{Kind::kNotFound, "no agency for this service", place, "add a route, or `to`, to the adapter"};
    out.purpose = std::holds_alternative<schemas::Capacity>(body.payload) ? schemas::Purpose::kCapacity : s_.purpose;
    out.dedupe_key = "csv:" + s_.name + ":" + id;
    if (!s_.mapping.thread_by.empty()) {
      const auto threads = host_.threads_by_ref(text(row, s_.mapping.thread_by));
      if (threads.empty())
        return Error{Kind::kNotFound, "no referral here has this reference", place + ":" + s_.mapping.thread_by, "correct the reference"};
      out.thread = threads.front().thread_id, out.to = threads.front().other;
    }
    if (auto* referral = std::get_if<schemas::Referral>(&body.payload)) referral->requester_agency = host_.own_slug();
    body.source = {kFormat, base::to_bytes(kept)};
    out.body = std::move(body);
    return out;
  }

  base::Result<Outcome> submit(const csv::Row& row, agent::Submission s, const std::string& kept, const std::string& place) {
    const auto* referral = std::get_if<schemas::Referral>(&s.body.payload);
    const std::string ref = referral == nullptr ? "" : referral->source_ref.empty() ? referral->incident_ref : referral->source_ref;
    const auto done = host_.submit(std::move(s));
    if (done.ok()) return Outcome{row.number, done->repeat ? "repeat" : "sent", done->thread_id, std::nullopt, kept};
    const Error& e = done.error();
    if (passing(e.kind)) return e;
    if (e.kind != Kind::kConflict || (!e.where.empty() && e.where != "dedupe_key"))
      return refused(row, kept, {e.kind, e.what, e.where.empty() ? place : place + ": " + e.where, e.mend});
    Outcome out = refused(
        row, kept,
        {e.kind, "this row was sent before with other values", place, "tell the other agency on its thread, or give the row another id"},
        "changed");
    if (const auto threads = host_.threads_by_ref(ref); !ref.empty() && !threads.empty()) out.thread = threads.front().thread_id;
    return out;
  }

  agent::Host& host_;
  const Settings& s_;
  const std::string& file_;
  const csv::Table& table_;
  std::vector<std::string> sent_;
  std::set<std::string> ids_;
};

}  // namespace

base::Result<Taken> take(agent::Host& host, const Settings& settings, const std::string& file, std::string_view bytes) {
  const auto table = csv::read(bytes, settings.reading);
  if (!table.ok()) return Taken{{}, Error{table.error().kind, table.error().what, file + ":" + table.error().where, table.error().mend}};
  if (auto refusal = refuse_columns(settings.mapping, *table, file)) return Taken{{}, std::move(refusal)};
  Taken out;
  Rows rows(host, settings, file, *table);
  for (const csv::Row& row : table->rows) {
    TRY_ASSIGN(Outcome outcome, rows.take(row));
    out.rows.push_back(std::move(outcome));
  }
  return out;
}

std::string result_file(const Taken& taken) {
  const auto line = [](const Outcome& o) {
    const auto where = [](const Error& e) { return e.where.empty() ? e.what : e.where + ": " + e.what; };
    return csv::write_row({o.row == 0 ? "" : std::to_string(o.row), o.verdict, o.thread ? base::uuid(*o.thread) : "",
                           o.why ? where(*o.why) : "", o.why ? o.why->mend : ""});
  };
  std::string out = csv::write_row({"row", "verdict", "thread", "what", "mend"});
  if (taken.refused) out += line({0, "refused", std::nullopt, taken.refused, ""});
  for (const Outcome& o : taken.rows) out += line(o);
  return out;
}

}  // namespace adapters::police
