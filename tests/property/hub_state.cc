// Any story that agents can tell: the same records make the same tables, byte for byte, on LMDB, in memory and after a trip through
// REC1; the log only grows, its proofs hold for every pair of sizes, and check() finds nothing.
#include <rapidcheck.h>

#include "hub/journal/memory_kv.h"
#include "tests/conformance/journal_rig.h"

using namespace kit;
using hub::state::Record;
using hub::state::Table;

namespace {

const std::vector<AgentSpec> kFour{
    {"hospital", "hospital_ed"}, {"crisis", "crisis_center"}, {"police", "police"}, {"coord", "coordinator"}};

// Two journals and a State fed from encoded records, told the same things.
struct Twins {
  Folder folder;
  Consortium c{kFour};
  std::unique_ptr<hub::journal::Journal> disk = open_at(c, folder.path);
  std::unique_ptr<hub::journal::Journal> memory = std::move(hub::journal::open_memory(c.anchor(), c.log_key())).value();
  crypto::SignKey key = c.log_key();
  hub::journal::MemoryKv replica_kv;
  hub::state::State replica = std::move(hub::state::State::load(replica_kv, c.anchor(), key)).value();
  base::Instant now = kStart;
  std::vector<base::Bytes> frames;
  std::vector<base::Hash> roots;  // after each record, by its size
  std::vector<std::uint64_t> sizes;

  std::vector<Outcome> tell(std::vector<Item> items) {
    Record record{1, now, replica.size(), replica.root(), items};
    auto parsed = hub::state::parse_record(encode(record));
    RC_ASSERT(parsed.ok());
    auto a = disk->append(items, now), b = memory->append(items, now), r = replica.apply(replica_kv, *parsed);
    RC_ASSERT(a.ok() && b.ok() && r.ok());
    RC_ASSERT(a->root == b->root && a->root == r->root && a->checkpoint == b->checkpoint && a->checkpoint == r->checkpoint);
    for (std::size_t i = 0; i < items.size(); ++i) {
      RC_ASSERT(a->outcomes[i].accepted == r->outcomes[i].accepted);
      RC_ASSERT(a->outcomes[i].first_index == r->outcomes[i].first_index);
      RC_ASSERT(a->outcomes[i].code == r->outcomes[i].code);
    }
    roots.push_back(a->root);
    sizes.push_back(a->size);
    return std::move(a->outcomes);
  }
};

std::vector<std::pair<base::Bytes, base::Bytes>> dump(const hub::state::ReadKv& kv, Table t) {
  std::vector<std::pair<base::Bytes, base::Bytes>> out;
  kv.scan(t, {}, [&](base::View k, base::View v) { return out.emplace_back(base::to_bytes(k), base::to_bytes(v)), true; });
  return out;
}

std::string any_agent() { return kFour[*rc::gen::inRange<std::size_t>(0, kFour.size())].slug; }

Item mail(Twins& t, std::vector<std::function<void(const Outcome&)>>& after) {
  const std::string from = any_agent();
  std::vector<Mail> mails;
  for (const AgentSpec& spec : kFour) {
    if (spec.slug == from || *rc::gen::inRange(0, 3) == 0) continue;
    const auto kind = spec.slug == "coord" && *rc::gen::inRange(0, 4) != 0 ? schemas::MsgKind::kLoopFacts : schemas::MsgKind::kReferral;
    mails.push_back({.to = spec.slug, .kind = kind, .copies = *rc::gen::inRange(1u, 4u)});
  }
  if (mails.empty()) mails.push_back({.to = from == "police" ? "crisis" : "police"});
  const auto sealed = t.c.seal(from, t.c.request(from, mails, t.now, t.disk->directory().seq()));
  after.emplace_back([&t, from, sealed](const Outcome& o) {
    if (o.accepted) t.c.accepted(from, sealed);
  });
  t.frames.push_back(Consortium::frame(sealed));
  return item(EntryType::kAccept, t.frames.back());
}

Item receipt(Twins& t) {
  const std::string from = any_agent(), to = any_agent();
  const auto& heads = t.c.agent(from).heads;
  const auto it = heads.find(t.c.agent(to).id());
  const Head head = it == heads.end() ? Head{1, base::Hash{3}} : it->second;
  const auto status = *rc::gen::element(schemas::ReceiptStatus::kDelivered, schemas::ReceiptStatus::kDelivered,
                                        schemas::ReceiptStatus::kUndecryptable, schemas::ReceiptStatus::kExpiredUnread);
  return item(EntryType::kReceipt, t.c.receipt(to, from, head.upto, head.leaf, t.now, status));
}

Item ended(Twins& t) {
  const auto type = *rc::gen::element(EntryType::kErase, EntryType::kExpire);
  auto snapshot = t.disk->read();
  auto due = (*snapshot)->reader().due(type, t.now, 5);
  due.push_back(*rc::gen::inRange<std::uint64_t>(0, 60));
  return hub::state::erase_item(type, due, record_bytes("tick"));
}

Item anything(Twins& t, std::vector<std::function<void(const Outcome&)>>& after) {
  switch (*rc::gen::inRange(0, 9)) {
    case 0:
    case 1:
    case 2: return mail(t, after);
    case 3:
    case 4: return receipt(t);
    case 5: return ended(t);
    case 6:
      return t.frames.empty() ? item(EntryType::kHub, record_bytes("event")) : item(EntryType::kAccept, *rc::gen::elementOf(t.frames));
    case 7: {
      base::Bytes junk = t.frames.empty() ? base::to_bytes("junk") : *rc::gen::elementOf(t.frames);
      junk[*rc::gen::inRange<std::size_t>(0, junk.size())] ^= 1;
      return item(EntryType::kAccept, std::move(junk));
    }
    default: return hub::state::access_item(record_bytes("query"), record_bytes("auditor"));
  }
}

void check_proofs(Twins& t) {
  auto snapshot = t.disk->read();
  const auto reader = (*snapshot)->reader();
  const std::uint64_t last = t.sizes.back();
  for (std::size_t i = 0; i < t.sizes.size(); ++i) {
    const std::uint64_t size = t.sizes[i];
    if (size == 0) continue;
    const auto grow = reader.consistency(size, last);
    RC_ASSERT(grow.ok() && crypto::verify_consistency(size, last, t.roots[i], t.roots.back(), *grow));
    const std::uint64_t index = *rc::gen::inRange<std::uint64_t>(0, size);
    const auto in = reader.inclusion(index, size);
    RC_ASSERT(in.ok() && crypto::verify_inclusion(index, size, crypto::merkle_leaf(*reader.entry(index)), *in, t.roots[i]));
  }
}

}  // namespace

