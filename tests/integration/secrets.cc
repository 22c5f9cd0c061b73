// What a memory image gives away (threats T13, T19): every readable page of the running hub, of an agent whose keys are locked, and what a
// core file of an unlocked agent would hold, searched for plaintext, keys and the passphrase. The unlocked agent's whole memory is the
// control: there the same search must find them.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>

#include "crypto/locker.h"
#include "tests/integration/agent_kit.h"

using namespace agent_kit;
using hub_kit::eventually;

namespace {

const char* const kHub = "[hub]\nstartup_quiet_ms = 0\n";
constexpr std::string_view kName = "Canaryworth", kText = "she says the blue house by the mill";

struct Region {
  std::uint64_t from = 0, to = 0;
  std::string name;
  bool in_core = true;  // a core file has it: not MADV_DONTDUMP
};

// From /proc/PID/smaps: readable memory.
std::vector<Region> regions(int pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/smaps");
  std::vector<Region> out;
  bool readable = false;
  for (std::string line; std::getline(in, line);) {
    std::uint64_t from = 0, to = 0;
    char rights[5] = {};
    int name = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx %4s %*s %*s %*s %n", &from, &to, rights, &name) == 3) {
      readable = rights[0] == 'r';
      if (readable) out.push_back({from, to, name > 0 && static_cast<std::size_t>(name) < line.size() ? line.substr(static_cast<std::size_t>(name)) : "", true});
    } else if (readable && line.starts_with("VmFlags:")) {
      out.back().in_core = line.find(" dd") == std::string::npos;
    }
  }
  return out;
}

