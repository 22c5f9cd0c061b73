// The adapter itself: a watched folder whose handler reads, routes and submits, and rows written for what comes back.
#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>

#include "adapters/ems/answer.h"
#include "adapters/ems/ems.h"
#include "adapters/ems/outcome.h"
#include "adapters/ems/schemas.h"
#include "adapters/ems/settings.h"
#include "adapters/transport/files.h"

namespace adapters::ems {
namespace {

using agent::Delivery;
using agent::Host;
using agent::Submission;
using base::Error;
using base::Kind;
using formats::nemsis::Report;

std::string one_line(std::string text) {
  for (char& c : text) c = c == '\n' || c == '\r' ? ' ' : c;
  return text;
}

class EmsFolder : public folder::Adapter {
 public:
  explicit EmsFolder(const Settings& s) : folder::Adapter(s.folder), settings_(s), schemas_(s.schema_dir) {}
  ~EmsFolder() override { stop(); }

  base::Status start(Host& host) override {
    TRY(transport::make_folder(known_folder()));
    TRY(schemas_.usable());
    return folder::Adapter::start(host);
  }
  base::Status deliver(const Delivery& d) override;
  [[nodiscard]] std::vector<agent::HttpMount> http_mounts() const override { return {{path(), agent::HttpAuth::kBearer}}; }
  transport::HttpResponse http(const transport::HttpRequest& request) override;

 private:
  // One report's way: where the patient went, and where it is referred to; either may be "".
  struct Route {
    std::string receiver;
    std::optional<base::Id> thread;  // with the receiver, about the same incident
  };
  [[nodiscard]] std::string words() const override;
  base::Status take(const std::string& name, std::string_view bytes) override;
  base::Result<std::vector<Report>> read(std::string_view bytes, const std::string& name) const;  // with the site's own fields
  base::Status take_reports(const std::vector<Report>& reports, std::vector<Taken>& taken);
  base::Result<Route> route(const Report& r) const;
  [[nodiscard]] std::optional<std::string> agency(const std::vector<std::string>& names) const;
  base::Status send(const Report& r, const Route& route, Taken& taken);
  base::Result<agent::Submitted> submit(const Report& r, const char* what, schemas::Body body, const std::string& to,
                                const std::optional<base::Id>& thread, Taken& taken);
  base::Status submit_note(const Report& r, const std::string& to, const base::Id& thread, Taken& taken);
  base::Status remember(const Report& r, const agent::Submitted& told);
  [[nodiscard]] std::optional<Known> known(const Delivery& d) const;
  base::Status write_outcome(const Delivery& d, const Known& report, const std::string& row);
  [[nodiscard]] std::string known_folder() const { return settings_.folder.out + "/known"; }
  [[nodiscard]] std::string path() const { return "/nemsis/" + settings_.folder.name; }

