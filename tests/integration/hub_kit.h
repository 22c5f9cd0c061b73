// A real hub process with a test consortium around it, and agents that speak to it through hub/client.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>

#include "hub/client/client.h"
#include "schemas/frames.h"
#include "tests/kit/consortium.h"

#include <doctest/doctest.h>  // last: its CHECK is the one that tests mean

namespace hub_kit {

namespace wire = schemas::wire;

inline constexpr std::uint64_t kPatience = 20'000;  // an upper bound for a wait that ends by an event

class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  [[nodiscard]] std::string path(const std::string& name = {}) const { return name.empty() ? dir_ : dir_ + "/" + name; }

 private:
  std::string dir_;
};

// Starts bin/PROGRAM; `out` gets a pipe from its standard output. Returns the pid.
int spawn(const std::string& program, const std::vector<std::string>& args, int& out);
int wait_for(int pid);  // exit code, or 128 + signal

struct Finished {
  int code = -1;  // exit code, or 128 + signal
  std::string out;
};
Finished run_hub(const std::vector<std::string>& args);  // to its end

class HubProcess {  // `handoff-hub run`, waited for until it listens
 public:
  explicit HubProcess(const std::vector<std::string>& args);
  ~HubProcess();  // SIGKILL if still alive
  HubProcess(const HubProcess&) = delete;
  HubProcess& operator=(const HubProcess&) = delete;
  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }
  int end(int signal);  // exit code, or 128 + signal; 0 only waits for the end
  [[nodiscard]] int pid() const { return pid_; }

 private:
  int pid_ = -1;
  int out_ = -1;
  std::string endpoint_;
};

// One agent's connection, with what the hub pushed kept in order.
class Line {
 public:
  Line(hub::net::Context& context, const crypto::BoxKey& key, const std::string& endpoint, const crypto::PublicKey& server,
       std::uint32_t credit = 64, std::string checkpoint = {});
  hub::client::Client* operator->() { return client_.get(); }
  bool up(std::uint64_t ms = kPatience) { return client_->wait_connected(ms); }

  base::Bytes delivery();  // the next one; fails the test after kPatience
  wire::Receipt receipt();
  wire::Hello hello();  // the hub's newest
  bool goes_down();     // waits until the line is lost
  [[nodiscard]] std::size_t deliveries_waiting();

 private:
  template <class F>
  bool wait(F f);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<base::Bytes> deliveries_;
  std::deque<wire::Receipt> receipts_;
  std::optional<wire::Hello> hello_;
  unsigned downs_ = 0;
  std::unique_ptr<hub::client::Client> client_;
};

// A consortium of `slugs`, its folder made ready, its hub running. Notes are in: the first ones as the operator hands them in, the
// others by DIRPUT.
struct World {
  explicit World(std::vector<std::string> slugs, kit::Options options = {}, const std::string& config = {});
  TempDir dir;
  kit::Consortium c;
  hub::net::Context context;
  std::optional<HubProcess> hub;
  std::uint64_t dir_seq = 0;

  void start();
  Line line(const std::string& slug, std::uint32_t credit = 64, std::string checkpoint = {});
  [[nodiscard]] std::string folder() const { return dir.path("hub"); }
  [[nodiscard]] base::Instant now() const { return base::real_now(); }
  base::Bytes send(const std::string& from, const std::vector<kit::Mail>& mails) { return c.send(from, mails, now(), dir_seq); }
  // A receipt for the one group of this DELIVER frame.
  wire::Receipt receipt_for(const std::string& recipient, const std::string& sender, base::View deliver);
};

// The ACK's proofs hold under its log-signed checkpoint.
void check_proofs(const World& w, const wire::Ack& ack, std::size_t entries);
wire::Ack acked(base::Result<hub::client::Answer> answer);  // fails the test if it is anything else
// Sends all with four in flight; fails the test unless each is acknowledged. Gives the log indexes of their first entries.
std::vector<std::uint64_t> send_all(Line& line, const std::vector<base::Bytes>& frames);
wire::Nack nacked(base::Result<hub::client::Answer> answer);
bool eventually(const std::function<bool()>& holds);  // asks again every 20 ms, up to kPatience

struct Group {  // what a DELIVER frame says
  std::uint64_t index = 0;
  base::Hash leaf{};
  std::uint64_t upto = 0, pair_seq = 0;
  std::size_t messages = 0;
};
Group open_group(base::View deliver);  // checks hashes and binding to its log entry

}  // namespace hub_kit
