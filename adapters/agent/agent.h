// Agent: all the rooms of one agency's agent, wired. Owns everything; start() and stop() once each.
#pragma once

#include "adapters/agent/blob/inspector.h"
#include "adapters/agent/blob/scanner.h"
#include "adapters/agent/loop/clockwork.h"
#include "adapters/agent/mail/courier.h"
#include "adapters/agent/mail/keeper.h"
#include "adapters/agent/mail/receiver.h"
#include "adapters/agent/notify/notify.h"
#include "adapters/agent/people/people.h"
#include "adapters/agent/replay/conveyor.h"
#include "adapters/agent/settings.h"
#include "adapters/agent/supervisor.h"
#include "adapters/agent/web/events.h"
#include "adapters/agent/web/web.h"
#include "adapters/transport/assets.h"

namespace adapters::agent {

// What only a main.cc (or a test) has.
struct World {
  crypto::Random& random;
  base::Clock clock;
  AgentHost::Log log;
  std::function<void(const base::Error&)> fatal;  // the disk failed: the process must stop (D16)
  const char* credentials_directory = nullptr;
  // How to reach the hub; empty: a real connection to settings.endpoint.
  std::function<base::Result<std::unique_ptr<hub::client::Client>>(hub::client::Options, hub::client::Pushes)> connect{};
  transport::Assets inbox = nullptr;  // the web inbox's files; nullptr: built without it
  // This agent's next certificate stands in the log, and its keys are in the folder: open() anew takes them over. Once, on a thread of the
  // agent's: hand over and return.
  std::function<void()> renewed{};
};

struct Connection {
  bool up = false;
  base::Instant since;                        // when it came, or went
  hub::client::wire::Hello hub;
  std::string endpoint;
};

class Agent {
 public:
  // Reads keys, certificate, anchor; opens the store. Errors name the file and the mend.
  static base::Result<std::unique_ptr<Agent>> open(Settings settings, World world, std::span<const AdapterType> types);
  ~Agent();
  base::Status start();
  void stop();

  [[nodiscard]] mail::Office& office() { return *office_; }
  [[nodiscard]] people::People& people() { return *people_; }
  [[nodiscard]] notify::Notifier& notifier() { return *notifier_; }
  [[nodiscard]] AgentHost& host() { return *host_; }
  [[nodiscard]] Supervisor& supervisor() { return *supervisor_; }
  [[nodiscard]] rehearse::Modes& modes() { return *modes_; }
  [[nodiscard]] replay::Conveyor& conveyor() { return *conveyor_; }
  [[nodiscard]] mail::Courier& courier() { return *courier_; }
  [[nodiscard]] hub::client::Client& hub() { return *client_; }
  [[nodiscard]] web::Events& events() { return *events_; }
  [[nodiscard]] web::Web* web() { return web_.get(); }  // nullptr: no [http] in the settings
  [[nodiscard]] Connection connection() const;
  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] const std::string& anchor_note() const { return anchor_; }
  [[nodiscard]] const std::string& cert_note() const { return cert_; }

 private:
  Agent(Settings settings, World world) : settings_(std::move(settings)), world_(std::move(world)) {}
  base::Status lock_folder();
  base::Status set_test_clock();
  base::Status open_rooms();
  base::Status take_keys(base::View secret);
  void watch_rotation(bool connected);
  base::Status plan_adapters(std::span<const AdapterType> types);
  base::Status connect();

  Settings settings_;
  World world_;
  std::string anchor_, cert_;
  int lock_ = -1;
  Alarms alarms_;
  std::unique_ptr<Vault> vault_;
  std::optional<crypto::BoxKey> next_transport_;  // of a rotation under way, as of open(): the hub may know it already
  base::Instant apart_since_;                     // the keeper's thread: without a hub, while a rotation is under way
  bool asked_to_renew_ = false;                   // likewise
  std::unique_ptr<keep::Store> store_;
  std::unique_ptr<keep::Replica> replica_;
  std::unique_ptr<disclose::PolicyShelf> shelf_;
  std::unique_ptr<blob::Scanner> scanner_;
  std::unique_ptr<mail::Office> office_;
  std::unique_ptr<people::People> people_;
  std::unique_ptr<notify::Notifier> notifier_;
  std::unique_ptr<AgentHost> host_;
  std::unique_ptr<rehearse::Modes> modes_;
  std::unique_ptr<Supervisor> supervisor_;
  std::unique_ptr<replay::Conveyor> conveyor_;
  std::unique_ptr<web::Events> events_;
  std::unique_ptr<mail::Courier> courier_;
  std::unique_ptr<mail::Receiver> receiver_;
  std::unique_ptr<mail::Keeper> keeper_;
  std::unique_ptr<loop::Clockwork> clockwork_;
  std::unique_ptr<blob::Inspector> inspector_;
  std::vector<AdapterSpec> specs_;
  std::unique_ptr<hub::net::Context> context_;
  std::unique_ptr<hub::client::Client> client_;
  std::unique_ptr<web::Web> web_;
  mutable std::mutex mutex_;
  Connection connection_;
};

}  // namespace adapters::agent
