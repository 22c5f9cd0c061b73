// Step by step; the first that cannot hold does not keep the others from being tried.
#include "adapters/agent/rehearse/selftest.h"

#include <chrono>
#include <thread>

#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/outbox.h"
#include "adapters/agent/mail/threads.h"
#include "crypto/seal.h"
#include "schemas/body.h"

namespace adapters::agent::rehearse {
namespace {

using base::Error;
using base::Kind;
using Steps = std::vector<Step>;

constexpr const char* kService = "x-selftest";

void good(Steps& out, const char* step, std::string words) { out.push_back({step, std::move(words), "", true}); }
void bad(Steps& out, const char* step, const Error& e) { out.push_back({step, e.where.empty() ? e.what : e.where + ": " + e.what, e.mend, false}); }

schemas::Body test_referral(const std::string& from, const std::string& basis = "treatment") {
  schemas::Referral r;
  r.subject.name = {.family = "Testperson", .given = "Nobody", .middle = {}, .suffix = {}};
  r.subject.dob = "1900-01-01";
  r.urgency = "routine";
  r.reasons.push_back({"", "OTH", "self-test: nobody is meant"});
  r.service.code = "CRISIS_EVAL";
  r.requester.phone = "555-0100";
  r.requester_agency = from;
  r.authority_basis = basis;
  r.source_ref = "selftest";
  r.location_now = "nowhere: a self-test";
  r.risk.weapons = "unknown";
  schemas::Body body;
  body.payload = std::move(r);
  return body;
}

// A batch for a made-up reader who holds our own epoch key; opened again with the key in the vault.
base::Result<std::string> seal_and_open(mail::Office& office, const mail::Desk& desk) {
  const crypto::EpochKey* key = desk.directory.usable_epoch(desk.self, desk.now);
  if (key == nullptr) return Error{Kind::kNotFound, "no epoch key of ours is in the directory", "keys", "wait until the hub has logged them; see the alarms in handoff status"};
  const auto secret = office.vault.epoch_key(key->epoch, crypto::epoch_kid(key->key));
  if (secret == nullptr) return Error{Kind::kConflict, "the published epoch key is not in this folder", "epochs.sealed", "restore the folder, or enroll anew"};
  const base::Id reader = office.random.bytes<16>();
  crypto::SealRequest r;
  r.sender = desk.self;
  r.sender_cert = desk.cert;
  r.batch_seq = 1;
  r.created = desk.now;
  r.dir_seq = desk.directory.seq();
  crypto::Draft d;
  d.hdr.kind = static_cast<std::uint16_t>(schemas::MsgKind::kReferral);
  d.hdr.msg_id = crypto::uuid7(office.random, desk.now);
  d.hdr.thread_id = crypto::uuid7(office.random, desk.now);
  d.hdr.created = desk.now;
  d.hdr.expires = desk.now.plus(base::kHour);
  d.hdr.purpose = static_cast<std::uint16_t>(schemas::Purpose::kTest);
  d.hdr.flags = crypto::Hdr1::kTest;
  d.hdr.thread_seq = 1;
  d.body = schemas::encode_body(test_referral(desk.slug));
  const base::Bytes before = d.body;
  r.groups.push_back({{{reader, key->epoch, key->key, 1, {}}}, {std::move(d)}, false});
  const crypto::Hedge hedge{office.vault.hedge(), office.random, desk.now.ms * 1'000'000};
  TRY_ASSIGN(const crypto::SealedBatch sealed, crypto::seal(r, office.vault.sign(), hedge));
  const crypto::BatchParts parts = sealed.parts();
  TRY_ASSIGN(crypto::ParsedBatch parsed, crypto::parse_batch(parts, crypto::Frame::kBatch));
  TRY(crypto::check_signature(parts, office.vault.sign().public_key()));
  TRY(crypto::check_hashes(parts, parsed, crypto::Frame::kBatch));
  TRY_ASSIGN(const std::vector<base::Bytes> opened, crypto::open(parts.groups[0], parsed.groups[0], reader, *secret));
  if (opened.size() != 1 || opened[0] != before) return Error{Kind::kCorrupt, "what was opened is not what was sealed", "seal"};
  return std::string("a test referral was sealed to this agent's key of today, signed, checked and opened: the same bytes");
}

// An event of the other side, as if it had come.
void comes_in(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, const base::Id& thread, const base::Id& from, std::uint64_t place, schemas::StatusUpdate u) {
  schemas::Body body;
  u.at = desk.now;
  body.payload = std::move(u);
  keep::Message m;
  m.msg_id = crypto::uuid7(random, desk.now);
  m.thread_id = thread;
  m.sender = from;
  m.to = {desk.self};
  m.kind = static_cast<std::uint16_t>(schemas::MsgKind::kStatus);
  m.test = true;
  m.created = m.received = desk.now;
  m.first_index = place;
  m.thread_seq = static_cast<std::uint32_t>(place);
  m.progress = keep::Progress::kReceived;
  m.body = schemas::encode_body(body);
  mail::add_message(tx, desk, m, body);
}

schemas::Phase phase(keep::Tx& tx, const mail::Desk& desk, const base::Id& thread) {
  const auto row = mail::thread(tx, thread);
  return row ? mail::loop_of(tx, desk.self, *row).phase : schemas::Phase::kNone;
}

// Referral, received, declined, acknowledged; in one transaction, to the first agency whom the policy lets us refer to.
base::Result<std::string> story(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, const std::string& to, const std::string& basis) {
  Submission s;
  s.body = test_referral(desk.slug, basis);
  s.to = to;
  s.test = true;
  const auto composed = mail::compose(tx, desk, random, s);
  if (!composed.ok() && composed.error().kind == Kind::kMalformed) {  // policies may ask for more than an invented person has
    return "the policy lets us refer to " + to + ", and asks for more than a self-test knows: " + composed.error().where;
  }
  if (!composed.ok()) return composed.error();
  const Submitted sent = *composed;
  for (keep::Message& m : mail::messages_by_id(tx, sent.msg_id)) {
    m.first_index = 1;
    mail::save_message(tx, desk.self, m);
  }
  const base::Id other = desk.directory.by_slug(to)->cert.agent;
  schemas::StatusUpdate received, declined;
  received.status = "received";
  received.actor_role = "machine";
  comes_in(tx, desk, random, sent.thread_id, other, 2, received);
  declined.status = "rejected";
  declined.reason = "CAP_NO_BED";
  declined.reason_class = "capacity";
  comes_in(tx, desk, random, sent.thread_id, other, 3, declined);
  if (phase(tx, desk, sent.thread_id) != schemas::Phase::kRejected) return Error{Kind::kCorrupt, "a decline did not end the referral", "lifecycle"};
  Submission ack;
  ack.thread = sent.thread_id;
  ack.test = true;
  ack.body.payload = schemas::Acknowledgement{sent.msg_id, "human", {}};
  ack.body.authority_basis = basis;
  const auto acknowledged = mail::compose(tx, desk, random, ack);
  return "to " + to + ": referred, received, declined" + (acknowledged.ok() ? ", acknowledged" : " (an acknowledgement: " + acknowledged.error().what + ")") + "; nothing of it was kept";
}

// The first agency whom the policy lets us refer to, and under which authority.
std::pair<const crypto::Member*, std::string> partner(keep::Tx& tx, const mail::Desk& desk) {
  for (const crypto::Member* m : desk.directory.members()) {
    if (m->cert.agent == desk.self || m->cert.type != "agent") continue;
    for (const char* basis : {"treatment", "emergency", "hold"}) {
      if (mail::ask_policy(tx, desk, *m, schemas::Purpose::kCrisis, test_referral(desk.slug, basis), {}).allowed) return {m, basis};
    }
  }
  return {nullptr, ""};
}

base::Result<std::string> rehearse_story(mail::Office& office, const mail::Desk& desk) {
  if (desk.policy == nullptr) return Error{Kind::kBusy, desk.stale, "policy", "wait until its text has come"};
  std::optional<base::Result<std::string>> told;
  const Error rolled_back{Kind::kStale, "a rehearsal leaves no trace", "rehearsal"};
  const base::Status done = office.store.write([&](keep::Tx& tx) -> base::Status {
    const auto [to, basis] = partner(tx, desk);
    if (to != nullptr) {
      told.emplace(story(tx, desk, office.random, to->cert.name, basis));
    } else if (desk.kind == "coordinator") {
      told.emplace(std::string("not tried: a coordinator refers nobody"));
    } else {
      told.emplace(Error{Kind::kDenied, "the policy lets this agency refer to nobody", "policy", "if it should, ask the program coordinator"});
    }
    return rolled_back;
  });
  if (!told || (!done.ok() && done.error().where != rolled_back.where)) return done.error();
  return *told;
}

bool reached(mail::Office& office, const base::Id& msg_id, keep::Message& found) {
  (void)office.store.read([&](keep::Tx& tx) {
    for (const keep::Message& m : mail::messages_by_id(tx, msg_id)) found = m;
    return base::Status{};
  });
  return found.progress != keep::Progress::kWaiting && found.progress != keep::Progress::kSealed;
}

base::Result<std::string> through_hub(mail::Office& office, AgentHost& host, const mail::Desk& desk, std::uint64_t wait_ms) {
  Submission s;
  schemas::Capacity c;
  c.service = kService;
  c.state = "none";
  c.as_of = desk.now;
  c.ttl_minutes = 1;
  s.body.payload = std::move(c);
  s.to = mail::kEverybody;
  s.purpose = schemas::Purpose::kCapacity;
  s.test = true;
  TRY_ASSIGN(const Submitted sent, host.submit(std::move(s)));
  keep::Message m;
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(wait_ms);
  while (!reached(office, sent.msg_id, m)) {
    if (std::chrono::steady_clock::now() > end) return Error{Kind::kBusy, "the hub has not logged the test word in time", "hub", "it waits in the outbox; see handoff status"};
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  if (m.progress == keep::Progress::kFailed) return Error{Kind::kDenied, m.why, "hub"};
  return "a test-flagged word about no service at all was sealed, sent and logged as entry " + std::to_string(m.first_index) +
         "; its proof of place was checked (handoff audit trail " + base::uuid(m.thread_id) + ")";
}

}  // namespace

Steps selftest(mail::Office& office, AgentHost& host, bool connected, std::uint64_t wait_ms) {
  Steps out;
  const mail::Desk desk = office.desk();
  const auto told = [&](const char* step, const base::Result<std::string>& r) { r.ok() ? good(out, step, *r) : bad(out, step, r.error()); };
  good(out, "agent", desk.slug + " (" + desk.kind + ") answers on its socket");
  if (connected) good(out, "hub", "is connected");
  if (!connected) bad(out, "hub", {Kind::kBusy, "is not connected", "", "check hub.endpoint, the firewall, and that the operator has imported the certificate"});
  const crypto::Standing standing = desk.directory.standing_now(desk.cert, desk.now);
  if (office.replica.stopped()) {
    bad(out, "log", {Kind::kCorrupt, "does not hold together", "", "stop trusting this hub, tell the authority"});
  } else if (standing != crypto::Standing::kActive) {
    bad(out, "log", {Kind::kDenied, std::string("our certificate is ") + crypto::name(standing), "", "ask the hub's operator to import it, or the authority why"});
  } else {
    good(out, "log", std::to_string(office.replica.size()) + " entries checked here; our certificate stands in it");
  }
  told("seal", seal_and_open(office, desk));
  told("story", rehearse_story(office, desk));
  if (connected) told("round trip", through_hub(office, host, desk, wait_ms));
  return out;
}

}  // namespace adapters::agent::rehearse
