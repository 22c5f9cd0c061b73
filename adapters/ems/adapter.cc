// The adapter itself: a watched folder whose handler reads, routes and submits, and rows written for what comes back.
#include <atomic>
#include <optional>

#include "adapters/ems/ems.h"
#include "adapters/ems/outcome.h"
#include "adapters/ems/settings.h"
#include "adapters/transport/files.h"

namespace adapters::ems {
namespace {

using agent::Delivery;
using agent::Health;
using agent::Host;
using agent::Submission;
using base::Error;
using base::Kind;
using formats::nemsis::Report;

// The disk of the shared folder is not the agent's own: try again rather than lose the event.
base::Status later(const base::Status& s) {
  if (s.ok()) return s;
  return Error{Kind::kBusy, s.error().what, s.error().where, s.error().mend};
}

std::string one_line(std::string text) {
  for (char& c : text) c = c == '\n' || c == '\r' ? ' ' : c;
  return text;
}

class EmsFolder : public agent::Adapter {
 public:
  explicit EmsFolder(Settings s) : settings_(std::move(s)) {}
  ~EmsFolder() override { EmsFolder::stop(); }

  base::Status start(Host& host) override {
    host_ = &host;
    TRY(transport::make_folder(known_folder()));
    settings_.in.clock = [&host] { return host.now(); };
    watch_.emplace(settings_.in, [this](const std::string& name, std::string_view bytes) { return take(name, bytes); });
    TRY(watch_->start());
    host.say(settings_.name, "watching " + settings_.in.path);
    return {};
  }
  base::Status deliver(const Delivery& d) override;
  void stop() override {
    if (watch_) watch_->stop();
  }
  [[nodiscard]] Health health() const override {
    return {.ok = !disk_trouble_,
            .words = words(),
            .accepted = accepted_,
            .refused = watch_ ? watch_->quarantined() : 0,
            .delivered = delivered_,
            .failed = 0};
  }

 private:
  // One report's way: where the patient went, and where it is referred to; either may be "".
  struct Route {
    std::string receiver;
    std::optional<base::Id> thread;  // with the receiver, about the same incident
  };
  [[nodiscard]] std::string words() const;
  base::Status take(const std::string& name, std::string_view bytes);
  base::Result<Route> route(const Report& r) const;
  [[nodiscard]] std::optional<std::string> agency(const std::vector<std::string>& names) const;
  base::Status send(const Report& r, const Route& route);
  base::Result<base::Id> submit(const Report& r, const char* what, schemas::Body body, const std::string& to,
                                const std::optional<base::Id>& thread);
  base::Status submit_note(const Report& r, const std::string& to, const base::Id& thread);
  base::Status remember(const Report& r, const base::Id& thread);
  [[nodiscard]] std::optional<Known> known(const Delivery& d) const;
  [[nodiscard]] std::string known_folder() const { return settings_.out + "/known"; }

