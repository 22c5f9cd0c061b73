// The adapter itself: a watched folder whose handler reads rows and submits, and a file of statuses for what the host delivers.
#include <atomic>
#include <optional>

#include "adapters/police/police.h"
#include "adapters/police/rows.h"
#include "adapters/police/settings.h"
#include "adapters/police/status_out.h"
#include "adapters/transport/files.h"

namespace adapters::police {
namespace {

using agent::Delivery;
using agent::Health;
using agent::Host;
using base::Error;
using base::Kind;

// The disk of the shared folder is not the agent's own: try again rather than lose the event.
base::Status later(const base::Status& s) {
  if (s.ok()) return s;
  return Error{Kind::kBusy, s.error().what, s.error().where, s.error().mend};
}

class PoliceFolder : public agent::Adapter {
 public:
  explicit PoliceFolder(Settings s) : settings_(std::move(s)) {}
  ~PoliceFolder() override { PoliceFolder::stop(); }

  base::Status start(Host& host) override {
    host_ = &host;
    TRY(transport::make_folder(settings_.out));
    settings_.in.clock = [&host] { return host.now(); };
    watch_.emplace(settings_.in, [this](const std::string& file, std::string_view bytes) { return on_file(file, bytes); });
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
            .words = disk_trouble_ ? "cannot write into " + settings_.out : "watching " + settings_.in.path,
            .accepted = accepted_,
            .refused = refused_ + (watch_ ? watch_->quarantined() : 0),
            .delivered = delivered_,
            .failed = 0};
  }

 private:
  base::Status on_file(const std::string& file, std::string_view bytes);
  void keep_refused(const Outcome& o);

  Settings settings_;
  Host* host_ = nullptr;
  std::optional<transport::FolderWatch> watch_;
  std::atomic<std::uint64_t> accepted_{0}, refused_{0}, delivered_{0};
  std::atomic<bool> disk_trouble_{false};
};

void PoliceFolder::keep_refused(const Outcome& o) {
  ++refused_;
  const auto kept = host_->quarantine(settings_.name, "csv", base::view(o.kept), *o.why);
  if (!kept.ok()) host_->say(settings_.name, "a refused row could not be kept: " + kept.error().message());
}

// Not ok: the file goes to quarantine with these words, or stays if the trouble passes. Rows are kept only once all were looked at, so
// that a file that is offered again does not fill the quarantine with the same rows.
base::Status PoliceFolder::on_file(const std::string& file, std::string_view bytes) {
  TRY_ASSIGN(const Taken taken, take(*host_, settings_, file, bytes));
  const std::string stem = file.substr(0, file.size() - settings_.in.suffix.size());
  const auto written = later(transport::write_file(settings_.out, stem + ".result.csv", result_file(taken)));
  disk_trouble_ = !written.ok();
  TRY(written);
  if (taken.refused) return *taken.refused;
  for (const Outcome& o : taken.rows) {
    if (o.verdict == "sent") ++accepted_;
    if (o.why) keep_refused(o);
  }
  return {};
}

base::Status PoliceFolder::deliver(const Delivery& d) {
  const auto* update = std::get_if<schemas::StatusUpdate>(&d.body.payload);
  if (d.outgoing || update == nullptr || update->status.empty() || d.opening_from != host_->own_slug())
    return Error{Kind::kUnsupported, "not an answer to one of this agency's own referrals"};
  if (d.conflict) return Error{Kind::kStale, "contradicts an earlier message with the same id"};
  for (const auto& refused : d.loop.refused) {
    if (refused.msg_id == d.msg_id) return Error{Kind::kStale, refused.why};
  }
  const auto written = later(append_status(settings_.out, status_row(d, *update)));
  disk_trouble_ = !written.ok();
  if (written.ok()) ++delivered_;
  return written;
}

base::Result<std::unique_ptr<agent::Adapter>> make(const schemas::Config& config, const std::string& name) {
  TRY_ASSIGN(Settings s, read_settings(config, name));
  return std::unique_ptr<agent::Adapter>(std::make_unique<PoliceFolder>(std::move(s)));
}

}  // namespace

agent::AdapterType police_folder() { return {"police-folder", make}; }

}  // namespace adapters::police
