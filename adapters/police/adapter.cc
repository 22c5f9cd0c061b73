// The adapter itself: a watched folder whose handler reads rows and submits, and a file of statuses for what the host delivers.
#include "adapters/folder/sheet.h"
#include "adapters/folder/status_out.h"
#include "adapters/police/police.h"
#include "adapters/police/settings.h"
#include "adapters/police/status_hook.h"

namespace adapters::police {
namespace {

using agent::Delivery;
using base::Error;
using base::Kind;

class PoliceFolder : public folder::Adapter {
 public:
  explicit PoliceFolder(const Settings& s) : folder::Adapter(s.folder), settings_(s), hook_(s.hook) {}
  ~PoliceFolder() override { PoliceFolder::stop(); }
  base::Status deliver(const Delivery& d) override;
  base::Status take_again(std::string_view format, base::View bytes) override;
  void stop() override {
    hook_.stop();
    folder::Adapter::stop();
  }

 private:
  [[nodiscard]] std::string trouble() const override {
    return hook_trouble_ ? "the webhook does not take statuses" : folder::Adapter::trouble();
  }
  base::Status take(const std::string& file, std::string_view bytes) override;

  Settings settings_;
  StatusHook hook_;
  std::atomic<bool> hook_trouble_{false};
};

base::Status PoliceFolder::take(const std::string& file, std::string_view bytes) {
  TRY_ASSIGN(const folder::Taken taken, folder::take(*host_, settings_.sheet, file, bytes));
  return report(file, taken);
}

// As if it came in now: rows that quarantine kept under their header ("csv"), or a whole export.
base::Status PoliceFolder::take_again(std::string_view format, base::View bytes) {
  TRY_ASSIGN(const folder::Taken taken, format == "csv" ? folder::take_again(*host_, settings_.sheet, base::text(bytes))
                                                        : folder::take(*host_, settings_.sheet, "again", base::text(bytes)));
  if (taken.refused) return *taken.refused;
  base::Status out;
  for (const folder::Outcome& o : taken.rows) {
    if (!o.why) continue;
    keep_refused(o);
    out = *o.why;
  }
  return out;
}

base::Status PoliceFolder::deliver(const Delivery& d) {
  const auto* update = std::get_if<schemas::StatusUpdate>(&d.body.payload);
  if (d.outgoing || update == nullptr || update->status.empty() || d.opening_from != host_->own_slug())
    return Error{Kind::kUnsupported, "not an answer to one of this agency's own referrals"};
  TRY(still_true(d));
  if (settings_.hook.url.empty()) return delivered(noted(folder::append_status(settings_.folder.out, folder::status_row(d, *update))));
  const base::Status posted = hook_.post(d, *update);
  hook_trouble_ = !posted.ok();
  return delivered(posted);
}

base::Result<std::unique_ptr<agent::Adapter>> make(const schemas::Config& config, const std::string& name) {
  TRY_ASSIGN(Settings s, read_settings(config, name));
  return std::unique_ptr<agent::Adapter>(std::make_unique<PoliceFolder>(s));
}

}  // namespace

agent::AdapterType police_folder() { return {"police-folder", make}; }

}  // namespace adapters::police
