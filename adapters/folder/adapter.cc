#include "adapters/folder/adapter.h"

#include "adapters/transport/files.h"

namespace adapters::folder {
namespace {

using base::Error;
using base::Kind;

constexpr std::int64_t kHour = 3600000;

}  // namespace

base::Result<Settings> read_settings(const schemas::Config& c, const std::string& name, std::vector<std::string> suffixes) {
  Settings s;
  s.name = name;
  TRY_ASSIGN(s.out, c.path("out"));
  TRY_ASSIGN(s.in.path, c.path("in"));
  if (s.in.path == s.out) return Error{Kind::kUsage, "the two folders must differ", name + ".in"};
  s.in.suffixes = std::move(suffixes);
  TRY_ASSIGN(s.in.keep_done, c.flag("keep_done", true));
  TRY_ASSIGN(const std::int64_t settle, c.number("settle_ms", 2000));
  TRY_ASSIGN(const std::int64_t rescan, c.number("rescan_ms", 5000));
  if (settle < 0 || settle > kHour || rescan < 100 || rescan > kHour)
    return Error{Kind::kUsage, "out of range", name + ".settle_ms, rescan_ms"};
  s.in.settle_ms = static_cast<std::uint64_t>(settle), s.in.rescan_ms = static_cast<std::uint64_t>(rescan);
  TRY_ASSIGN(const std::string purpose, c.text("purpose", "CRISIS"));
  const auto code = schemas::code_of(schemas::purposes(), purpose);
  if (!code) return Error{Kind::kUsage, "no such purpose", name + ".purpose", "use CRISIS, TREAT or COORD"};
  s.purpose = static_cast<schemas::Purpose>(*code);
  return s;
}

base::Status refuse_unknown(const schemas::Config& c, const std::string& name) {
  const auto unknown = c.unused();
  return unknown.empty() ? base::Status() : base::Status(Error{Kind::kUsage, "unknown key", name + "." + unknown.front()});
}

bool passing(Kind k) { return k == Kind::kBusy || k == Kind::kFull || k == Kind::kIo; }

base::Status Adapter::start(agent::Host& host) {
  host_ = &host;
  TRY(transport::make_folder(settings_.out));
  settings_.in.clock = [&host] { return host.now(); };
  watch_.emplace(settings_.in, [this](const std::string& file, std::string_view bytes) { return take(file, bytes); });
  TRY(watch_->start());
  host.say(settings_.name, "watching " + settings_.in.path);
  return {};
}

void Adapter::stop() {
  if (watch_) watch_->stop();
}

agent::Health Adapter::health() const {
  const std::string wrong = trouble();
  return {.ok = wrong.empty(),
          .words = wrong.empty() ? words() : wrong,
          .accepted = accepted_,
          .refused = refused_ + (watch_ ? watch_->quarantined() : 0),
          .delivered = delivered_,
          .failed = 0};
}

std::string Adapter::trouble() const { return disk_trouble_ ? "cannot write into " + settings_.out : ""; }

base::Status Adapter::still_true(const agent::Delivery& d) {
  if (d.conflict) return Error{Kind::kStale, "contradicts an earlier message with the same id"};
  for (const auto& refused : d.loop.refused) {
    if (refused.msg_id == d.msg_id) return Error{Kind::kStale, refused.why};
  }
  return {};
}

base::Status Adapter::noted(const base::Status& written) {
  disk_trouble_ = !written.ok();
  if (written.ok()) return written;
  return Error{Kind::kBusy, written.error().what, written.error().where, written.error().mend};
}

base::Status Adapter::write(const std::string& folder, const std::string& file, std::string_view bytes) {
  return noted(transport::write_file(folder, file, bytes));
}

// Rows are kept only once the result lies there, so that a file that is offered again does not fill the quarantine with the same rows.
base::Status Adapter::report(const std::string& file, const Taken& taken) {
  TRY(write(file.substr(0, file.rfind('.')) + ".result.csv", result_file(taken)));
  if (taken.refused) return *taken.refused;
  for (const Outcome& o : taken.rows) {
    if (o.verdict == "sent") ++accepted_;
    if (o.why) keep_refused(o);
  }
  return {};
}

void Adapter::keep_refused(const Outcome& o) {
  ++refused_;
  const auto kept = host_->quarantine(settings_.name, "csv", base::view(o.kept), *o.why);
  if (!kept.ok()) host_->say(settings_.name, "a refused row could not be kept: " + kept.error().message());
}

base::Status Adapter::delivered(const base::Status& written) {
  if (written.ok()) ++delivered_;
  return written;
}

}  // namespace adapters::folder
