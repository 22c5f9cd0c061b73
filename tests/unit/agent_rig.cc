// The fake hub's calls, and agents in temporary folders.
#include "tests/unit/agent_rig.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "schemas/policy/header.h"

namespace rig {

using hub::client::Client;
using kit::EntryType;

TempDir::TempDir() {
  std::string name = (std::filesystem::temp_directory_path() / "handoff-agent-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}
TempDir::~TempDir() {
  std::error_code gone;
  std::filesystem::remove_all(path_, gone);
}

base::Instant TestClock::now() const {
  const auto gone = std::chrono::steady_clock::now() - start_;
  return kit::kStart.plus(offset_ + static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(gone).count()));
}

namespace {
base::Error busy() { return {base::Kind::kBusy, "no connection"}; }
}  // namespace

class FakeClient final : public Client {
 public:
  FakeClient(FakeHub& hub, const base::Id& who) : hub_(hub), who_(who) {}
  ~FakeClient() override {
    const std::lock_guard lock(hub_.mutex);
    hub_.sessions_.erase(who_);
  }
  bool wait_connected(std::uint64_t) override { return connected(); }
  [[nodiscard]] bool connected() const override {
    const std::lock_guard lock(hub_.mutex);
    return up();
  }
  base::Result<Answer> batch(base::View frame) override { return accept(frame); }
  base::Result<Answer> receipt(const wire::Receipt& r) override {
    const std::lock_guard lock(hub_.mutex);
    if (!up()) return busy();
    ++hub_.receipts;
    const Outcome o = apply(kit::item(EntryType::kReceipt, base::concat({r.rcp, r.sig})));
    if (o.accepted && !o.repeat) {
      const auto forward = hub_.shown_to(who_).ask([&](const hub::state::Reader& reader) { return reader.receipt(o.first_index); });
      const auto to = hub_.sessions_.find(o.receipt_for);
      if (forward.ok() && to != hub_.sessions_.end() && to->second.up && (!hub_.on_receipt || hub_.on_receipt(*forward))) to->second.pushes.receipt(*forward);
    }
    return answer(o, o.repeat ? 0 : o.n);
  }
  base::Result<Answer> dir_put(const wire::DirPut& p) override {
    const std::lock_guard lock(hub_.mutex);
    if (!up()) return busy();
    if (hub_.on_dir_put && !hub_.on_dir_put(who_, p)) return busy();
    const Outcome o = apply(kit::item(EntryType::kDir, base::to_bytes(p.note), p.blob));
    return answer(o, o.n);
  }
  base::Result<Answer> ledger(const wire::Ledger& l) override {
    const std::lock_guard lock(hub_.mutex);
    if (!up()) return busy();
    const Outcome o = apply(kit::item(EntryType::kHead, base::to_bytes(base::view(l.note))));
    return answer(o, o.n);
  }
  base::Result<wire::DirGot> dir_get(const wire::DirGet& q) override {
    return ask<wire::DirGot>([&](const hub::state::Reader& r) -> base::Result<wire::DirGot> {
      wire::DirGot got = r.notes(q.after, q.limit);
      if (!base::all_zero(q.blob) && !hub_.withholds_texts) got.blob = r.blob(q.blob);
      return got;
    });
  }
  base::Result<wire::LogGot> log_get(const wire::LogGet& q) override {
    return ask<wire::LogGot>([&](const hub::state::Reader& r) -> base::Result<wire::LogGot> {
      wire::LogGot got;
      got.checkpoint = q.what == wire::LogGet::What::kWitnessed ? r.witnessed() : r.checkpoint();
      if (q.what == wire::LogGet::What::kEntries) got.data = r.entries(q.from, q.to);
      return got;
    });
  }
  base::Result<wire::Fetched> fetch(const wire::Fetch& q) override {
    return ask<wire::Fetched>([&](const hub::state::Reader& r) -> base::Result<wire::Fetched> {
      wire::Fetched got;
      std::vector<std::uint64_t> groups;
      if (q.what == wire::Fetch::What::kIndex) groups = {q.from};
      if (q.what == wire::Fetch::What::kPairFrom) groups = r.pair_groups(q.sender, q.recipient, q.from, q.limit);
      if (q.what == wire::Fetch::What::kOwnLast) {
        if (const auto first = r.last_batch(who_)) groups = {*first};
      }
      if (q.what == wire::Fetch::What::kReceipts) got.receipts = r.receipts(q.sender, q.recipient, q.from, q.limit);
      for (const std::uint64_t index : groups) {
        if (auto frame = r.deliver_frame(index); frame.ok()) got.delivers.push_back(std::move(*frame));
      }
      if (hub_.on_fetch) hub_.on_fetch(who_, q, got);
      return got;
    });
  }
  base::Result<wire::Found> search(const wire::Search&) override { return busy(); }
  base::Result<wire::StatusReport> status() override { return busy(); }
  // As hub/broker/on_witness.cc, with rounds of no length.
  base::Result<wire::Witness> witness(const wire::Witness& w) override {
    const std::lock_guard lock(hub_.mutex);
    if (!up()) return busy();
    kit::HubRig& rig = hub_.shown_to(who_);
    hub::broker::Rounds& rounds = &rig == &hub_.rig_ ? hub_.rounds_ : hub_.fork_rounds_;
    const crypto::Directory directory = rig.journal->directory();
    if (w.body.starts_with("size ")) {
      const auto size = std::stoull(w.body.substr(5));
      auto body = rig.ask([&](const hub::state::Reader& r) { return rounds.request(r, directory, size, 1); });
      if (!body.ok()) return body.error();
      return wire::Witness{hub_.on_witness ? hub_.on_witness(who_, *body) : *body};
    }
    const auto taken = rounds.take(directory, {}, w.body);
    if (!taken.ok()) return taken.error();
    if (taken->enough) REQUIRE(rig.journal->keep_witnessed(taken->size, taken->by.at, taken->note).ok());
    return wire::Witness{};
  }
  base::Status credit(std::uint32_t) override { return {}; }
  void batch_async(base::Bytes frame, std::function<void(base::Result<Answer>)> done) override { done(accept(frame)); }
  void receipt_async(wire::Receipt r, std::function<void(base::Result<Answer>)> done) override { done(receipt(r)); }

 private:
  [[nodiscard]] bool up() const {
    const auto it = hub_.sessions_.find(who_);
    return it != hub_.sessions_.end() && it->second.up;
  }
  Outcome apply(kit::Item i) {
    hub_.tick();
    if (who_ != hub_.forked_for_) return hub_.apply(hub_.rig_, std::move(i));
    const Outcome others = hub_.apply(hub_.rig_, i);  // whose mail the others get
    for (const auto& d : others.deliveries) hub_.push(d.recipient, d.index);
    return hub_.apply(*hub_.fork_, std::move(i));
  }
  base::Result<Answer> answer(const Outcome& o, std::uint32_t n) {
    Answer a;
    if (!o.accepted) {
      wire::Nack nack;
      nack.code = o.code;
      nack.words = o.words;
      nack.payload = o.payload;
      for (const auto& g : o.groups) nack.groups.push_back({g.group_no, g.code, g.payload});
      a.nack = std::move(nack);
      return a;
    }
    auto ack = hub_.shown_to(who_).ask([&](const hub::state::Reader& r) { return r.ack(o.first_index, n, o.batch_hash); });
    if (!ack.ok()) return ack.error();
    a.ack = std::move(*ack);
    return a;
  }
  base::Result<Answer> accept(base::View frame) {
    const std::lock_guard lock(hub_.mutex);
    if (!up()) return busy();
    hub_.batches.push_back(base::to_bytes(frame));
    if (hub_.on_batch) {
      if (auto instead = hub_.on_batch(who_, frame)) return *instead;
    }
    const Outcome o = apply(kit::item(EntryType::kAccept, base::to_bytes(frame)));
    auto a = answer(o, o.n);
    if (a.ok() && hub_.spoil) hub_.spoil(*a);
    for (const auto& d : o.deliveries) {
      if (who_ != hub_.forked_for_ && d.recipient != hub_.forked_for_) hub_.push(d.recipient, d.index);
    }
    if (hub_.loses_answer && hub_.loses_answer(who_)) return busy();
    return a;
  }
  template <class T, class F>
  base::Result<T> ask(const F& question) {
    const std::lock_guard lock(hub_.mutex);
    if (!up()) return busy();
    return hub_.shown_to(who_).ask(question);
  }
  FakeHub& hub_;
  base::Id who_;
};

FakeHub::FakeHub() : rig_(std::vector<kit::AgentSpec>{{"police", "police"}}) {}

std::string FakeHub::enrol(const std::string& request_note) {
  const std::lock_guard lock(mutex);
  const auto note = crypto::parse_note(request_note);
  REQUIRE(note.ok());
  const auto request = crypto::parse_request(note->text);
  REQUIRE(request.ok());
  crypto::Cert cert = request->cert;
  const auto anchor = crypto::parse_note(rig_.c.anchor());
  cert.consortium = anchor->hash();
  cert.serial = 1;
  cert.not_before = kit::kStart.minus(base::kHour);
  cert.not_after = kit::kStart.plus(365 * base::kDay);
  std::string whole = rig_.c.sign_by_authorities(cert.text(), 2);
  tick();
  const Outcome o = apply(rig_, kit::item(EntryType::kDir, base::to_bytes(whole)));
  REQUIRE_MESSAGE(o.accepted, o.words);
  return whole;
}

void FakeHub::policy(const std::string& toml) {
  const std::lock_guard lock(mutex);
  const auto policy = schemas::policy::parse_policy(toml);
  REQUIRE_MESSAGE(policy.ok(), (policy.ok() ? "" : policy.error().message()));
  const auto note = schemas::policy::header_of(*policy);
  REQUIRE_MESSAGE(note.ok(), (note.ok() ? "" : note.error().message()));
  tick();
  const Outcome o = apply(rig_, kit::item(EntryType::kDir, base::to_bytes(rig_.c.sign_by_authorities(note->text(), 2)), base::to_bytes(toml)));
  REQUIRE_MESSAGE(o.accepted, o.words);
}

void FakeHub::quorum(const std::vector<std::string>& lines) {
  const std::lock_guard lock(mutex);
  crypto::Anchor next = rig_.journal->directory().anchor();
  next.prev = crypto::sha256(base::view(next.text()));
  ++next.version;
  next.tlog_policy = lines;
  tick();
  const Outcome o = apply(rig_, kit::item(EntryType::kDir, base::to_bytes(rig_.c.sign_by_authorities(next.text(), 2))));
  REQUIRE_MESSAGE(o.accepted, o.words);
}

Outcome FakeHub::apply(kit::HubRig& rig, kit::Item i) {
  rig.now = rig_.now;
  if (&rig == &rig_) history_.emplace_back(i, rig_.now);
  return rig.apply(std::move(i));
}

void FakeHub::fork(const base::Id& who) {
  const std::lock_guard lock(mutex);
  fork_ = std::make_unique<kit::HubRig>(std::vector<kit::AgentSpec>{{"police", "police"}});  // the same keys and first notes
  for (const auto& [item, at] : history_) {
    fork_->now = at;
    fork_->apply(item);
  }
  REQUIRE(fork_->size() == rig_.size());
  forked_for_ = who;
}

base::Result<std::unique_ptr<Client>> FakeHub::connect(const base::Id& who, hub::client::Options, hub::client::Pushes p) {
  {
    const std::lock_guard lock(mutex);
    sessions_[who] = {std::move(p), false};
  }
  auto client = std::make_unique<FakeClient>(*this, who);
  connection(who, true);
  return std::unique_ptr<Client>(std::move(client));
}

void FakeHub::connection(const base::Id& who, bool up) {
  const std::lock_guard lock(mutex);
  const auto it = sessions_.find(who);
  if (it == sessions_.end()) return;
  it->second.up = up;
  wire::Hello hello;
  hello.hub_time = clock.now().ms;
  it->second.pushes.connection(up, hello);
  if (!up) return;
  const auto waiting = shown_to(who).ask([&](const hub::state::Reader& r) { return r.waiting(who, 0, 1000); });
  for (const auto& [seq, index] : waiting) push(who, index);
}

void FakeHub::push(const base::Id& to, std::uint64_t index) {
  const auto it = sessions_.find(to);
  if (it == sessions_.end() || !it->second.up) return;
  auto frame = shown_to(to).ask([&](const hub::state::Reader& r) { return r.deliver_frame(index); });
  if (!frame.ok() || (on_deliver && !on_deliver(to, *frame))) return;
  it->second.pushes.deliver(std::move(*frame));
}

void FakeHub::redeliver(const base::Id& to, std::uint64_t index) {
  const std::lock_guard lock(mutex);
  push(to, index);
}

AgentBox::AgentBox(FakeHub& hub, const std::string& slug, const std::string& kind, std::vector<agent::AdapterSettings> adapters, std::vector<agent::AdapterType> types)
    : hub_(hub), adapters_(std::move(adapters)), types_(std::move(types)) {
  const std::string dir = dir_.path(), pass = dir + "/pass";
  std::ofstream(pass) << "correct horse\n";
  agent::InitOptions o;
  o.dir = dir;
  o.slug = slug;
  o.kind = kind;
  o.hub = "tcp://127.0.0.1:1";
  o.consortium = hub.hub().c.name();
  o.unlock.passphrase_file = pass;
  o.low_cost = true;
  const auto made = agent::init_agent(o, crypto::system_random());
  REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().message()));
  id_ = made->agent;
  std::ifstream request(made->request_path);
  std::ofstream(dir + "/cert") << hub.enrol(std::string(std::istreambuf_iterator<char>(request), {}));
  std::ofstream(dir + "/anchor") << hub.anchor();
  const auto enrolled = agent::enroll_agent({dir, dir + "/cert", dir + "/anchor", {}}, hub.clock.now());
  REQUIRE_MESSAGE(enrolled.ok(), (enrolled.ok() ? "" : enrolled.error().message()));
}