  Settings settings_;
  Schemas schemas_;
  std::mutex one_at_a_time_;  // the folder's thread and those of HTTP
  std::atomic<std::uint64_t> passed_by_{0};
};

std::string EmsFolder::words() const {
  std::string out = folder::Adapter::words();
  if (passed_by_ > 0) out += ", " + std::to_string(passed_by_) + " reports passed by";
  return out;
}

base::Status EmsFolder::take_reports(const std::vector<Report>& reports, std::vector<Taken>& taken) {
  const std::lock_guard mine(one_at_a_time_);
  std::vector<Route> routes;
  for (const Report& r : reports) {  // all of them before the first one leaves
    TRY_ASSIGN(Route found, route(r));
    routes.push_back(std::move(found));
  }
  for (std::size_t i = 0; i < reports.size(); ++i) {
    Taken t{reports[i].id, "known", ""};
    TRY(send(reports[i], routes[i], t));
    taken.push_back(std::move(t));
  }
  return {};
}

base::Result<std::vector<Report>> EmsFolder::read(std::string_view bytes, const std::string& name) const {
  TRY_ASSIGN(std::vector<Report> reports, formats::nemsis::read(bytes, name, settings_.reading));
  if (settings_.site != nullptr) TRY(settings_.site->over(bytes, name, reports));
  return reports;
}

base::Status EmsFolder::take(const std::string& name, std::string_view bytes) {
  TRY_ASSIGN(const std::vector<Report> reports, read(bytes, name));
  TRY_ASSIGN(const auto findings, schemas_.check(bytes));
  if (!findings.empty()) {
    const std::string more = findings.size() == 1 ? "" : "; " + std::to_string(findings.size() - 1) + " more";
    return Error{Kind::kMalformed, "not valid by its schema: " + findings[0].what + more, name + ":" + std::to_string(findings[0].line), "correct the export"};
  }
  std::vector<Taken> taken;
  return take_reports(reports, taken);
}

// The same way as a file's, but for whoever waits for the answer: what is refused is not kept here.
transport::HttpResponse EmsFolder::http(const transport::HttpRequest& request) {
  const auto no = [](int status, const char* what) { return transport::HttpResponse{.status = status, .type = "text/plain", .body = what}; };
  if (request.path != path()) return no(404, "post an EMSDataSet to the path itself\n");
  if (request.method != "POST") {
    auto out = no(405, "post an EMSDataSet\n");
    out.headers.emplace_back("Allow", "POST");
    return out;
  }
  if (std::find(request.scopes.begin(), request.scopes.end(), "nemsis.write") == request.scopes.end()) return no(403, "the token lacks the scope nemsis.write\n");
  if (request.body.size() > settings_.folder.in.max_bytes) return no(413, "the document is over 16 MiB\n");
  const auto reports = read(request.body, "document");
  std::vector<Taken> taken;
  if (!reports.ok()) return answer(reports.error(), taken);
  const auto findings = schemas_.check(request.body);
  if (!findings.ok()) return answer(findings.error(), taken);
  if (!findings->empty()) return answer(*findings);
  const base::Status done = take_reports(*reports, taken);
  return done.ok() ? answer(taken) : answer(done.error(), taken);
}

std::optional<std::string> EmsFolder::agency(const std::vector<std::string>& names) const {
  for (const std::string& name : names) {
    for (const Destination& d : settings_.destinations) {
      if (d.name == name) return d.to;
    }
  }
  for (const std::string& name : names) {
    if (auto slug = host_->slug_for(name); slug && *slug != host_->own_slug()) return slug;
  }
  if (!settings_.to.empty()) return settings_.to;
  return std::nullopt;
}

base::Result<EmsFolder::Route> EmsFolder::route(const Report& r) const {
  Route out;
  if (!r.wanted || r.encounter.event.empty()) return out;
  const auto to = agency(r.receivers);
  if (!to) return Error{Kind::kNotFound, "no agency of the destination's name or code", r.place, "add a destination row or `to`"};
  out.receiver = *to;
  for (const std::string& ref : {r.cad, r.incident}) {
    if (ref.empty() || out.thread) continue;
    for (const agent::ThreadInfo& t : host_->threads_by_ref(ref)) {
      if (!out.thread && t.other == out.receiver && !schemas::terminal(t.loop.phase)) out.thread = t.thread_id;
    }
  }
  return out;
}

// What every message of a report says besides. No source bytes: they hold numbers that must not leave.
schemas::Body body_of(const Report& r, schemas::Payload payload) {
  schemas::Body out;
  out.payload = std::move(payload);
  out.absent = r.absent, out.custom = r.custom;
  out.labels = r.referral.labels;
  return out;
}

base::Result<agent::Submitted> EmsFolder::submit(const Report& r, const char* what, schemas::Body body, const std::string& to,
                                         const std::optional<base::Id>& thread, Taken& taken) {
  Submission s;
  s.to = to, s.thread = thread, s.purpose = settings_.folder.purpose;
  s.dedupe_key = "nemsis:" + r.id + ":" + what;
  s.body = std::move(body);
  s.body.authority_basis = settings_.basis;
  const auto done = host_->submit(std::move(s));
  if (!done.ok()) {
    Error e = done.error();
    if (e.kind == Kind::kConflict && e.where == "dedupe_key")
      e = {Kind::kConflict, "this report was sent before with other content", "",
           "tell the receiver by message, or take the first one back with a correction"};
    if (e.kind != Kind::kBusy && e.kind != Kind::kFull && e.kind != Kind::kIo) e.where = r.place + (e.where.empty() ? "" : ": " + e.where);
    return e;
  }
  taken.verdict = done->rehearsed ? "rehearsed" : done->repeat ? taken.verdict : "sent";
  if (!done->repeat) ++accepted_;
  taken.thread = base::uuid(done->thread_id);
  return *done;
}

base::Status EmsFolder::send(const Report& r, const Route& route, Taken& taken) {
  const bool refer = settings_.reading.refer;
  if (!r.wanted || (route.receiver.empty() && !refer)) return ++passed_by_, taken.verdict = "passed_by", base::Status();
  std::optional<base::Id> thread = route.thread;
  if (refer) {
    schemas::Referral referral = r.referral;
    referral.service = {"", settings_.refer_service, ""};
    referral.requester = {.name = {}, .role = "paramedic", .phone = settings_.callback, .email = {}};
    referral.requester_agency = host_->own_slug();
    referral.authority_basis = settings_.basis;
    TRY_ASSIGN(const agent::Submitted opened, submit(r, "referral", body_of(r, std::move(referral)), settings_.refer_to, std::nullopt, taken));
    TRY(remember(r, opened));
    if (settings_.refer_to == route.receiver) thread = opened.thread_id;
  }
  if (route.receiver.empty()) return {};
  TRY_ASSIGN(const agent::Submitted told, submit(r, "arrival", body_of(r, r.encounter), route.receiver, thread, taken));
  TRY(remember(r, told));
  if (!r.handoff.phase.empty()) {
    schemas::HandoffReport offer = r.handoff;
    offer.person.phone = settings_.callback;
    TRY(submit(r, "offer", body_of(r, std::move(offer)), route.receiver, told.thread_id, taken));
  }
  const bool in_referral = refer && settings_.refer_to == route.receiver;
  return r.narrative.empty() || in_referral ? base::Status() : submit_note(r, route.receiver, told.thread_id, taken);
}

// The policy decides who reads the narrative; that it says no holds nothing else up.
base::Status EmsFolder::submit_note(const Report& r, const std::string& to, const base::Id& thread, Taken& taken) {
  schemas::Body note;
  note.payload = schemas::SecureMessage{.text = r.narrative, .author_role = "paramedic", .author_name = {}, .attachments = {}};
  note.labels = {"general", "mh"};
  const auto done = submit(r, "narrative", std::move(note), to, thread, taken);
  if (done.ok()) return {};
  if (done.error().kind != Kind::kDenied) return done.error();
  host_->say(settings_.folder.name, "a narrative was withheld: " + done.error().what);
  return {};
}

base::Status EmsFolder::remember(const Report& r, const agent::Submitted& told) {
  if (told.rehearsed) return {};
  const Known k{one_line(r.id), one_line(r.number), one_line(r.incident), one_line(r.cad)};
  return write(known_folder(), base::uuid(told.thread_id), render(k));
}

std::optional<Known> EmsFolder::known(const Delivery& d) const {
  const auto kept = transport::read_file(known_folder() + "/" + base::uuid(d.thread_id), 1 << 16);
  if (!kept.ok()) return std::nullopt;
  return read_known(*kept);
}

// An admission is remembered: what is said of the patient after it is of the hospital, not of the emergency department.
base::Status EmsFolder::write_outcome(const Delivery& d, const Known& report, const std::string& row) {
  const std::string name = base::uuid(d.thread_id) + "." + base::uuid(d.msg_id) + ".outcome.", mark = base::uuid(d.thread_id) + ".admitted";
  if (settings_.csv) TRY(write(name + "csv", row));
  if (!settings_.nemsis) return {};
  const auto xml = outcome_xml(d, report, transport::read_file(known_folder() + "/" + mark, 16).ok());
  if (xml) TRY(write(name + "xml", *xml));
  const auto* e = std::get_if<schemas::EncounterNotification>(&d.body.payload);
  return e != nullptr && e->event == "admitted" ? write(known_folder(), mark, "") : base::Status();
}

base::Status EmsFolder::deliver(const Delivery& d) {
  if (d.outgoing) return Error{Kind::kUnsupported, "our own"};
  const auto report = known(d);
  const auto row = report ? outcome_row(d, *report) : std::nullopt;
  if (!row) return Error{Kind::kUnsupported, "no outcome of one of our reports"};
  TRY(still_true(d));
  return delivered(write_outcome(d, *report, *row));
}

base::Result<std::unique_ptr<agent::Adapter>> make(const schemas::Config& config, const std::string& name) {
  TRY_ASSIGN(Settings s, read_settings(config, name));
  return std::unique_ptr<agent::Adapter>(std::make_unique<EmsFolder>(std::move(s)));
}

}  // namespace

agent::AdapterType ems_folder() { return {"ems-folder", make}; }

}  // namespace adapters::ems