TEST_CASE("the same records make the same tables everywhere, and a log that only grows") {
  CHECK(rc::check("stories", [] {
    Twins t;
    std::vector<Item> notes;
    for (const SignedNote& n : t.c.notes()) notes.push_back(note_item(n));
    for (const Outcome& o : t.tell(notes)) RC_ASSERT(o.accepted);
    const int records = *rc::gen::inRange(1, 25);
    for (int i = 0; i < records; ++i) {
      std::vector<Item> items;
      std::vector<std::function<void(const Outcome&)>> after;
      items.push_back(anything(t, after));
      if (*rc::gen::inRange(0, 3) == 0) items.push_back(receipt(t));
      const auto outcomes = t.tell(items);
      for (const auto& f : after) f(outcomes[0]);
      if (*rc::gen::inRange(0, 4) == 0) t.now = t.now.plus(*rc::gen::element<std::uint64_t>(1, 5 * base::kMinute, base::kHour, base::kDay));
    }
    auto disk = t.disk->read(), memory = t.memory->read();
    for (unsigned i = 0; i < static_cast<unsigned>(Table::kCount_); ++i) {
      const auto table = static_cast<Table>(i);
      const auto rows = dump((*disk)->kv(), table);
      RC_ASSERT(rows == dump((*memory)->kv(), table));
      RC_ASSERT(rows == dump(t.replica_kv, table));
    }
    check_proofs(t);
    const auto report = hub::journal::check(t.folder.path);
    if (!report.ok()) RC_FAIL(report.error().message());
    RC_ASSERT(report->root == t.roots.back());
  }));
}
