// Wiring one agency's agent.
#include "adapters/agent/agent.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "adapters/agent/anchors.h"
#include "adapters/agent/files.h"
#include "adapters/agent/rotation.h"
#include "crypto/base/test_clock.h"
#include "schemas/policy/policy.h"

namespace adapters::agent {
namespace {

std::map<std::string, std::string> display_names(const schemas::policy::Policy& policy) {
  std::map<std::string, std::string> names;
  for (const auto& a : policy.agencies) {
    if (!a.name.empty()) names[a.name] = a.slug;
  }
  return names;
}

base::Result<std::string> need(const std::string& path, const char* mend) {
  auto text = read_text(path, 64 << 10);
  if (text.ok()) return text;
  base::Error e = text.error();
  e.mend = mend;
  return e;
}

}  // namespace

base::Result<std::unique_ptr<Agent>> Agent::open(Settings settings, World world, std::span<const AdapterType> types) {
  std::unique_ptr<Agent> a(new Agent(std::move(settings), std::move(world)));
  TRY(a->lock_folder());
  TRY(a->open_rooms());
  TRY(a->plan_adapters(types));
  return a;
}

Agent::~Agent() {
  stop();
  if (lock_ >= 0) ::close(lock_);
}

// One live process per agent identity (protocol 3).
base::Status Agent::lock_folder() {
  const std::string path = settings_.dir + "/agent.lock";
  lock_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) return base::Error{base::Kind::kIo, "the data folder cannot be locked", path};
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) return base::Error{base::Kind::kConflict, "another agent runs in this folder", path, "stop it first"};
  return {};
}

// Decisions D18: only a test consortium's clock may be set.
base::Status Agent::set_test_clock() {
  TRY_ASSIGN(const crypto::Note note, crypto::parse_note(anchor_));
  TRY_ASSIGN(const crypto::Anchor anchor, crypto::parse_anchor(note.text));
  if (!anchor.test) return base::Error{base::Kind::kUsage, "only a test consortium's clock may be set", "agent.test_clock", "remove the key"};
  TRY_ASSIGN(world_.clock, base::test_clock(settings_.test_clock));
  alarms_.raise("test-clock", "THE CLOCK IS SET BY A TEST");
  return {};
}

// The keys, the store that they open, and the agent's own copy of the log; which says whether the keys of a rotation are the ones by now.
base::Status Agent::take_keys(base::View secret) {
  TRY_ASSIGN(Keys keys, open_keys(settings_.dir, secret, world_.random));
  TRY_ASSIGN(store_, keep::Store::open(settings_.dir + "/store", keys.vault->store_key(), world_.random, settings_.store_bytes));
  TRY_ASSIGN(replica_, keep::Replica::open(*store_, anchor_, alarms_));
  TRY_ASSIGN(std::optional<Keys> next, exchange(settings_.dir, keys, replica_->directory(), secret, world_.random));
  if (next) keys = std::move(*next);
  vault_ = std::move(keys.vault);
  cert_ = std::move(keys.cert);
  TRY_ASSIGN(next_transport_, pending_transport(settings_.dir, secret));
  return {};
}

// Called at every round of the keeper. The exchange itself is open()'s: here is seen that it is due.
void Agent::watch_rotation(bool connected) {
  const base::Instant now = world_.clock();
  if (connected || !rotation_pending(settings_.dir)) apart_since_ = {};
  if (!connected && rotation_pending(settings_.dir) && apart_since_.ms == 0) apart_since_ = now;
  const crypto::Directory directory = replica_->directory();
  const crypto::Member* member = directory.member(office_->self);
  const crypto::Cert* ours = directory.cert(office_->cert);
  const auto asked = requested(settings_.dir);
  const bool succeeded = member != nullptr && ours != nullptr && member->cert.serial > ours->serial;
  // The hub may have let the old transport key go while nobody here could read the log.
  const bool locked_out = !next_transport_ && apart_since_.ms != 0 && now > apart_since_.plus(30 * base::kSecond);
  if ((succeeded && asked && same_keys(*asked, member->cert)) || locked_out) {
    if (!unlock_secret(settings_.unlock, world_.credentials_directory).ok()) {
      return alarms_.raise("rotation", "new keys wait to be taken over, and the secret that opens them is not where agent.toml says: put it there");
    }
    if (!std::exchange(asked_to_renew_, true) && world_.renewed) world_.renewed();
    return;
  }
  const auto next = connected && rotation_pending(settings_.dir) ? read_text(settings_.dir + "/cert.next", 64 << 10) : base::Result<std::string>(std::string());
  if (!next.ok() || next->empty()) return alarms_.clear("rotation");
  const auto answer = client_->dir_put({*next, {}});
  if (answer.ok() && answer->nack) alarms_.raise("rotation", "the hub does not take our next certificate: " + answer->nack->words);
  if (answer.ok() && answer->ack) alarms_.clear("rotation");
}

