// The adapter itself: a watched folder whose handler reads and submits, and files written for what the host delivers.
#include <atomic>
#include <optional>

#include "adapters/behavioral/behavioral.h"
#include "adapters/formats/fhir/bundle.h"
#include "adapters/formats/fhir/task_in.h"
#include "adapters/transport/files.h"
#include "adapters/transport/folder.h"

namespace adapters::behavioral {
namespace {

using agent::Delivery;
using agent::Health;
using agent::Host;
using base::Error;
using base::Kind;
namespace fhir = formats::fhir;

struct Settings {
  std::string name, out, callback;
  schemas::Purpose purpose = schemas::Purpose::kCrisis;
  transport::FolderOptions in;
};

// Tells files apart, nothing more: the host compares the bytes themselves.
std::string fingerprint(std::string_view bytes) {
  std::uint64_t h = 0xCBF29CE484222325ULL;
  for (const char c : bytes) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  base::Fixed<8> out{};
  base::store_be(out.data(), h);
  return base::hex(out) + "." + std::to_string(bytes.size());
}

// The disk of the shared folder is not the agent's own: try again rather than lose the event.
base::Status later(const base::Status& s) {
  if (s.ok()) return s;
  return Error{Kind::kBusy, s.error().what, s.error().where, s.error().mend};
}

class BehavioralFolder : public agent::Adapter {
 public:
  explicit BehavioralFolder(Settings s) : settings_(std::move(s)) {}
  ~BehavioralFolder() override { BehavioralFolder::stop(); }

  base::Status start(Host& host) override {
    host_ = &host;
    TRY(transport::make_folder(settings_.out));
    settings_.in.clock = [&host] { return host.now(); };
    watch_.emplace(settings_.in, [this](const std::string&, std::string_view bytes) { return take(bytes); });
    TRY(watch_->start());
    host.say(settings_.name, "watching " + settings_.in.path);
    return {};
  }
  base::Status deliver(const Delivery& d) override;
  void stop() override {
    if (watch_) watch_->stop();
  }
  [[nodiscard]] Health health() const override {
    const std::uint64_t refused = watch_ ? watch_->quarantined() : 0;
    return {.ok = !disk_trouble_,
            .words = disk_trouble_ ? "cannot write into " + settings_.out : "watching " + settings_.in.path,
            .accepted = accepted_,
            .refused = refused,
            .delivered = delivered_,
            .failed = 0};
  }

 private:
  base::Status take(std::string_view bytes);
  static std::string file_for(const Delivery& d);
  static std::string render(const Delivery& d);

