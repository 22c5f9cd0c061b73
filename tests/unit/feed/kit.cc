// See kit.h.
#include "tests/unit/feed/kit.h"

#include <sstream>

namespace rig {
namespace {

std::mutex current_mutex;
std::shared_ptr<Strings> current;  // a thread that was left behind keeps its own alive
std::shared_ptr<Strings> current_strings(std::shared_ptr<Strings> next = nullptr) {
  const std::lock_guard lock(current_mutex);
  if (next) current = std::move(next);
  return current;
}

base::Result<agent::Submission> read_line(const std::string& line) {
  std::istringstream words(line);
  std::string to, ref, urgency, label;
  words >> to >> ref >> urgency >> label;
  agent::Submission s;
  if (to == "say") {
    s.thread = base::parse_uuid(ref);
    s.body.payload = schemas::SecureMessage{urgency, "clinician", "", {}};
    s.body.authority_basis = "treatment";
    s.dedupe_key = line;
    return s;
  }
  if (ref.empty()) return base::malformed("no line of this kind", "line:1", "write TO REF");
  s.body = referral(ref);
  auto& r = std::get<schemas::Referral>(s.body.payload);
  r.urgency = urgency.empty() ? "urgent" : urgency;
  r.authority_basis = "treatment";
  r.notes = {"allergic to penicillin"};
  r.subject.name.given = ref;  // what every reader's view leaves
  if (!label.empty()) r.labels.push_back(label);
  s.body.source = {"line", base::to_bytes(line)};
  s.to = to;
  s.dedupe_key = "line:" + ref;
  return s;
}

std::string words_of(const agent::Delivery& d) {
  if (const auto* m = std::get_if<schemas::SecureMessage>(&d.body.payload)) return m->text;
  if (const auto* r = std::get_if<schemas::Referral>(&d.body.payload)) return r->subject.name.given;
  return "status";
}

class Puppet final : public agent::Adapter {
 public:
  explicit Puppet(std::shared_ptr<Strings> strings) : strings_(std::move(strings)) {}
  base::Status start(agent::Host& host) override {
    const std::lock_guard lock(strings_->mutex);
    slug_ = host.own_slug();
    host_ = strings_->hosts[slug_] = &host;
    return {};
  }
  base::Status deliver(const agent::Delivery& d) override {
    const std::lock_guard lock(strings_->mutex);
    if (const auto no = strings_->refuses.find(slug_); no != strings_->refuses.end()) return no->second;
    strings_->said[slug_].push_back(words_of(d));
    return {};
  }
  base::Status take_again(std::string_view, base::View bytes) override {
    {
      const std::lock_guard lock(strings_->mutex);
      ++strings_->takes[slug_];
    }
    const auto s = read_line(base::to_string(bytes));
    const auto done = s.ok() ? host_->submit(*s) : base::Result<agent::Submitted>(s.error());
    if (done.ok()) return {};
    if (done.error().kind != base::Kind::kBusy) (void)host_->quarantine("feed", "line", bytes, done.error());  // as real ones do
    return done.error();
  }
  void stop() override {}
  [[nodiscard]] agent::Health health() const override { return {}; }

