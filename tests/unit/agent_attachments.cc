// Attachments that travel in parts, between whole agents.
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "adapters/agent/blob/outgoing.h"
#include "adapters/agent/blob/scanner.h"
#include "adapters/agent/mail/outbox.h"
#include "crypto/merkle.h"
#include "schemas/frames.h"
#include "tests/unit/agent_county.h"

using namespace rig;
namespace blob = adapters::agent::blob;
using base::Kind;
using keep::Table;
using schemas::MsgKind;

namespace {

constexpr std::size_t kMb = 1u << 20;
const std::string kCanary = "canary-of-the-attachment";

base::Bytes file_of(std::size_t size, const std::string& seed = kCanary) {
  base::Bytes out;
  for (std::uint64_t n = 0; out.size() < size; ++n) base::append(out, base::view(seed + std::to_string(n) + "\n"));
  out.resize(size);
  return out;
}

agent::Submission referral_with(const std::string& to, const base::Bytes& file) {
  agent::Submission s;
  s.body = referral("R-7");
  std::get<schemas::Referral>(s.body.payload).attachments.push_back({.media_type = "application/pdf", .title = "form", .sha256 = {}, .data = file});
  s.to = to;
  s.purpose = schemas::Purpose::kTreat;
  return s;
}

schemas::SecureMessage letter_with(const base::Bytes& file) {
  schemas::SecureMessage m{"see the file", "clinician", "", {}};
  m.attachments.push_back({.media_type = "text/plain", .title = "notes", .sha256 = {}, .data = file});
  return m;
}

// The first attachment of the message, as that agency holds it.
schemas::Attachment named(AgentBox& box, const base::Id& msg_id) {
  const auto body = County::held(box, msg_id);
  const auto* list = body ? blob::attachments_of(body->payload) : nullptr;
  return list == nullptr || list->empty() ? schemas::Attachment{} : list->front();
}

base::Result<base::Bytes> got(AgentBox& box, const agent::Submitted& sent) { return box->host().attachment(sent.thread_id, named(box, sent.msg_id)); }
bool arrived(AgentBox& box, const agent::Submitted& sent) { return got(box, sent).ok(); }

std::vector<keep::BlobRow> blobs(AgentBox& box) {
  std::vector<keep::BlobRow> out;
  REQUIRE(box->office().store.read([&](keep::Tx& tx) {
    out = blob::rows(tx, [](const keep::BlobRow&) { return true; });
    return base::Status{};
  }).ok());
  return out;
}
std::uint64_t rows_in(AgentBox& box, Table t) {
  std::uint64_t n = 0;
  REQUIRE(box->office().store.read([&](keep::Tx& tx) {
    n = tx.count(t);
    return base::Status{};
  }).ok());
  return n;
}
bool stores(AgentBox& box, const std::string& what) {  // in any table but that of counters, opened
  bool found = false;
  REQUIRE(box->office().store.read([&](keep::Tx& tx) {
    for (unsigned t = 1; t < static_cast<unsigned>(Table::kCount_); ++t) {
      tx.scan(static_cast<Table>(t), {}, [&](base::View, base::View v) {
        found = found || base::text(v).find(what) != std::string_view::npos;
        return !found;
      });
    }
    return base::Status{};
  }).ok());
  return found;
}

std::vector<crypto::Hdr1> headers_in(base::View batch) {
  std::vector<crypto::Hdr1> out;
  const auto parts = schemas::decode_batch(batch);
  REQUIRE(parts.ok());
  const auto parsed = crypto::parse_batch(*parts, crypto::Frame::kBatch);
  REQUIRE(parsed.ok());
  for (const auto& g : parsed->groups) {
    for (const auto& h : g.hdrs) out.push_back(h);
  }
  return out;
}
std::vector<MsgKind> kinds_in(base::View batch) {
  std::vector<MsgKind> out;
  for (const crypto::Hdr1& h : headers_in(batch)) out.push_back(static_cast<MsgKind>(h.kind));
  return out;
}
std::size_t parts_sent(FakeHub& hub) {
  const std::lock_guard lock(hub.mutex);
  std::size_t n = 0;
  for (const base::Bytes& b : hub.batches) {
    const auto kinds = kinds_in(b);
    n += static_cast<std::size_t>(std::ranges::count(kinds, MsgKind::kBlobPart));
  }
  return n;
}
// Lets that many batches of the agency pass, then none.
struct Gate {
  Gate(FakeHub& h, const base::Id& of, int n) : hub(h) {
    const std::lock_guard lock(hub.mutex);
    hub.on_batch = [of, n](const base::Id& from, base::View) mutable -> std::optional<base::Result<hub::client::Answer>> {
      if (from != of || n-- > 0) return std::nullopt;
      return base::Result<hub::client::Answer>(base::Error{Kind::kBusy, "away"});
    };
  }
  void open() {
    const std::lock_guard lock(hub.mutex);
    hub.on_batch = nullptr;
  }
  FakeHub& hub;
};

std::string script(const TempDir& dir, const std::string& text) {
  const std::string path = dir.path() + "/scan";
  std::ofstream(path + ".new") << "#!/bin/sh\n" << text << "\n";
  ::chmod((path + ".new").c_str(), 0700);
  ::rename((path + ".new").c_str(), path.c_str());
  return path;
}

}  // namespace

