// The adapter itself: a watched folder whose handler reads and submits, and files written for what the host delivers.
#include "adapters/folder/adapter.h"
#include "adapters/behavioral/behavioral.h"
#include "adapters/formats/fhir/bundle.h"
#include "adapters/formats/fhir/task_in.h"

namespace adapters::behavioral {
namespace {

using agent::Delivery;
using base::Error;
using base::Kind;
namespace fhir = formats::fhir;

struct Settings {
  folder::Settings folder;
  std::string callback;
};

// Tells files apart, nothing more: the host compares the bytes themselves.
std::string fingerprint(std::string_view bytes) {
  std::uint64_t h = 0xCBF29CE484222325ULL;
  for (const char c : bytes) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  base::Fixed<8> out{};
  base::store_be(out.data(), h);
  return base::hex(out) + "." + std::to_string(bytes.size());
}

class BehavioralFolder : public folder::Adapter {
 public:
  explicit BehavioralFolder(const Settings& s) : folder::Adapter(s.folder), settings_(s) {}
  ~BehavioralFolder() override { stop(); }
  base::Status deliver(const Delivery& d) override;

 private:
  base::Status take(const std::string& file, std::string_view bytes) override;
  static std::string file_for(const Delivery& d);
  static std::string render(const Delivery& d);

  Settings settings_;
};

// A Task that was dropped in. Not ok: the file goes to quarantine with these words, or stays if the trouble passes.
base::Status BehavioralFolder::take(const std::string&, std::string_view bytes) {
  TRY_ASSIGN(fhir::TaskAnswer answer, fhir::read_task(bytes));
  const auto thread = host_->thread(answer.thread_id);
  if (!thread)
    return Error{Kind::kNotFound, "no referral here has this Task", "Task.identifier", "keep the identifier of the Task that was received"};
  schemas::StatusUpdate& update = answer.update;
  if (update.status == "received" && thread->loop.phase != schemas::Phase::kRequested) return {};  // the agent has said so already
  if (update.at.ms == 0) update.at = host_->now();
  if (update.callback.empty() && update.status == "accepted") update.callback = settings_.callback;
  agent::Submission s;
  s.to = thread->other, s.thread = answer.thread_id, s.purpose = settings_.folder.purpose;
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
  TRY(still_true(d));
  return delivered(write(file_for(d), render(d)));
}

base::Result<Settings> read_settings(const schemas::Config& c, const std::string& name) {
  Settings s;
  TRY_ASSIGN(s.folder, folder::read_settings(c, name, {".json"}));
  TRY_ASSIGN(s.callback, c.text("callback", ""));
  TRY(folder::refuse_unknown(c, name));
  return s;
}

base::Result<std::unique_ptr<agent::Adapter>> make(const schemas::Config& config, const std::string& name) {
  TRY_ASSIGN(Settings s, read_settings(config, name));
  return std::unique_ptr<agent::Adapter>(std::make_unique<BehavioralFolder>(s));
}

}  // namespace

agent::AdapterType behavioral_folder() { return {"behavioral-folder", make}; }

}  // namespace adapters::behavioral