 private:
  std::shared_ptr<Strings> strings_;
  std::string slug_;
  agent::Host* host_ = nullptr;
};

base::Result<std::unique_ptr<agent::Adapter>> make_puppet(const schemas::Config&, const std::string&) {
  return std::unique_ptr<agent::Adapter>(new Puppet(current_strings()));
}

std::vector<agent::AdapterSettings> one() { return {{"puppet", "feed", {}, base::kDay}}; }
std::vector<agent::AdapterType> types() { return {{"puppet", make_puppet}}; }

}  // namespace

Troupe::Troupe(const std::string& policy)
    : strings(current_strings(std::make_shared<Strings>())), stb(hub, "stb", "hospital_ed", one(), types()), harbor(hub, "harbor", "crisis_center", one(), types()),
      apd(hub, "apd", "police", one(), types()) {
  hub.policy(policy);
}

Troupe::~Troupe() {
  for (AgentBox* box : {&stb, &harbor, &apd}) box->stop();
}

void Troupe::start() {
  const std::vector<AgentBox*> boxes{&stb, &harbor, &apd};
  for (AgentBox* box : boxes) box->start();
  for (AgentBox* a : boxes) {
    REQUIRE(eventually([&] { return (*a)->office().desk().stale.empty(); }));
    for (AgentBox* b : boxes) {
      REQUIRE(eventually([&] {
        (void)(*a)->office().replica.sync((*a)->hub());
        return a == b || (*a)->office().replica.directory().usable_epoch(b->id(), hub.clock.now()) != nullptr;
      }));
    }
  }
  (void)host("stb"), (void)host("harbor"), (void)host("apd");
}

void Troupe::restart(AgentBox& box) {
  const std::string slug = box->office().slug;
  box.stop();
  {
    const std::lock_guard lock(strings->mutex);
    strings->hosts.erase(slug);
  }
  box.start();
  REQUIRE(eventually([&] { return box->office().desk().stale.empty(); }));
  (void)host(slug);
}

agent::Host& Troupe::host(const std::string& slug) {
  agent::Host* out = nullptr;
  REQUIRE(eventually([&] {
    const std::lock_guard lock(strings->mutex);
    const auto it = strings->hosts.find(slug);
    if (it != strings->hosts.end()) out = it->second;
    return out != nullptr;
  }));
  return *out;
}

base::Result<agent::Submitted> Troupe::comes_in(const std::string& slug, const std::string& line) {
  agent::Host& at = host(slug);
  auto s = read_line(line);
  base::Result<agent::Submitted> done = s.ok() ? at.submit(*s) : base::Result<agent::Submitted>(s.error());
  if (!done.ok() && done.error().kind != base::Kind::kBusy) {
    base::Error why = done.error();
    why.where = "line 1: " + why.where;
    REQUIRE(at.quarantine("feed", "line", base::view(line), why).ok());
  }
  return done;
}

std::vector<std::string> Troupe::said(const std::string& slug) {
  const std::lock_guard lock(strings->mutex);
  return strings->said[slug];
}

void Troupe::refuse(const std::string& slug, std::optional<base::Error> why) {
  const std::lock_guard lock(strings->mutex);
  strings->refuses.erase(slug);
  if (why) strings->refuses.emplace(slug, *why);
}

Json Troupe::mode(AgentBox& at, const std::string& mode, Json kinds) {
  return Counter::ok(at, {{"op", "feed.mode"}, {"adapter", "feed"}, {"mode", mode}, {"kinds", std::move(kinds)}});
}

Json Troupe::report(AgentBox& at) { return Counter::ok(at, {{"op", "feed.report"}, {"adapter", "feed"}})["adapters"][0]; }

std::uint64_t Troupe::count(AgentBox& at, keep::Table table) {
  std::uint64_t n = 0;
  REQUIRE(at->office().store.read([&](keep::Tx& tx) {
    n = tx.count(table);
    return base::Status{};
  }).ok());
  return n;
}

std::uint64_t Troupe::waiting(AgentBox& at) { return count(at, keep::Table::kOut); }

std::string Troupe::message_tables(AgentBox& at) {
  using keep::Table;
  std::string out;
  REQUIRE(at->office().store.read([&](keep::Tx& tx) {
    for (const Table t : {Table::kOut, Table::kBatch, Table::kPair, Table::kGroup, Table::kMessage, Table::kByThread, Table::kByMessage, Table::kThread, Table::kRecent,
                          Table::kRef, Table::kDedupe, Table::kFeed, Table::kQuarantine, Table::kDecision, Table::kLoop, Table::kDue, Table::kNotice, Table::kRefusal,
                          Table::kConsent, Table::kCapacity, Table::kMatch}) {
      tx.scan(t, {}, [&](base::View k, base::View v) {
        out += base::hex(k) + "=" + base::hex(v) + "\n";
        return true;
      });
    }
    const auto seq = tx.get(Table::kMeta, base::view("out_seq"));
    if (seq) out += base::hex(*seq);
    return base::Status{};
  }).ok());
  return out;
}

}  // namespace rig