TEST_CASE("a file of 20 MB follows its referral in parts, which count for nothing else") {
  County c;
  c.start({&c.stb, &c.harbor});
  const base::Bytes file = file_of(20 * kMb);
  const auto sent = c.stb->host().submit(referral_with("harbor", file));
  REQUIRE(sent.ok());
  REQUIRE(eventually([&] { return arrived(c.harbor, *sent); }));
  CHECK(*got(c.harbor, *sent) == file);
  CHECK(*got(c.stb, *sent) == file);
  const auto a = named(c.harbor, sent->msg_id);
  CHECK(a.data.empty());
  CHECK(a.size == file.size());
  CHECK(a.sha256 == base::hex(crypto::sha256(file)));
  CHECK(parts_sent(c.hub) == blob::parts_of(file.size()));
  for (AgentBox* box : {&c.stb, &c.harbor}) {
    for (const keep::Message& m : box->messages(sent->thread_id)) CHECK_FALSE(blob::is_part(m));
    CHECK(rows_in(*box, Table::kFeed) <= 2);  // the referral and its receipt
    CHECK(blobs(*box).size() == 1);
  }
  REQUIRE(eventually([&] { return blobs(c.stb)[0].sent == blobs(c.stb)[0].of; }));
  CHECK(c.harbor.phase(sent->thread_id) == schemas::Phase::kReceived);
}

TEST_CASE("what may go first goes first, and a batch takes few parts of one file") {
  County c;
  c.start({&c.stb, &c.harbor});
  c.hub.connection(c.stb.id(), false);
  const std::size_t before = [&] {
    const std::lock_guard lock(c.hub.mutex);
    return c.hub.batches.size();
  }();
  const auto large = c.stb->host().submit(referral_with("harbor", file_of(5 * kMb)));
  REQUIRE(large.ok());
  const auto other = c.stb->host().submit(referral_with("harbor", file_of(5 * kMb, "second")));
  REQUIRE(other.ok());
  const auto small = County::refer(c.stb, "harbor");
  REQUIRE(small.ok());
  REQUIRE(c.stb->office().store.read([&](keep::Tx& tx) {
    CHECK(mail::mail_waiting(tx) == 3);
    const mail::Waiting w = mail::waiting(tx, c.hub.clock.now());
    CHECK(w.waiting - w.facts == 3);
    CHECK(mail::parts_waiting(tx) == 2 * blob::parts_of(5 * kMb));
    return base::Status{};
  }).ok());
  c.hub.connection(c.stb.id(), true);
  REQUIRE(eventually([&] { return arrived(c.harbor, *large) && arrived(c.harbor, *other); }));
  const std::lock_guard lock(c.hub.mutex);
  bool first = true;
  for (std::size_t i = before; i < c.hub.batches.size(); ++i) {
    const auto kinds = kinds_in(c.hub.batches[i]);
    const auto of = [&](MsgKind k) { return std::ranges::count(kinds, k); };
    CHECK(of(MsgKind::kBlobPart) <= static_cast<std::ptrdiff_t>(mail::kFlushParts));
    if (of(MsgKind::kBlobPart) == 0) continue;
    if (!std::exchange(first, false)) continue;
    std::map<base::Id, std::size_t> by_thread;
    for (const crypto::Hdr1& h : headers_in(c.hub.batches[i])) by_thread[h.thread_id] += h.kind == static_cast<std::uint16_t>(MsgKind::kBlobPart) ? 1 : 0;
    CHECK(by_thread[large->thread_id] == mail::kFlushPartsOfOne);
    CHECK(by_thread[other->thread_id] == mail::kFlushPartsOfOne);
  }
  const auto kinds = kinds_in(c.hub.batches[before]);
  CHECK(std::ranges::count(kinds, MsgKind::kReferral) == 3);
}

