#include "adapters/folder/sheet.h"

#include <algorithm>
#include <set>

#include "adapters/folder/adapter.h"
#include "adapters/formats/csv/csv.h"
#include "adapters/formats/mapping/cover.h"
#include "adapters/formats/niem/look.h"

namespace adapters::folder {
namespace {

using base::Error;
using base::Kind;
using formats::niem::Incident;
namespace csv = formats::csv;
namespace mapping = formats::mapping;

constexpr const char* kFormat = "csv";  // of what leaves and of what is kept, whatever the export was
constexpr const char* kEverybody = "*";

// Each different text once.
std::string joined(const std::vector<Error>& errors, std::string Error::*words) {
  std::set<std::string_view> seen;
  std::string out;
  for (const Error& e : errors)
    if (!(e.*words).empty() && seen.insert(e.*words).second) out += (out.empty() ? "" : "; ") + e.*words;
  return out;
}

std::string label_of(const mapping::Record& r) { return r.where.starts_with("row ") ? r.where.substr(4) : r.where; }

// The errors of one place as one.
Error one_of(const std::vector<Error>& errors, const std::string& place) {
  return {Kind::kMalformed, joined(errors, &Error::what), place, joined(errors, &Error::mend)};
}

// What a column or an element that is new holds could be anything; one that went missing could be the one that matters.
std::optional<Error> refuse_paths(const Sheet& s, const mapping::Records& source, const std::vector<Incident>& incidents,
                                  const std::string& file) {
  std::vector<Error> errors = mapping::unfit(s.mapping, source);
  for (const Incident& incident : incidents)
    for (const auto& path : incident.unmapped)
      if (std::ranges::none_of(s.mapping.known, [&](const auto& known) { return mapping::covers(known.first, path); }))
        errors.push_back(base::malformed("unmapped path " + path, incident.where, "map it or list it under ignore"));
  if (errors.empty()) return std::nullopt;
  const std::string where = s.mapping.tree() ? errors.front().where : "1";
  return one_of(errors, file + (where.empty() ? "" : ":" + where));
}

// One record on its way.
struct Item {
  const mapping::Record& record;
  std::string row, place, kept;
  std::string doubts{};
};

class Rows {
 public:
  Rows(agent::Host& host, const Sheet& settings, const std::string& file)
      : host_(host), s_(settings), file_(file), sent_(mapping::read_paths(settings.mapping)) {}

  base::Result<Outcome> take(const mapping::Record& record, const Incident* incident) {
    Item item{record, label_of(record), file_ + ":" + label_of(record), ""};
    if (record.fault) return refused(item, {record.fault->kind, record.fault->what, item.place, record.fault->mend});
    if (!mapping::wanted(s_.mapping, record.text) || (s_.wanted && !s_.wanted(record)))
      return Outcome{item.row, "skipped", std::nullopt, std::nullopt, ""};
    item.kept = needed(record);
    if (incident != nullptr && incident->error) return refused(item, placed(*incident->error, item.place));
    const std::string column = s_.mapping.row_id.empty() ? "" : ":" + s_.mapping.row_id;
    const std::string id = id_of(record, incident);
    if (id.empty()) return refused(item, base::malformed("the row has no id", item.place + column, "fill it in at the source"));
    if (!ids_.insert(id).second)
      return refused(
          item, base::malformed("the id stands in an earlier row of this file", item.place + column, "give each row an id of its own"));
    mapping::Mapped mapped = incident == nullptr ? mapping::apply(s_.mapping, record.text) : overlaid(*incident, record);
    if (!mapped.faults.empty()) return refused(item, faults(mapped.faults, item.place));
    item.doubts = joined(mapped.warnings, &Error::what);
    auto submission = made(item, std::move(mapped.body), id, leaving(record, incident));
    if (!submission.ok()) return refused(item, submission.error());
    if (s_.finish) {
      if (const auto done = s_.finish(record, *submission); !done.ok()) {
        const Error& e = done.error();
        return refused(item, {e.kind, e.what, item.place + (e.where.empty() ? "" : ":" + e.where), e.mend});
      }
    }
    return submit(item, std::move(submission).value());
  }

 private:
  static std::string text(const mapping::Record& record, std::string_view path) { return mapping::trimmed(record.text(path).value_or("")); }