  Settings settings_;
  Host* host_ = nullptr;
  std::optional<transport::FolderWatch> watch_;
  std::atomic<std::uint64_t> accepted_{0}, delivered_{0};
  std::atomic<bool> disk_trouble_{false};
};

// A Task that was dropped in. Not ok: the file goes to quarantine with these words, or stays if the trouble passes.
base::Status BehavioralFolder::take(std::string_view bytes) {
  TRY_ASSIGN(fhir::TaskAnswer answer, fhir::read_task(bytes));
  const auto thread = host_->thread(answer.thread_id);
  if (!thread)
    return Error{Kind::kNotFound, "no referral here has this Task", "Task.identifier", "keep the identifier of the Task that was received"};
  schemas::StatusUpdate& update = answer.update;
  if (update.status == "received" && thread->loop.phase != schemas::Phase::kRequested) return {};  // the agent has said so already
  if (update.at.ms == 0) update.at = host_->now();
  if (update.callback.empty() && update.status == "accepted") update.callback = settings_.callback;
  agent::Submission s;
  s.to = thread->other, s.thread = answer.thread_id, s.purpose = settings_.purpose;
  s.dedupe_key = "fhir:" + base::hex(answer.thread_id) + ":" + fingerprint(bytes);
  s.person = update.actor_name;
  s.body.payload = std::move(update);
  s.body.source = {"fhir-r4", base::to_bytes(bytes)};
  const auto done = host_->submit(std::move(s));
  if (!done.ok()) return done.error();
  if (done->repeat)
    return Error{Kind::kConflict, "the same bytes were handed in before and took effect then", "", "nothing needs to be done"};
  ++accepted_;
  return {};
}

std::string BehavioralFolder::file_for(const Delivery& d) {
  const std::string thread = base::uuid(d.thread_id);
  return d.kind == schemas::MsgKind::kReferral ? thread + ".referral.json" : thread + ".status-" + base::uuid(d.msg_id) + ".json";
}

std::string BehavioralFolder::render(const Delivery& d) {
  fhir::Context c{.thread_id = d.thread_id,
                  .from = d.opening_from,
                  .from_kind = {},
                  .to = d.opening_to,
                  .to_kind = {},
                  .at = d.received,
                  .test = d.test};
  if (const auto* referral = std::get_if<schemas::Referral>(&d.body.payload)) {
    c.from = d.from, c.from_kind = d.from_kind, c.to = d.to;
    return fhir::referral_bundle(d.body, *referral, c);
  }
  return fhir::status_task(std::get<schemas::StatusUpdate>(d.body.payload), c);
}

base::Status BehavioralFolder::deliver(const Delivery& d) {
  const bool ours =
      std::holds_alternative<schemas::Referral>(d.body.payload) || std::holds_alternative<schemas::StatusUpdate>(d.body.payload);
  if (d.outgoing || !ours) return Error{Kind::kUnsupported, "not for this folder"};
  if (d.conflict) return Error{Kind::kStale, "contradicts an earlier message with the same id"};
  for (const auto& refused : d.loop.refused) {
    if (refused.msg_id == d.msg_id) return Error{Kind::kStale, refused.why};
  }
  const auto written = later(transport::write_file(settings_.out, file_for(d), render(d)));
  disk_trouble_ = !written.ok();
  if (written.ok()) ++delivered_;
  return written;
}

base::Result<Settings> read_settings(const schemas::Config& c, const std::string& name) {
  Settings s;
  s.name = name;
  TRY_ASSIGN(s.out, c.text("out"));
  TRY_ASSIGN(s.in.path, c.text("in"));
  if (s.in.path == s.out) return Error{Kind::kUsage, "the two folders must differ", name + ".in"};
  s.in.suffix = ".json";
  TRY_ASSIGN(s.callback, c.text("callback", ""));
  TRY_ASSIGN(s.in.keep_done, c.flag("keep_done", true));
  TRY_ASSIGN(const std::string purpose, c.text("purpose", "CRISIS"));
  const auto code = schemas::code_of(schemas::purposes(), purpose);
  if (!code) return Error{Kind::kUsage, "no such purpose", name + ".purpose", "use CRISIS, TREAT or COORD"};
  s.purpose = static_cast<schemas::Purpose>(*code);
  TRY_ASSIGN(const std::int64_t settle, c.number("settle_ms", 2000));
  TRY_ASSIGN(const std::int64_t rescan, c.number("rescan_ms", 5000));
  if (settle < 0 || settle > 3600000 || rescan < 100 || rescan > 3600000)
    return Error{Kind::kUsage, "out of range", name + ".settle_ms, rescan_ms"};
  s.in.settle_ms = static_cast<std::uint64_t>(settle), s.in.rescan_ms = static_cast<std::uint64_t>(rescan);
  if (const auto unknown = c.unused(); !unknown.empty()) return Error{Kind::kUsage, "unknown key", name + "." + unknown.front()};
  return s;
}

base::Result<std::unique_ptr<agent::Adapter>> make(const schemas::Config& config, const std::string& name) {
  TRY_ASSIGN(Settings s, read_settings(config, name));
  return std::unique_ptr<agent::Adapter>(std::make_unique<BehavioralFolder>(std::move(s)));
}

}  // namespace

agent::AdapterType behavioral_folder() { return {"behavioral-folder", make}; }

}  // namespace adapters::behavioral