void AgentBox::start() {
  agent::Settings s;
  s.dir = dir_.path();
  s.endpoint = "tcp://127.0.0.1:1";
  s.unlock.passphrase_file = s.dir + "/pass";
  s.store_bytes = 256u << 20;
  s.outbox_limit = outbox_limit;
  s.adapters = adapters_;
  if (adjust) adjust(s);
  s.http = http;
  agent::World world{crypto::system_random(), [this] { return hub_.clock.now(); }, [](std::string_view, std::string_view) {},
                     [](const base::Error&) { FAIL("the disk failed"); }, nullptr,
                     [this](hub::client::Options o, hub::client::Pushes p) { return hub_.connect(id_, std::move(o), std::move(p)); }, inbox, [this] { ++renewals; }};
  auto opened = agent::Agent::open(std::move(s), std::move(world), types_);
  REQUIRE_MESSAGE(opened.ok(), (opened.ok() ? "" : opened.error().message()));
  agent_ = std::move(opened).value();
  REQUIRE(agent_->start().ok());
}

void AgentBox::stop() {
  if (agent_) agent_->stop();
  agent_.reset();
}

schemas::Body referral(const std::string& ref) {
  schemas::Body body;
  schemas::Referral r;
  r.subject.name = {"Canaryworth", "Jo", "", ""};
  r.subject.dob = "1992";
  r.urgency = "urgent";
  r.reasons = {{"", "SI", ""}};
  r.service = {"", "CRISIS_EVAL", ""};
  r.requester.phone = "+1-555-0110";
  r.authority_basis = "treatment";
  r.source_ref = ref;
  body.payload = std::move(r);
  return body;
}