  [[nodiscard]] std::string id_of(const mapping::Record& record, const Incident* incident) const {
    if (s_.id) return s_.id(record);
    return s_.mapping.row_id.empty() && incident != nullptr ? incident->number : text(record, s_.mapping.row_id);
  }

  mapping::Mapped overlaid(const Incident& incident, const mapping::Record& record) const {
    mapping::Mapped out{incident.body, {}, incident.warnings};
    out.faults = mapping::overlay(out.body, s_.mapping, record, &out.warnings);
    return out;
  }

  // What fields read, as a small CSV file: the source bytes of the message. Nothing else of the export gets any further than this.
  [[nodiscard]] std::string leaving(const mapping::Record& record, const Incident* incident) const {
    std::vector<std::string> paths = sent_, cells;
    for (const auto& path : sent_) cells.push_back(record.text(path).value_or(""));
    for (const auto& [field, said] : incident == nullptr ? decltype(Incident::said){} : incident->said) {
      paths.push_back(field);
      cells.push_back(said);
    }
    return csv::write_row(paths) + csv::write_row(cells);
  }

  // What it takes to read the record again: what leaves, and that by which records are told apart and chosen, unless it is cji or chri.
  [[nodiscard]] std::string needed(const mapping::Record& record) const {
    std::vector<std::string> paths, cells;
    for (const auto& path : mapping::needed_paths(s_.mapping)) {
      const auto known = s_.mapping.known.find(path);
      if (known != s_.mapping.known.end() && known->second != mapping::Provenance::kLocal) continue;
      paths.push_back(path);
      cells.push_back(record.text(path).value_or(""));
    }
    return csv::write_row(paths) + csv::write_row(cells);
  }

  static Outcome refused(const Item& item, Error why, const char* verdict = "refused") {
    return {item.row, verdict, std::nullopt, std::move(why), item.kept};
  }
  static Error placed(const Error& e, const std::string& place) { return {e.kind, e.what, place, e.mend}; }

  static Error faults(const std::vector<Error>& all, const std::string& place) {
    if (all.size() == 1) return {all[0].kind, all[0].what, place + ":" + all[0].where, all[0].mend};
    std::vector<Error> named;
    for (const Error& e : all) named.push_back({e.kind, e.where + ": " + e.what, place, e.mend});
    return one_of(named, place);
  }

  [[nodiscard]] std::string target(const schemas::Body& body) const {
    if (std::holds_alternative<schemas::Capacity>(body.payload)) return kEverybody;
    if (const auto* referral = std::get_if<schemas::Referral>(&body.payload))
      for (const Route& r : s_.routes)
        if (r.service == referral->service.code) return r.to;
    return s_.to;
  }

  base::Result<agent::Submission> made(const Item& item, schemas::Body body, const std::string& id, const std::string& source) {
    agent::Submission out;
    out.to = target(body);
    if (out.to.empty() && s_.mapping.thread_by.empty() && !s_.finish)
      return Error{Kind::kNotFound, "no agency for this service", item.place, "add a route, or `to`, to the adapter"};
    out.purpose = std::holds_alternative<schemas::Capacity>(body.payload) ? schemas::Purpose::kCapacity : s_.purpose;
    out.dedupe_key = "csv:" + s_.name + ":" + id;
    if (!s_.mapping.thread_by.empty()) {
      const auto threads = host_.threads_by_ref(text(item.record, s_.mapping.thread_by));
      if (threads.empty())
        return Error{Kind::kNotFound, "no referral here has this reference", item.place + ":" + s_.mapping.thread_by,
                     "correct the reference"};
      out.thread = threads.front().thread_id, out.to = threads.front().other;
    }
    if (auto* referral = std::get_if<schemas::Referral>(&body.payload)) referral->requester_agency = host_.own_slug();
    body.source = {kFormat, base::to_bytes(source)};
    out.body = std::move(body);
    return out;
  }

