// See hub_kit.h. Waiting is always for an event, with kPatience as its limit.
#include "tests/integration/hub_kit.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "crypto/note.h"

extern char** environ;

namespace hub_kit {
namespace {

void put(const std::string& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

}  // namespace

int spawn(const std::string& program, const std::vector<std::string>& args, int& out) {
  const std::string path = HANDOFF_BIN_DIR "/" + program;
  int fds[2];
  REQUIRE(::pipe2(fds, O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fds[1], 1);
  std::vector<char*> argv{const_cast<char*>(path.c_str())};
  for (const auto& a : args) argv.push_back(const_cast<char*>(a.c_str()));
  argv.push_back(nullptr);
  int pid = -1;
  const int rc = ::posix_spawn(&pid, path.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(fds[1]);
  REQUIRE(rc == 0);
  out = fds[0];
  return pid;
}

int wait_for(int pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TempDir::TempDir() {
  auto pattern = (std::filesystem::temp_directory_path() / "handoff-test-XXXXXX").string();
  REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  dir_ = pattern;
}
TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(dir_, ignored);
}

Finished run_hub(const std::vector<std::string>& args) {
  Finished f;
  int out = -1;
  const int pid = spawn("handoff-hub", args, out);
  char buffer[4096];
  for (ssize_t n; (n = ::read(out, buffer, sizeof buffer)) > 0;) f.out.append(buffer, static_cast<std::size_t>(n));
  ::close(out);
  f.code = wait_for(pid);
  return f;
}

HubProcess::HubProcess(const std::vector<std::string>& args) {
  pid_ = spawn("handoff-hub", args, out_);
  std::string line;
  for (char ch; line.find('\n') == std::string::npos;) {
    pollfd p{out_, POLLIN, 0};
    REQUIRE(::poll(&p, 1, static_cast<int>(kPatience)) == 1);
    REQUIRE(::read(out_, &ch, 1) == 1);
    line += ch;
  }
  REQUIRE(line.starts_with("listening "));
  endpoint_ = line.substr(10, line.size() - 11);
}

HubProcess::~HubProcess() {
  if (pid_ > 0) end(SIGKILL);
}

int HubProcess::end(int signal) {
  ::kill(pid_, signal);
  const int code = wait_for(std::exchange(pid_, -1));
  ::close(out_);
  return code;
}

Line::Line(hub::net::Context& context, const crypto::BoxKey& key, const std::string& endpoint, const crypto::PublicKey& server,
           std::uint32_t credit, std::string checkpoint) {
  hub::client::Options o;
  o.endpoint = endpoint;
  o.server = server;
  o.credit = credit;
  o.checkpoint = [checkpoint] { return checkpoint; };
  hub::client::Pushes p;
  p.deliver = [this](base::Bytes frame) {
    const std::lock_guard lock(mutex_);
    deliveries_.push_back(std::move(frame));
    changed_.notify_all();
  };
  p.receipt = [this](wire::Receipt r) {
    const std::lock_guard lock(mutex_);
    receipts_.push_back(std::move(r));
    changed_.notify_all();
  };
  p.connection = [this](bool connected, const wire::Hello& h) {
    const std::lock_guard lock(mutex_);
    if (connected) hello_ = h;
    if (!connected) ++downs_;
    changed_.notify_all();
  };
  auto started = hub::client::Client::start(context, key, o, p);
  REQUIRE(started.ok());
  client_ = std::move(*started);
}

template <class F>
bool Line::wait(F f) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::milliseconds(kPatience), f);
}

base::Bytes Line::delivery() {
  REQUIRE(wait([this] { return !deliveries_.empty(); }));
  const std::lock_guard lock(mutex_);
  auto frame = std::move(deliveries_.front());
  deliveries_.pop_front();
  return frame;
}

wire::Receipt Line::receipt() {
  REQUIRE(wait([this] { return !receipts_.empty(); }));
  const std::lock_guard lock(mutex_);
  auto r = std::move(receipts_.front());
  receipts_.pop_front();
  return r;
}

wire::Hello Line::hello() {
  REQUIRE(wait([this] { return hello_.has_value(); }));
  const std::lock_guard lock(mutex_);
  return *hello_;
}

bool Line::goes_down() {
  return wait([this] { return downs_ > 0; });
}

std::size_t Line::deliveries_waiting() {
  const std::lock_guard lock(mutex_);
  return deliveries_.size();
}

World::World(std::vector<std::string> slugs, kit::Options options, const std::string& config)
    : c(
          [&] {
            std::vector<kit::AgentSpec> specs;
            for (const auto& s : slugs) {
              specs.push_back({s,
                               s == "auditor"       ? "hospital_ed"
                               : s == "coordinator" ? "coordinator"
                               : s == "police"      ? "police"
                                                    : "hospital_ed",
                               s == "auditor" ? "auditor" : "agent"});
            }
            return specs;
          }(),
          [&] {
            options.now = base::real_now();
            return options;
          }()) {
  std::filesystem::create_directories(folder());
  put(folder() + "/log.key", base::hex(c.log_key().seed()) + "\n");
  put(folder() + "/transport.key", base::hex(c.hub_transport().secret().view()) + "\n");
  put(dir.path("anchor.note"), c.anchor());
  if (!config.empty()) put(folder() + "/hub.toml", config);
  REQUIRE(run_hub({"init", folder(), "--anchor", dir.path("anchor.note")}).code == 0);
  start();
  auto notes = c.notes();  // policy, certificates, epochs
  put(dir.path("policy.note"), notes[0].whole);
  put(dir.path("policy.toml"), base::text(notes[0].blob));
  put(dir.path("first.note"), notes[1].whole);
  REQUIRE(run_hub({"add", folder(), dir.path("policy.note"), "--rules", dir.path("policy.toml"), "--wait"}).code == 0);
  REQUIRE(run_hub({"add", folder(), dir.path("first.note"), "--wait"}).code == 0);
  auto first = line(slugs[0]);
  REQUIRE(first.up());
  for (std::size_t i = 2; i < notes.size(); ++i) acked(first->dir_put({notes[i].whole, notes[i].blob}));
  dir_seq = notes.size();
}

void World::start() {
  hub.emplace(std::vector<std::string>{"run", folder(), "--listen", hub ? hub->endpoint() : std::string("tcp://127.0.0.1:*")});
}

Line World::line(const std::string& slug, std::uint32_t credit, std::string checkpoint) {
  return Line(context, c.agent(slug).transport, hub->endpoint(), c.hub_transport().public_key(), credit, std::move(checkpoint));
}

wire::Receipt World::receipt_for(const std::string& recipient, const std::string& sender, base::View deliver) {
  const auto g = open_group(deliver);
  const auto bytes = c.receipt(recipient, sender, g.upto, g.leaf, now());
  wire::Receipt r;
  r.rcp = base::to_bytes(base::View(bytes).first(184));
  r.sig = base::to_bytes(base::View(bytes).subspan(184));
  return r;
}

void check_proofs(const World& w, const wire::Ack& ack, std::size_t entries) {
  const auto checkpoint = crypto::open_checkpoint(ack.checkpoint, w.c.anchor_values().log);
  REQUIRE(checkpoint.ok());
  REQUIRE(ack.entries.size() == entries);
  for (std::size_t i = 0; i < entries; ++i) {
    const auto& e = ack.entries[i];
    CHECK(e.index == ack.entries[0].index + i);
    CHECK(crypto::verify_inclusion(e.index, checkpoint->size, crypto::merkle_leaf(e.ent), e.path, checkpoint->root));
  }
}

wire::Ack acked(base::Result<hub::client::Answer> answer) {
  if (!answer.ok()) FAIL(answer.error().message());
  if (answer->nack) FAIL("NACK " << static_cast<int>(answer->nack->code) << ": " << answer->nack->words);
  return *answer->ack;
}

wire::Nack nacked(base::Result<hub::client::Answer> answer) {
  if (!answer.ok()) FAIL(answer.error().message());
  REQUIRE(answer->nack.has_value());
  return *answer->nack;
}

std::vector<std::uint64_t> send_all(Line& line, const std::vector<base::Bytes>& frames) {
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t answered = 0;
  std::vector<std::uint64_t> indexes(frames.size(), 0);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    {
      std::unique_lock lock(mutex);
      REQUIRE(changed.wait_for(lock, std::chrono::milliseconds(kPatience), [&] { return answered + 4 > i; }));
    }
    line->batch_async(frames[i], [&, i](base::Result<hub::client::Answer> a) {
      const std::lock_guard lock(mutex);
      if (a.ok() && a->ack) indexes[i] = a->ack->entries.at(0).index;
      ++answered;
      changed.notify_all();
    });
  }
  std::unique_lock lock(mutex);
  REQUIRE(changed.wait_for(lock, std::chrono::milliseconds(kPatience), [&] { return answered == frames.size(); }));
  for (const auto i : indexes) REQUIRE(i > 0);
  return indexes;
}

bool eventually(const std::function<bool()>& holds) {
  for (std::uint64_t ms = 0; ms < kPatience; ms += 20) {
    if (holds()) return true;
    ::poll(nullptr, 0, 20);
  }
  return false;
}

Group open_group(base::View deliver) {
  const auto d = schemas::decode_deliver(deliver);
  REQUIRE(d.ok());
  auto parsed = crypto::parse_batch(d->batch, crypto::Frame::kDeliver);
  REQUIRE(parsed.ok());
  REQUIRE(crypto::check_hashes(d->batch, *parsed, crypto::Frame::kDeliver).ok());
  const auto ent = crypto::parse_ent1(d->ent);
  REQUIRE(ent.ok());
  const auto& g = parsed->groups[0];
  CHECK(ent->subject == g.leaf);
  CHECK(ent->container == parsed->hash);
  return {d->index, g.leaf, g.grp.broadcast() ? 0 : g.upto_pair_seq(), g.grp.slots[0].pair_seq, g.hdrs.size()};
}

}  // namespace hub_kit