TEST_CASE("a file goes on where it was after either agent is restarted, and after the hub was away") {
  County c;
  c.start({&c.stb, &c.harbor});
  const base::Bytes file = file_of(6 * kMb);
  Gate gate(c.hub, c.stb.id(), 3);
  const auto sent = c.stb->host().submit(referral_with("harbor", file));
  REQUIRE(sent.ok());
  REQUIRE(eventually([&] { return !blobs(c.harbor).empty() && blobs(c.harbor)[0].have > 0 && c.stb.alarm("ack"); }));
  CHECK(got(c.harbor, *sent).error().kind == Kind::kBusy);
  c.stb.stop();
  c.harbor.stop();
  gate.open();
  c.stb.start();
  REQUIRE(eventually([&] { return blobs(c.stb)[0].sent > 12; }));  // while its reader is down
  c.hub.connection(c.stb.id(), false);
  c.harbor.start();
  c.hub.connection(c.stb.id(), true);
  REQUIRE(eventually([&] { return arrived(c.harbor, *sent); }));
  CHECK(*got(c.harbor, *sent) == file);
  CHECK(rows_in(c.harbor, Table::kEvidence) == 0);
}

TEST_CASE("parts that do not make what they promise are refused, with evidence, and their sender learns it") {
  County c;
  c.start({&c.stb, &c.harbor});
  c.hub.connection(c.stb.id(), false);
  const auto sent = c.stb->host().submit(referral_with("harbor", file_of(kMb)));
  REQUIRE(sent.ok());
  REQUIRE(c.stb->office().store.write([&](keep::Tx& tx) {
    for (const keep::BlobRow& row : blob::rows(tx, [](const keep::BlobRow&) { return true; })) {
      base::Bytes bytes = *blob::part(tx, row, 2);
      bytes[7] ^= 1;
      blob::put_part(tx, row, 2, bytes);
    }
    return base::Status{};
  }).ok());
  c.hub.connection(c.stb.id(), true);
  REQUIRE(eventually([&] { return !blobs(c.stb)[0].why.empty(); }));
  CHECK(blobs(c.stb)[0].why.find("refused by the other side") != std::string::npos);
  CHECK(blobs(c.harbor)[0].state == keep::BlobState::kRefused);
  CHECK(rows_in(c.harbor, Table::kEvidence) == 1);
  CHECK(rows_in(c.harbor, Table::kBlobPart) == 0);
  CHECK(got(c.harbor, *sent).error().kind == Kind::kNotFound);
  CHECK(c.stb.phase(sent->thread_id) == schemas::Phase::kReceived);  // the referral itself stands
  std::size_t said = 0;
  for (const keep::Message& m : c.stb.messages(sent->thread_id)) said += m.kind == static_cast<std::uint16_t>(MsgKind::kAcknowledgement) ? 1 : 0;
  CHECK(said == 1);
}

TEST_CASE("what never comes whole is removed after its time, with a record") {
  County c;
  c.harbor.adjust = [](agent::Settings& s) { s.attachments.orphan_ms = base::kHour; };
  c.start({&c.stb, &c.harbor});
  c.hub.connection(c.stb.id(), false);
  const auto sent = c.stb->host().submit(referral_with("harbor", file_of(kMb)));
  REQUIRE(sent.ok());
  REQUIRE(c.stb->office().store.write([&](keep::Tx& tx) {  // its last part is lost
    std::uint64_t last = 0;
    tx.scan_back(Table::kOut, {}, [&](base::View k, base::View) {
      last = keep::number_in(k);
      return false;
    });
    tx.erase(Table::kOut, keep::key_of(last));
    return base::Status{};
  }).ok());
  c.hub.connection(c.stb.id(), true);
  REQUIRE(eventually([&] { return !blobs(c.harbor).empty() && blobs(c.harbor)[0].have + 1 == blobs(c.harbor)[0].of; }));
  CHECK(got(c.harbor, *sent).error().kind == Kind::kBusy);
  CHECK(County::refusals(c.harbor).empty());
  c.hub.clock.ahead(2 * base::kHour);
  REQUIRE(eventually([&] { return blobs(c.harbor)[0].state == keep::BlobState::kGone; }));
  CHECK(rows_in(c.harbor, Table::kBlobPart) == 0);
  CHECK(got(c.harbor, *sent).error().kind == Kind::kNotFound);
  const auto refused = County::refusals(c.harbor);
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].code == "orphan");
  CHECK(County::notices(c.harbor, "attachment").size() == 1);
}