base::Status Agent::open_rooms() {
  TRY_ASSIGN(anchor_, need(settings_.dir + "/anchor.note", "run: handoff-agent enroll"));
  if (!settings_.test_clock.empty()) TRY(set_test_clock());
  TRY(need(settings_.dir + "/cert.note", "run: handoff-agent enroll"));
  TRY_ASSIGN(const crypto::SecretBytes secret, unlock_secret(settings_.unlock, world_.credentials_directory));
  TRY(take_keys(secret.view()));
  TRY_ASSIGN(const crypto::Note note, crypto::parse_note(cert_));
  TRY_ASSIGN(const crypto::Cert cert, crypto::parse_cert(note.text));
  if (world_.fatal) store_->on_fatal(world_.fatal);
  take_anchors(settings_.dir, *store_, *replica_, world_.clock());
  shelf_ = std::make_unique<disclose::PolicyShelf>(*store_);
  TRY(shelf_->load());
  if (!settings_.scan.empty()) scanner_ = std::make_unique<blob::Scanner>(settings_.scan, settings_.scan_ms);
  office_.reset(new mail::Office{*store_, *replica_, *vault_, alarms_, world_.random, world_.clock, cert.agent, note.hash(), cert.name, cert.kind,
                                 settings_.outbox_limit, {}, {}, {}, *shelf_, settings_.attachments, scanner_.get()});
  office_->witness_every = settings_.witness_every_ms;
  people_ = std::make_unique<people::People>(*office_, settings_.inbox.sessions);
  notifier_ = std::make_unique<notify::Notifier>(*office_, settings_.notify);
  notifier_->set_staff([this] { return notify::staff_of(*people_); });
  host_ = std::make_unique<AgentHost>(*office_, settings_.aliases, world_.log);
  events_ = std::make_unique<web::Events>(*this);
  store_->on_news([this](const keep::News& news) { events_->news(news); });
  modes_ = std::make_unique<rehearse::Modes>(*office_);
  TRY(modes_->load());
  supervisor_ = std::make_unique<Supervisor>(*office_, *host_, *modes_);
  conveyor_ = std::make_unique<replay::Conveyor>(*office_, *supervisor_, *modes_);
  courier_ = std::make_unique<mail::Courier>(*office_);
  receiver_ = std::make_unique<mail::Receiver>(*office_);
  keeper_ = std::make_unique<mail::Keeper>(*office_, [this](const schemas::policy::Policy& p) { host_->set_display_names(display_names(p)); });
  keeper_->set_rounds([this](bool connected) { watch_rotation(connected); });
  clockwork_ = std::make_unique<loop::Clockwork>(*office_);
  inspector_ = std::make_unique<blob::Inspector>(*office_);
  office_->wake_courier = [this] { courier_->wake(); };
  office_->wake_feed = [this] {
    supervisor_->wake();
    inspector_->wake();
  };
  office_->wake_clock = [this] { clockwork_->wake(); };
  office_->wake_notify = [this] { notifier_->wake(); };
  return {};
}

base::Status Agent::plan_adapters(std::span<const AdapterType> types) {
  for (const AdapterSettings& a : settings_.adapters) {
    const AdapterType* type = nullptr;
    for (const AdapterType& t : types) {
      if (t.type == a.type) type = &t;
    }
    if (type == nullptr) return base::Error{base::Kind::kUsage, "there is no adapter of this type", "adapter.type: " + a.type};
    TRY_ASSIGN(const auto probe, type->make(a.config, a.name));  // a wrong table stops the start, not the night shift
    specs_.push_back({a.name, a.type, [make = type->make, config = a.config, name = a.name] { return make(config, name); }, a.retry_for_ms, probe->http_mounts()});
  }
  return {};
}

base::Status Agent::connect() {
  hub::client::Options options;
  options.endpoint = settings_.endpoint;
  options.server = hub_key(*store_, *replica_).key;
  options.other_key = next_transport_ ? &*next_transport_ : nullptr;
  options.checkpoint = [this] { return replica_->checkpoint(); };
  options.dir_seq = [this] { return replica_->directory().seq(); };
  hub::client::Pushes pushes;
  pushes.deliver = [this](base::Bytes frame) { receiver_->on_deliver(std::move(frame)); };
  pushes.receipt = [this](hub::client::wire::Receipt r) { courier_->on_receipt(std::move(r)); };
  pushes.connection = [this](bool up, const hub::client::wire::Hello& hub) {
    {
      const std::lock_guard lock(mutex_);
      connection_.up = up;
      connection_.since = world_.clock();
      if (up) connection_.hub = hub;
    }
    if (auto kept = up ? keep_anchors(settings_.dir, *store_, *replica_) : base::Status{}; !kept.ok()) world_.log("anchor", kept.error().message());
    events_->line_changed();
    courier_->on_connection(up);
    receiver_->on_connection(up);
    keeper_->on_connection(up);
  };
  if (world_.connect) {
    TRY_ASSIGN(client_, world_.connect(std::move(options), std::move(pushes)));
    return {};
  }
  context_ = std::make_unique<hub::net::Context>();
  TRY_ASSIGN(client_, hub::client::start_following(*context_, vault_->transport(), std::move(options), std::move(pushes), [this] { return hub_key(*store_, *replica_); }));
  return {};
}

base::Status Agent::start() {
  connection_.endpoint = settings_.endpoint;
  connection_.since = world_.clock();
  TRY(vault_->extend_epochs(world_.clock()));
  TRY(supervisor_->start(std::move(specs_)));
  TRY(connect());
  courier_->start(*client_);
  receiver_->start(*client_);
  keeper_->start(*client_);
  clockwork_->start();
  notifier_->start();
  inspector_->start();
  conveyor_->start();
  if (settings_.http) {
    TRY_ASSIGN(web_, web::Web::start(*this, *settings_.http, world_.inbox, world_.random, world_.clock));
  }
  return {};
}

void Agent::stop() {
  if (inspector_) inspector_->stop();
  if (supervisor_) supervisor_->end_http();
  if (events_) events_->stop();
  if (web_) web_->stop();
  if (clockwork_) clockwork_->stop();
  if (notifier_) notifier_->stop();
  if (courier_) courier_->stop();
  if (receiver_) receiver_->stop();
  if (keeper_) keeper_->stop();
  if (supervisor_) supervisor_->stop();
  if (conveyor_) conveyor_->stop();  // after those whom it may be waiting for
  client_.reset();
  context_.reset();
}

Connection Agent::connection() const {
  const std::lock_guard lock(mutex_);
  return connection_;
}

}  // namespace adapters::agent