// Where each needle lies. Pages of files (programs, the sealed store) are searched too, but for the largest maps' holes.
class Image {
 public:
  explicit Image(int pid) : regions_(regions(pid)) {
    fd_ = ::open(("/proc/" + std::to_string(pid) + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
    REQUIRE_MESSAGE(fd_ >= 0, "the kernel does not let this user read another process's memory: run the test as root");
  }
  ~Image() { ::close(fd_); }
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;

  std::vector<std::string> find(const std::vector<std::pair<std::string, std::string>>& needles, bool core_only) {
    std::vector<std::string> found;
    for (const Region& r : regions_) {
      if (core_only && !r.in_core) continue;
      if (r.name.ends_with("data.mdb")) continue;  // the store: searched on the disk by other tests, 16 GiB of holes here
      search(r, needles, found);
    }
    return found;
  }

 private:
  void search(const Region& r, const std::vector<std::pair<std::string, std::string>>& needles, std::vector<std::string>& found) {
    constexpr std::size_t kBlock = 1 << 20, kOverlap = 128;
    std::string block;
    for (std::uint64_t at = r.from; at < r.to; at += kBlock) {
      block.resize(std::min<std::uint64_t>(kBlock + kOverlap, r.to - at));
      const ssize_t n = ::pread(fd_, block.data(), block.size(), static_cast<off_t>(at));
      if (n <= 0) continue;
      const std::string_view have(block.data(), static_cast<std::size_t>(n));
      for (const auto& [what, bytes] : needles) {
        if (have.find(bytes) != std::string_view::npos) found.push_back(what + " in " + (r.name.empty() ? "anonymous memory" : r.name));
      }
      bytes_ += static_cast<std::uint64_t>(n);
    }
  }
  std::vector<Region> regions_;
  int fd_ = -1;
  std::uint64_t bytes_ = 0;
};

std::string joined(const std::vector<std::string>& v) {
  std::string out;
  for (const std::string& s : v) out += s + "; ";
  return out;
}
bool names(const std::vector<std::string>& found, const std::string& what) {
  return std::any_of(found.begin(), found.end(), [&](const std::string& s) { return s.starts_with(what); });
}

std::string read_all(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
std::string text_of(base::View v) { return base::to_string(v); }

using Needles = std::vector<std::pair<std::string, std::string>>;

Needles plaintext() { return {{"a name", std::string(kName)}, {"a message", std::string(kText)}}; }

// The agent's secrets, out of its sealed files.
Needles keys_of(const AgentProcess& a, bool with_transport) {
  const std::string pass = "correct horse", file = read_all(a.dir() + "/keys.sealed");
  const auto plain = crypto::unlock_key_file(base::view(pass), base::view(file));
  REQUIRE(plain.ok());
  const char* kNames[] = {"sign seed", "witness seed", "transport secret", "store key", "hedge secret", "epoch file key"};
  Needles out{{"passphrase", pass}};
  REQUIRE(plain->size() >= 6 + 32 * 6);
  for (std::size_t i = 0; i < 6; ++i) {
    if (i != 2 || with_transport) out.emplace_back(kNames[i], text_of(plain->view().subspan(6 + 32 * i, 32)));
  }
  const std::string epochs = read_all(a.dir() + "/epochs.sealed");
  const auto rows = crypto::unlock_key_file(plain->view().subspan(6 + 32 * 5, 32), base::view(epochs));
  REQUIRE(rows.ok());
  out.emplace_back("epoch secret", text_of(rows->view().subspan(28, 32)));
  return out;
}
Needles operator+(Needles a, const Needles& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

struct County {
  hub_kit::World world{{"police"}, {}, kHub};
  AgentProcess mercy{world, "mercy", "hospital_ed"}, harbor{world, "harbor", "crisis_center"};
  std::string thread;
  County() {
    REQUIRE(eventually([&] {
      return mercy.ask({{"op", "can_send"}, {"to", "harbor"}, {"kind", "Referral"}}).value("allowed", false) &&
             harbor.ask({{"op", "can_send"}, {"to", "mercy"}, {"kind", "Referral"}}).value("allowed", false);
    }));
    Json r = {{"subject", {{"name", {{"family", kName}}}, {"dob", "1992"}}}, {"urgency", "urgent"}, {"source_ref", "R-1"}, {"authority_basis", "treatment"}};
    r["reasons"] = Json::array({{{"code", "SI"}}});
    r["service"] = {{"code", "CRISIS_EVAL"}};
    r["requester"] = {{"phone", "+1-555-0110"}};
    thread = mercy.must({{"op", "send"}, {"to", "harbor"}, {"dedupe_key", "R-1"}, {"body", {{"kind", "Referral"}, {"referral", r}}}}).at("thread").get<std::string>();
    mercy.must({{"op", "send"}, {"thread", thread}, {"dedupe_key", "n"}, {"body", {{"kind", "SecureMessage"}, {"secure_message", {{"text", kText}, {"author_role", "nurse"}}}}}});
    REQUIRE(eventually([&] { return harbor.count(thread) == 3 && mercy.phase(thread) == "received"; }));
  }
};

}  // namespace

TEST_CASE("a memory image of the running hub holds no plaintext, no agency's key, and its core no key of the log") {
  County c;
  Image image(c.world.hub->pid());
  const Needles secret = plaintext() + keys_of(c.mercy, true) + keys_of(c.harbor, true);
  CHECK_MESSAGE(image.find(secret, false).empty(), joined(image.find(secret, false)));
  const std::string seed = text_of(c.world.c.log_key().seed());
  const Needles own{{"log seed", seed}, {"log seed in hex", base::hex(c.world.c.log_key().seed())}};
  CHECK_MESSAGE(image.find(own, true).empty(), joined(image.find(own, true)));
  // The control: the search finds what the hub must hold.
  CHECK(names(image.find({{"a header's agency", "name harbor"}}, false), "a header's agency"));
  CHECK(names(image.find(own, false), "log seed"));
}

TEST_CASE("an agent whose keys are locked has nothing in its memory, and comes back when its secret does; unlocked, the same search finds all of it") {
  County c;
  const Needles keys = keys_of(c.harbor, true), all = plaintext() + keys;
  {
    c.harbor.must({{"op", "inbox.show"}, {"thread", c.thread}, {"peek", true}});
    Image unlocked(c.harbor.pid());
    const auto found = unlocked.find(all, false);
    for (const char* what : {"a name", "a message", "sign seed", "store key", "epoch secret"}) CHECK_MESSAGE(names(found, what), what << " is not found: the search does not search");
    CHECK_FALSE(names(found, "passphrase"));  // wiped once the key file is open
    // A core file leaves the locked pages out, and no copy of a key lies outside them; the transport secret is libzmq's to hold.
    const auto in_core = unlocked.find(keys_of(c.harbor, false), true);
    CHECK_MESSAGE(in_core.empty(), joined(in_core));
  }
  CHECK(run_agent({"lock", c.harbor.dir()}).code == 2);  // the passphrase still lies there
  const std::string pass = c.world.dir.path("pass");
  REQUIRE(::rename(pass.c_str(), (pass + ".away").c_str()) == 0);
  REQUIRE(run_agent({"lock", c.harbor.dir()}).code == 0);
  REQUIRE(eventually([&] { return c.harbor.said("locked "); }));
  const Json refused = c.harbor.ask({{"op", "inbox.show"}, {"thread", c.thread}});
  CHECK(refused.at("ok") == false);
  CHECK(refused.at("error").at("what").get<std::string>().find("locked") != std::string::npos);
  {
    Image locked(c.harbor.pid());
    const auto found = locked.find(all, false);
    CHECK_MESSAGE(found.empty(), joined(found));
    CHECK(names(locked.find({{"its folder", c.harbor.dir()}}, false), "its folder"));
  }
  REQUIRE(::rename((pass + ".away").c_str(), pass.c_str()) == 0);
  REQUIRE(eventually([&] { return c.harbor.said("ready "); }));
  CHECK(eventually([&] { return c.harbor.count(c.thread) == 3; }));
}