base::Result<agent::Submitted> AgentBox::refer(const std::string& to, const std::string& ref) {
  agent::Submission s;
  s.body = referral(ref);
  s.to = to;
  return agent_->host().submit(std::move(s));
}

base::Result<agent::Submitted> AgentBox::status(const base::Id& thread, const std::string& status) {
  agent::Submission s;
  schemas::StatusUpdate u;
  u.status = status;
  u.at = hub_.clock.now();
  u.callback = "555-0100";
  u.reason = "CAP_NO_BED";
  u.outcome = "ADMITTED";
  s.body.payload = std::move(u);
  s.thread = thread;
  return agent_->host().submit(std::move(s));
}

base::Result<agent::Submitted> AgentBox::say(const base::Id& thread, const std::string& text) {
  agent::Submission s;
  s.body.payload = schemas::SecureMessage{text, "clinician", "", {}};
  s.thread = thread;
  return agent_->host().submit(std::move(s));
}

schemas::Phase AgentBox::phase(const base::Id& thread) {
  const auto info = agent_->host().thread(thread);
  return info ? info->loop.phase : schemas::Phase::kNone;
}

std::vector<keep::Message> AgentBox::messages(const base::Id& thread) {
  std::vector<keep::Message> out;
  REQUIRE(agent_->office().store.read([&](keep::Tx& tx) {
    for (const std::uint64_t seq : mail::thread_messages(tx, thread)) {
      if (auto m = mail::message(tx, seq)) out.push_back(std::move(*m));
    }
    return base::Status{};
  }).ok());
  return out;
}

keep::Progress AgentBox::progress(const base::Id& msg_id) {
  keep::Progress p = keep::Progress::kFailed;
  REQUIRE(agent_->office().store.read([&](keep::Tx& tx) {
    for (const keep::Message& m : mail::messages_by_id(tx, msg_id)) p = m.progress;
    return base::Status{};
  }).ok());
  return p;
}

}  // namespace rig