  base::Result<Outcome> submit(const Item& item, agent::Submission s) {
    const auto* referral = std::get_if<schemas::Referral>(&s.body.payload);
    const std::string ref = referral == nullptr ? "" : referral->source_ref.empty() ? referral->incident_ref : referral->source_ref;
    const auto done = host_.submit(std::move(s));
    if (done.ok())
      return Outcome{item.row,   done->repeat ? "repeat" : done->rehearsed ? "rehearsed" : "sent", done->thread_id, std::nullopt, item.kept,
                     item.doubts};
    const Error& e = done.error();
    if (passing(e.kind)) return e;
    if (e.kind != Kind::kConflict || (!e.where.empty() && e.where != "dedupe_key"))
      return refused(item, {e.kind, e.what, e.where.empty() ? item.place : item.place + ": " + e.where, e.mend});
    Outcome out = refused(item,
                          {e.kind, "this row was sent before with other values", item.place,
                           "tell the other agency on its thread, or give the row another id"},
                          "changed");
    if (const auto threads = host_.threads_by_ref(ref); !ref.empty() && !threads.empty()) out.thread = threads.front().thread_id;
    return out;
  }

  agent::Host& host_;
  const Sheet& s_;
  std::string file_;
  std::vector<std::string> sent_;
  std::set<std::string> ids_;
};

}  // namespace

base::Result<Taken> take(agent::Host& host, const Sheet& s, const std::string& file, std::string_view bytes) {
  const auto whole = [&](const Error& e) {
    return Taken{{}, Error{e.kind, e.what, file + (e.where.empty() ? "" : ":" + e.where), e.mend}};
  };
  const auto source = mapping::read_records(s.mapping.format, bytes, s.mapping_file);
  if (!source.ok()) return whole(source.error());
  std::vector<Incident> incidents;
  if (s.mapping.standard) {
    auto read = formats::niem::read(bytes, {s.zone});
    if (!read.ok()) return whole(read.error());
    incidents = std::move(read).value();
    CHECK(incidents.size() == source->records.size());
  }
  if (auto refusal = refuse_paths(s, *source, incidents, file)) return Taken{{}, std::move(refusal)};
  Taken out;
  Rows rows(host, s, file);
  for (std::size_t i = 0; i < source->records.size(); ++i) {
    TRY_ASSIGN(Outcome outcome, rows.take(source->records[i], s.mapping.standard ? &incidents[i] : nullptr));
    out.rows.push_back(std::move(outcome));
  }
  return out;
}

base::Status read_routes(const schemas::Config& c, Sheet& s) {
  TRY_ASSIGN(s.to, c.text("to", ""));
  TRY_ASSIGN(const auto routes, c.tables("route"));
  for (const schemas::Config& r : routes) {
    Route row;
    TRY_ASSIGN(row.service, r.text("service"));
    TRY_ASSIGN(row.to, r.text("to"));
    if (const auto unknown = r.unused(); !unknown.empty()) return Error{Kind::kUsage, "unknown key", s.name + ".route." + unknown.front()};
    s.routes.push_back(std::move(row));
  }
  return {};
}

base::Result<Taken> take_again(agent::Host& host, const Sheet& s, std::string_view kept) {
  if (s.mapping.standard)
    return Error{Kind::kUnsupported, "an incident is read from its document", "", "mend it at the source and export it again"};
  TRY_ASSIGN(const schemas::Config ours, schemas::Config::parse(""));  // not as the export was written
  TRY_ASSIGN(const auto source, mapping::read_records(kFormat, kept, ours));
  Taken out;
  Rows rows(host, s, "again");
  for (const auto& record : source.records) {
    TRY_ASSIGN(Outcome outcome, rows.take(record, nullptr));
    out.rows.push_back(std::move(outcome));
  }
  return out;
}

std::string result_file(const Taken& taken) {
  const auto line = [](const Outcome& o) {
    const auto where = [](const Error& e) { return e.where.empty() ? e.what : e.where + ": " + e.what; };
    return csv::write_row(
        {o.row, o.verdict, o.thread ? base::uuid(*o.thread) : "", o.why ? where(*o.why) : o.doubts, o.why ? o.why->mend : ""});
  };
  std::string out = csv::write_row({"row", "verdict", "thread", "what", "mend"});
  if (taken.refused) out += line({"", "refused", std::nullopt, taken.refused, ""});
  for (const Outcome& o : taken.rows) out += line(o);
  return out;
}

}  // namespace adapters::folder