  Settings settings_;
  Host* host_ = nullptr;
  std::optional<transport::FolderWatch> watch_;
  std::atomic<std::uint64_t> accepted_{0}, delivered_{0}, passed_by_{0};
  std::atomic<bool> disk_trouble_{false};
};

std::string EmsFolder::words() const {
  if (disk_trouble_) return "cannot write into " + settings_.out;
  std::string out = "watching " + settings_.in.path;
  if (passed_by_ > 0) out += ", " + std::to_string(passed_by_) + " reports passed by";
  return out;
}

base::Status EmsFolder::take(const std::string& name, std::string_view bytes) {
  TRY_ASSIGN(const std::vector<Report> reports, formats::nemsis::read(bytes, name, settings_.reading));
  std::vector<Route> routes;
  for (const Report& r : reports) {  // all of them before the first one leaves
    TRY_ASSIGN(Route found, route(r));
    routes.push_back(std::move(found));
  }
  for (std::size_t i = 0; i < reports.size(); ++i) TRY(send(reports[i], routes[i]));
  return {};
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

base::Result<base::Id> EmsFolder::submit(const Report& r, const char* what, schemas::Body body, const std::string& to,
                                         const std::optional<base::Id>& thread) {
  Submission s;
  s.to = to, s.thread = thread, s.purpose = settings_.purpose;
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
  if (!done->repeat) ++accepted_;
  return done->thread_id;
}

base::Status EmsFolder::send(const Report& r, const Route& route) {
  const bool refer = settings_.reading.refer;
  if (!r.wanted || (route.receiver.empty() && !refer)) return ++passed_by_, base::Status();
  std::optional<base::Id> thread = route.thread;
  if (refer) {
    schemas::Referral referral = r.referral;
    referral.service = {"", settings_.refer_service, ""};
    referral.requester = {.name = {}, .role = "paramedic", .phone = settings_.callback, .email = {}};
    referral.requester_agency = host_->own_slug();
    referral.authority_basis = settings_.basis;
    TRY_ASSIGN(const base::Id opened, submit(r, "referral", body_of(r, std::move(referral)), settings_.refer_to, std::nullopt));
    TRY(remember(r, opened));
    if (settings_.refer_to == route.receiver) thread = opened;
  }
  if (route.receiver.empty()) return {};
  TRY_ASSIGN(const base::Id told, submit(r, "arrival", body_of(r, r.encounter), route.receiver, thread));
  TRY(remember(r, told));
  if (!r.handoff.phase.empty()) {
    schemas::HandoffReport offer = r.handoff;
    offer.person.phone = settings_.callback;
    TRY(submit(r, "offer", body_of(r, std::move(offer)), route.receiver, told));
  }
  const bool in_referral = refer && settings_.refer_to == route.receiver;
  return r.narrative.empty() || in_referral ? base::Status() : submit_note(r, route.receiver, told);
}

// The policy decides who reads the narrative; that it says no holds nothing else up.
base::Status EmsFolder::submit_note(const Report& r, const std::string& to, const base::Id& thread) {
  schemas::Body note;
  note.payload = schemas::SecureMessage{.text = r.narrative, .author_role = "paramedic", .author_name = {}, .attachments = {}};
  note.labels = {"general", "mh"};
  const auto done = submit(r, "narrative", std::move(note), to, thread);
  if (done.ok()) return {};
  if (done.error().kind != Kind::kDenied) return done.error();
  host_->say(settings_.name, "a narrative was withheld: " + done.error().what);
  return {};
}

base::Status EmsFolder::remember(const Report& r, const base::Id& thread) {
  const Known k{one_line(r.id), one_line(r.number), one_line(r.incident), one_line(r.cad)};
  return later(transport::write_file(known_folder(), base::uuid(thread), render(k)));
}

std::optional<Known> EmsFolder::known(const Delivery& d) const {
  const auto kept = transport::read_file(known_folder() + "/" + base::uuid(d.thread_id), 1 << 16);
  if (!kept.ok()) return std::nullopt;
  return read_known(*kept);
}

base::Status EmsFolder::deliver(const Delivery& d) {
  if (d.outgoing) return Error{Kind::kUnsupported, "our own"};
  const auto report = known(d);
  const auto row = report ? outcome_row(d, *report) : std::nullopt;
  if (!row) return Error{Kind::kUnsupported, "no outcome of one of our reports"};
  if (d.conflict) return Error{Kind::kStale, "contradicts an earlier message with the same id"};
  for (const auto& refused : d.loop.refused) {
    if (refused.msg_id == d.msg_id) return Error{Kind::kStale, refused.why};
  }
  const auto written =
      later(transport::write_file(settings_.out, base::uuid(d.thread_id) + "." + base::uuid(d.msg_id) + ".outcome.csv", *row));
  disk_trouble_ = !written.ok();
  if (written.ok()) ++delivered_;
  return written;
}

base::Result<std::unique_ptr<agent::Adapter>> make(const schemas::Config& config, const std::string& name) {
  TRY_ASSIGN(Settings s, read_settings(config, name));
  return std::unique_ptr<agent::Adapter>(std::make_unique<EmsFolder>(std::move(s)));
}

}  // namespace

agent::AdapterType ems_folder() { return {"ems-folder", make}; }

}  // namespace adapters::ems