TEST_CASE("too large a file is refused where it is handed in; too many where they come in") {
  County c;
  c.harbor.adjust = [](agent::Settings& s) { s.attachments.thread = 3 * kMb; };
  c.start({&c.stb, &c.harbor});
  const auto over = c.stb->host().submit(referral_with("harbor", file_of(20 * kMb + 1)));
  REQUIRE_FALSE(over.ok());
  CHECK(over.error().kind == Kind::kTooLarge);
  CHECK(over.error().where == "attachments[1]");
  CHECK(over.error().mend.find("limits.attachment_mb") != std::string::npos);
  CHECK(rows_in(c.stb, Table::kMessage) == 0);
  const auto first = c.stb->host().submit(referral_with("harbor", file_of(2 * kMb)));
  REQUIRE(first.ok());
  REQUIRE(eventually([&] { return arrived(c.harbor, *first); }));
  const auto second = County::send(c.stb, letter_with(file_of(2 * kMb)), first->thread_id, "treatment");
  REQUIRE(second.ok());
  const auto refused = [&] {
    for (const keep::BlobRow& row : blobs(c.stb)) {
      if (row.why.find("limits.thread_attachments_mb") != std::string::npos) return true;
    }
    return false;
  };
  REQUIRE(eventually(refused));
  CHECK(got(c.harbor, *second).error().kind == Kind::kNotFound);
  CHECK(County::held(c.harbor, second->msg_id).has_value());  // the words came
  CHECK(arrived(c.harbor, *first));
  REQUIRE(eventually([&] {
    std::uint64_t left = 1;
    (void)c.stb->office().store.read([&](keep::Tx& tx) {
      left = mail::parts_waiting(tx);
      return base::Status{};
    });
    return left == 0;
  }));
  agent::Submission part;
  part.body.payload = schemas::BlobPart{};
  part.thread = first->thread_id;
  CHECK(c.stb->host().submit(std::move(part)).error().kind == Kind::kUsage);
}

TEST_CASE("the virus scan stands at the sender's door and at the reader's") {
  TempDir dir;
  County c;
  const std::string path = script(dir, "if grep -q EVIL; then exit 1; fi; exit 0");
  const auto scanned = [&](agent::Settings& s) { s.scan = {path}; };
  SUBCASE("infected at the sender: it does not leave") {
    c.stb.adjust = scanned;
    c.start({&c.stb, &c.harbor});
    for (const std::size_t size : {std::size_t{1000}, 2 * kMb}) {
      const auto sent = c.stb->host().submit(referral_with("harbor", file_of(size, "EVIL")));
      REQUIRE_FALSE(sent.ok());
      CHECK(sent.error().kind == Kind::kDenied);
    }
    CHECK(County::refusals(c.stb).size() == 2);
    CHECK(rows_in(c.stb, Table::kBlob) == 0);
    const auto clean = c.stb->host().submit(referral_with("harbor", file_of(2 * kMb)));
    REQUIRE(clean.ok());
    CHECK(eventually([&] { return arrived(c.harbor, *clean); }));
  }
  SUBCASE("infected at the reader: it is not given out") {
    c.harbor.adjust = scanned;
    c.start({&c.stb, &c.harbor});
    const auto sent = c.stb->host().submit(referral_with("harbor", file_of(2 * kMb, "EVIL")));
    REQUIRE(sent.ok());
    REQUIRE(eventually([&] { return !got(c.harbor, *sent).ok() && got(c.harbor, *sent).error().kind == Kind::kDenied; }));
    CHECK(eventually([&] { return County::notices(c.harbor, "attachment").size() == 1; }));
    const auto small = County::send(c.stb, letter_with(file_of(100, "EVIL")), sent->thread_id, "treatment");
    REQUIRE(small.ok());
    REQUIRE(eventually([&] { return County::held(c.harbor, small->msg_id).has_value(); }));
    CHECK(got(c.harbor, *small).error().kind == Kind::kDenied);
  }
  SUBCASE("no verdict: the words go, the file waits, people are told") {
    script(dir, "cat >/dev/null; exit 2");
    c.stb.adjust = scanned;
    c.start({&c.stb, &c.harbor});
    const auto sent = c.stb->host().submit(referral_with("harbor", file_of(1000)));
    REQUIRE(sent.ok());
    REQUIRE(eventually([&] { return County::held(c.harbor, sent->msg_id).has_value(); }));
    CHECK(c.stb.alarm("virus-scan"));
    CHECK(parts_sent(c.hub) == 0);
    CHECK(got(c.stb, *sent).error().kind == Kind::kBusy);
    script(dir, "cat >/dev/null; exit 0");
    CHECK(eventually([&] { return arrived(c.harbor, *sent); }));
    CHECK_FALSE(c.stb.alarm("virus-scan"));
  }
}

