// run: the hub until SIGTERM or SIGINT, or until its disk fails.
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>

#include "crypto/base/test_clock.h"
#include "hub/broker/broker.h"
#include "hub/main_folder.h"
#include "schemas/config.h"

namespace hub {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kQuietCleanMs = 5000, kQuietUncleanMs = 60'000;  // protocol section 12, hub start-up

std::atomic<broker::Broker*> running{nullptr};  // for the signal handler alone
static_assert(std::atomic<broker::Broker*>::is_always_lock_free);

void on_signal(int) {
  if (auto* b = running.load()) b->stop();
}

struct Settings {
  std::string dir;
  std::uint64_t map_size = kMapSize;
  bool allow_memory_dump = false;
  std::string test_clock;
  std::int64_t quiet_ms = -1;  // -1: by how the last run ended
  broker::Options broker;
};

base::Status read_rate(const schemas::Config& c, const std::string& name, broker::Rate& rate) {
  TRY_ASSIGN(const auto per_second, c.number("limits." + name + "_per_second", static_cast<std::int64_t>(rate.per_second)));
  TRY_ASSIGN(const auto burst, c.number("limits." + name + "_burst", 2 * per_second));
  if (per_second < 1 || burst < 1) return base::Error{base::Kind::kUsage, "a rate is at least 1", "limits." + name};
  rate = {static_cast<double>(per_second), static_cast<double>(burst)};
  return {};
}

template <class T>
base::Status read_number(const schemas::Config& c, const char* key, T& out) {
  TRY_ASSIGN(const auto n, c.number(key, static_cast<std::int64_t>(out)));
  if (n < 1) return base::Error{base::Kind::kUsage, "must be at least 1", key};
  out = static_cast<T>(n);
  return {};
}

base::Status read_limits(const schemas::Config& c, broker::Limits& l) {
  TRY(read_rate(c, "frames", l.frames));
  TRY(read_rate(c, "bytes", l.bytes));
  TRY(read_rate(c, "messages", l.messages));
  TRY(read_rate(c, "signature_checks", l.signature_checks));
  TRY(read_number(c, "limits.batches_in_flight", l.batches_in_flight));
  l.batches_in_flight = std::min(l.batches_in_flight, broker::Limits{}.batches_in_flight);  // suite 1 allows no more
  TRY(read_number(c, "limits.queries_in_flight", l.queries_in_flight));
  TRY(read_number(c, "limits.house_bytes", l.house_bytes));
  TRY(read_number(c, "limits.house_items", l.house_items));
  TRY(read_number(c, "limits.window_bytes", l.window_bytes));
  TRY(read_number(c, "limits.witness_round_ms", l.witness_round_ms));
  return read_number(c, "limits.max_credit", l.max_credit);
}

base::Status read_config(const std::string& file, Settings& s) {
  TRY_ASSIGN(const auto c, schemas::Config::load(file));
  TRY_ASSIGN(s.dir, c.text("hub.data", s.dir));
  TRY_ASSIGN(s.broker.listen, c.text("hub.listen", s.broker.listen));
  TRY_ASSIGN(s.allow_memory_dump, c.flag("hub.allow_memory_dump", false));
  TRY_ASSIGN(s.test_clock, c.text("hub.test_clock", ""));
  TRY_ASSIGN(s.quiet_ms, c.number("hub.startup_quiet_ms", -1));
  TRY(read_number(c, "hub.map_size", s.map_size));
  TRY(read_number(c, "hub.verifiers", s.broker.verifiers));
  TRY(read_limits(c, s.broker.limits));
  const auto unused = c.unused();
  if (!unused.empty()) return base::Error{base::Kind::kUsage, "unknown key " + unused.front(), file, "see docs/guide/hub-operator.md"};
  return {};
}

base::Result<Settings> settings(const Arguments& a) {
  Settings s;
  if (a.words.size() == 1) s.dir = a.words[0];
  const auto own = s.dir + "/hub.toml";
  const auto file = a.get("config", fs::exists(own) && !s.dir.empty() ? own : "");
  if (!file.empty()) TRY(read_config(file, s));
  if (a.has("listen")) s.broker.listen = a.get("listen");
  if (a.words.size() > 1 || s.dir.empty())
    return base::Error{base::Kind::kUsage, "run takes a folder, or --config FILE with hub.data", {}, "see handoff-hub --help"};
  s.broker.data_dir = s.dir;
  return s;
}

// No core file and no debugger may carry the keys away. Only a test consortium may leave the memory readable (decisions D18).
void guard_memory(bool readable) {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  if (!readable) prctl(PR_SET_DUMPABLE, 0);
}

std::uint64_t quiet_ms(const Settings& s, const crypto::Anchor& anchor, const Folder& folder, bool fresh) {
  if (anchor.test) return s.quiet_ms > 0 ? static_cast<std::uint64_t>(s.quiet_ms) : 0;
  if (fresh) return 0;
  return fs::exists(folder.path("stopped")) ? kQuietCleanMs : kQuietUncleanMs;
}

// Decisions D18: only a test consortium's clock may be set.
base::Result<base::Clock> clock_of(const Settings& s, const crypto::Anchor& anchor) {
  if (s.test_clock.empty()) return base::Clock(base::real_now);
  if (!anchor.test) return base::Error{base::Kind::kUsage, "only a test consortium's clock may be set", "hub.test_clock", "remove the key"};
  std::fprintf(stderr, "handoff-hub: THE CLOCK IS SET BY A TEST\n");
  return base::test_clock(s.test_clock);
}

base::Status serve(const Folder& folder, Settings s, const crypto::Anchor& anchor) {
  TRY_ASSIGN(const auto journal, folder.open_journal(s.map_size));
  TRY(folder.use_keys_of(journal->directory().anchor()));
  TRY_ASSIGN(const auto transport, folder.transport());
  bool fresh = false;
  {
    TRY_ASSIGN(const auto snapshot, journal->read());
    fresh = snapshot->reader().size() == 0;
  }
  s.broker.quiet_ms = quiet_ms(s, anchor, folder, fresh);
  std::error_code ignored;
  fs::remove(folder.path("stopped"), ignored);
  TRY_ASSIGN(const base::Clock clock, clock_of(s, anchor));
  net::Context context;
  const auto steady = [] {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return base::Instant{static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since).count())};
  };
  TRY_ASSIGN(const auto broker,
             broker::Broker::start({context, *journal, transport, crypto::system_random(), clock, steady}, s.broker));
  running = broker.get();
  fmt::print("listening {}\n", broker->endpoint());
  std::fflush(stdout);
  const auto ended = broker->wait();
  running = nullptr;
  if (!ended.ok()) return ended.error();
  return write_new_file(folder.path("stopped"), "", 0644);
}

base::Status run(const Arguments& a) {
  TRY_ASSIGN(auto s, settings(a));
  const Folder folder(s.dir);
  TRY_ASSIGN(const auto anchor, folder.anchor());
  guard_memory(s.allow_memory_dump && anchor.test);
  if (s.allow_memory_dump && !anchor.test) std::fprintf(stderr, "handoff-hub: allow_memory_dump is for test consortia and is ignored\n");
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return serve(folder, std::move(s), anchor);
}

}  // namespace

int run_command(const Arguments& a) {
  const auto s = run(a);
  return s.ok() ? kWorked : report(s.error());
}

}  // namespace hub
