// The keeper: duties that come with time, a second at a time. It changes nothing itself: what it finds due becomes an item like any other.
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>

#include "hub/broker/threads.h"

namespace hub::broker {
namespace {

namespace fs = std::filesystem;
using schemas::EntryType;

constexpr std::size_t kDueAtOnce = 256;

class Keeper {
 public:
  Keeper(Office& office, std::string endpoint) : office_(office), endpoint_(std::move(endpoint)), started_(office.tick()) {
    const auto host = endpoint_.find("0.0.0.0");  // the test knocks at the door from inside
    if (host != std::string::npos) endpoint_.replace(host, 7, "127.0.0.1");
    if (!office_.options.data_dir.empty()) inotify_add_watch(incoming_.fd, (office_.options.data_dir + "/incoming").c_str(), IN_MOVED_TO);
  }

  // Until the next second, or a note handed in, or the end.
  void rest() {
    std::vector<net::PollItem> items{{nullptr, office_.keeper_waker.fd()}, {nullptr, incoming_.fd}};
    net::poll(items, 1000);
    char seen[4096];
    while (::read(incoming_.fd, seen, sizeof seen) > 0) {
    }
  }

  void second() {
    office_.count.fill_ppm = static_cast<std::uint32_t>(office_.parts.journal.fill() * 1e6);
    if (due(metrics_at_, 10 * base::kSecond)) write_metrics();
    if (due(gate_at_, base::kHour)) test_gate();
    if (may_write()) write();
  }
  void last() {
    if (may_write()) log_rejects();
    write_metrics();
  }

 private:
  // A log that somebody else's checkpoint contradicts, or that may yet turn out to be so, is not extended.
  [[nodiscard]] bool may_write() const { return !office_.count.read_only && office_.tick() >= started_ + office_.options.quiet_ms; }

  void write() {
    if (!std::exchange(told_start_, true)) append(EntryType::kHub, "start");
    expire();
    take_incoming();
    if (due(rejects_at_, base::kMinute)) log_rejects();
    if (due(heartbeat_at_, 10 * base::kMinute)) append(EntryType::kHub, "heartbeat");
  }

  // The first time after one whole interval.
  bool due(std::uint64_t& at, std::uint64_t every) {
    const auto now = office_.tick();
    if (at == 0) at = started_;
    if (now < at + every) return false;
    at = now;
    return true;
  }

  void append(EntryType type, std::string_view text) {
    Pending p;
    p.item.type = type;
    p.item.bytes = office_.record(text);
    office_.write.push(std::move(p));
  }

  void expire() {
    if (*expiring_ > 0) return;  // what was proposed is still under way
    const auto snapshot = office_.parts.journal.read();
    if (!snapshot.ok()) return office_.fail(snapshot.error());
    const auto reader = (*snapshot)->reader();
    for (const auto type : {EntryType::kExpire, EntryType::kErase}) {
      const auto groups = reader.due(type, office_.now(), kDueAtOnce);
      if (groups.empty()) continue;
      Pending p;
      p.item = state::erase_item(type, groups,
                                 office_.record(type == EntryType::kExpire ? "expired by policy" : "kept long enough after delivery"));
      ++*expiring_;
      p.then = [count = expiring_](const state::Outcome&) { --*count; };
      office_.write.push(std::move(p));
    }
  }

  void log_rejects() {
    for (const auto& [sender, codes] : office_.rejects.take()) {
      std::string text = "refused " + base::hex(sender) + " until " + base::rfc3339(office_.now());
      for (const auto& [code, n] : codes) text += " " + std::to_string(code) + ":" + std::to_string(n);
      append(EntryType::kReject, text);
    }
  }

  void write_metrics() {
    if (office_.options.data_dir.empty()) return;
    const auto path = office_.options.data_dir + "/metrics.prom";
    std::ofstream(path + ".tmp", std::ios::trunc) << metrics_text(office_);
    std::error_code ignored;
    fs::rename(path + ".tmp", path, ignored);
  }

  void test_gate() {
    const auto closed =
        net::prove_gate_closed(office_.parts.context, endpoint_, office_.parts.transport.public_key(), office_.parts.random);
    if (!closed.ok() && closed.error().kind == base::Kind::kDenied) office_.fail(closed.error());
  }

  // incoming/NAME.note, with incoming/NAME.rules for a policy: how the operator brings in the first certificates, before anybody can
  // say DIRPUT. In the order of names, one at a time. Refused notes stay, as NAME.refused with the reason beside it.
  void take_incoming() {
    if (office_.options.data_dir.empty()) return;
    std::error_code error;
    std::vector<fs::path> notes;
    for (fs::directory_iterator it(office_.options.data_dir + "/incoming", error), end; !error && it != end; it.increment(error)) {
      if (it->path().extension() == ".note") notes.push_back(it->path());
    }
    std::sort(notes.begin(), notes.end());
    for (const auto& path : notes) {
      if (office_.stopping || office_.failed) return;
      take_note(path);
    }
  }

  void take_note(const fs::path& path) {
    auto rules = path;
    rules.replace_extension(".rules");
    Pending p;
    p.item.type = EntryType::kDir;
    p.item.bytes = base::to_bytes(read(path));
    p.item.blob = base::to_bytes(read(rules));
    auto done = std::make_shared<std::promise<std::string>>();
    auto words = done->get_future();
    p.then = [done](const state::Outcome& o) { done->set_value(o.accepted ? "" : o.words); };
    if (!office_.write.push(std::move(p))) return;
    while (words.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready) {
      if (office_.failed) return;
    }
    const auto refused = words.get();
    std::error_code ignored;
    if (!refused.empty()) {
      auto kept = path;
      fs::rename(path, kept.replace_extension(".refused"), ignored);
      std::ofstream(kept.string() + ".reason") << refused << '\n';
    }
    fs::remove(path, ignored);
    fs::remove(rules, ignored);
  }

  static std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  struct Watch {
    int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    ~Watch() { ::close(fd); }
  };

  Office& office_;
  Watch incoming_{};
  std::string endpoint_;
  const std::uint64_t started_;
  bool told_start_ = false;
  std::uint64_t metrics_at_ = 0, rejects_at_ = 0, heartbeat_at_ = 0, gate_at_ = 0;
  std::shared_ptr<std::atomic<int>> expiring_ = std::make_shared<std::atomic<int>>(0);
};

}  // namespace

void run_keeper(Office& office, const std::string& endpoint) {
  Keeper keeper(office, endpoint);
  while (!office.stopping && !office.failed) {
    keeper.second();
    keeper.rest();
  }
  keeper.last();
}

}  // namespace hub::broker