TEST_CASE("a scanner that does not end is ended, and one that is missing gives no verdict") {
  TempDir dir;
  const base::Bytes file = file_of(kMb);
  CHECK(blob::Scanner({script(dir, "exec sleep 1000")}, 200).scan(file) == keep::BlobScan::kNotYet);
  CHECK(blob::Scanner({dir.path() + "/none"}, 5'000).scan(file) == keep::BlobScan::kNotYet);
  CHECK(blob::Scanner({script(dir, "exit 1")}, 60'000).scan(file) == keep::BlobScan::kInfected);  // without reading
  CHECK(blob::Scanner({script(dir, "test \"$(wc -c)\" = 1048576 && test \"$1\" = --flag"), "--flag"}, 60'000).scan(file) == keep::BlobScan::kClean);
}

TEST_CASE("a reader whose view has no attachments gets no part of one") {
  County c;
  c.start({&c.apd, &c.harbor});
  const auto opened = County::refer(c.apd, "harbor");
  REQUIRE(opened.ok());
  REQUIRE(eventually([&] { return c.harbor.phase(opened->thread_id) == schemas::Phase::kReceived; }));
  const auto sent = County::send(c.harbor, letter_with(file_of(kMb)), opened->thread_id, "treatment");
  REQUIRE_MESSAGE(sent.ok(), (sent.ok() ? "" : sent.error().message()));
  REQUIRE(eventually([&] { return c.harbor.progress(sent->msg_id) == keep::Progress::kDelivered; }));
  CHECK(parts_sent(c.hub) == 0);
  const auto at_police = County::held(c.apd, sent->msg_id);
  REQUIRE(at_police);
  CHECK(std::get<schemas::SecureMessage>(at_police->payload).text == "see the file");
  CHECK(std::get<schemas::SecureMessage>(at_police->payload).attachments.empty());
  CHECK(rows_in(c.apd, Table::kBlob) == 0);
  CHECK(stores(c.harbor, kCanary));
  CHECK_FALSE(stores(c.apd, kCanary));
  CHECK(got(c.harbor, *sent).ok());  // its author still has it
}

TEST_CASE("parts from a stranger to the thread are refused") {
  County c;
  c.start({&c.stb, &c.apd, &c.harbor});
  const auto opened = County::refer(c.stb, "harbor");
  REQUIRE(opened.ok());
  REQUIRE(eventually([&] { return c.harbor.phase(opened->thread_id) == schemas::Phase::kReceived; }));
  const std::uint64_t refused = County::refusals(c.harbor).size();
  const auto forged = County::act<agent::Submitted>(c.apd, [&](keep::Tx& tx, const mail::Desk& desk, crypto::Random& random) -> base::Result<agent::Submitted> {
    schemas::Body body;
    body.payload = letter_with(file_of(kMb));
    body.authority_basis = "treatment";
    auto cuts = blob::cut(tx, desk, random, body);
    keep::Message m;
    m.body = schemas::encode_body(body);
    m.msg_id = crypto::uuid7(random, desk.now);
    m.thread_id = opened->thread_id;
    m.sender = desk.self;
    m.to = {c.harbor.id()};
    m.kind = static_cast<std::uint16_t>(MsgKind::kMessage);
    m.purpose = static_cast<std::uint16_t>(schemas::Purpose::kTreat);
    m.outgoing = true;
    m.thread_seq = 1;
    m.created = m.received = desk.now;
    mail::add_message(tx, desk, m, body);
    mail::enqueue(tx, desk, m);
    TRY(blob::keep_and_send(tx, desk, random, m, std::move(cuts).value(), body, "crisis_center"));
    return agent::Submitted{m.msg_id, m.thread_id};
  });
  REQUIRE(forged.ok());
  REQUIRE(eventually([&] { return County::refusals(c.harbor).size() == refused + 1 + blob::parts_of(kMb); }));
  CHECK(rows_in(c.harbor, Table::kBlob) == 0);
  CHECK(rows_in(c.harbor, Table::kBlobPart) == 0);
  CHECK_FALSE(stores(c.harbor, kCanary));
  CHECK(got(c.harbor, *forged).error().kind == Kind::kNotFound);
}

TEST_CASE("a referral that is referred on takes its files along, and large source bytes stay with their message") {
  County c;
  c.start({&c.stb, &c.harbor});
  agent::Submission s = referral_with("harbor", file_of(kMb));
  s.body.source = {"hl7v2", file_of(3 * kMb, "MSH")};
  const auto first = c.stb->host().submit(s);
  REQUIRE(first.ok());
  const auto events = c.stb->host().events(first->thread_id);
  REQUIRE(!events.empty());
  CHECK(events[0].body.source.bytes == s.body.source.bytes);
  agent::Submission again;
  again.body = *County::held(c.stb, first->msg_id);
  again.body.source = {};
  again.to = "harbor";
  again.purpose = schemas::Purpose::kTreat;
  const auto second = c.stb->host().submit(std::move(again));
  REQUIRE(second.ok());
  CHECK(named(c.stb, second->msg_id).blob != named(c.stb, first->msg_id).blob);
  REQUIRE(eventually([&] { return arrived(c.harbor, *first) && arrived(c.harbor, *second); }));
  CHECK(*got(c.harbor, *second) == file_of(kMb));
  CHECK_FALSE(stores(c.harbor, "MSH1"));
}

TEST_CASE("limits and the scanner are settings; a number or a path that cannot work is refused by its key") {
  TempDir dir;
  const auto load = [&](const std::string& more) {
    std::ofstream(dir.path() + "/agent.toml") << "[agent]\ndata = \".\"\n[hub]\nendpoint = \"tcp://127.0.0.1:1\"\n[unlock]\npassphrase_file = \"pass\"\n" << more;
    return agent::load_settings(dir.path() + "/agent.toml");
  };
  const auto plain = load("");
  REQUIRE_MESSAGE(plain.ok(), (plain.ok() ? "" : plain.error().message()));
  CHECK(plain->attachments.attachment == 20 * kMb);
  CHECK(plain->scan.empty());
  const auto set = load("[limits]\nattachment_mb = 5\nthread_attachments_mb = 50\nagency_attachments_mb = 500\nattachments_waiting_mb = 100\norphan_hours = 24\n"
                        "[attachments]\nscan = [\"/usr/bin/clamdscan\", \"-\"]\nscan_seconds = 30\n");
  REQUIRE_MESSAGE(set.ok(), (set.ok() ? "" : set.error().message()));
  CHECK(set->attachments.attachment == 5 * kMb);
  CHECK(set->attachments.thread == 50 * kMb);
  CHECK(set->attachments.sender == 500 * kMb);
  CHECK(set->attachments.waiting == 100 * kMb);
  CHECK(set->attachments.orphan_ms == base::kDay);
  CHECK(set->scan == std::vector<std::string>{"/usr/bin/clamdscan", "-"});
  CHECK(set->scan_ms == 30 * base::kSecond);
  CHECK(load("[limits]\nattachment_mb = 0\n").error().where.ends_with("limits.attachment_mb"));
  CHECK(load("[attachments]\nscan = [\"clamscan\"]\n").error().where.ends_with("attachments.scan"));
}
