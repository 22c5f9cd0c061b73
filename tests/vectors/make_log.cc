// V12: a legal log with an entry of every type, the REC1 records that make it, and one broken copy for each rule of the scan.
// The log is what apply() made of the records; the broken copies are written by hand, each with the rule that must be named.
#include <functional>

#include "crypto/base/check.h"
#include "crypto/merkle.h"
#include "hub/journal/journal.h"
#include "schemas/registry.h"
#include "tests/kit/consortium.h"
#include "tests/vectors/vector_file.h"

namespace vectors {
namespace {

using base::Bytes;
using base::Hash;
using hub::state::Item;
using schemas::EntryType;

std::string n(std::size_t i) { return std::to_string(i); }

Item item(EntryType type, Bytes bytes, Bytes blob = {}) {
  Item i;
  i.type = type;
  i.bytes = std::move(bytes);
  i.blob = std::move(blob);
  return i;
}
Bytes words(int salt, const char* text) {  // a record: 32 bytes that are random elsewhere, then what it says
  Hash random;
  random.fill(static_cast<base::Byte>(salt));
  return base::concat({random, base::view(text)});
}

struct Entry {
  Bytes bytes;
  std::string note;  // of a type-3 entry
};

class Hub {
 public:
  explicit Hub(File& f) : f_(f), c_({{"hospital", "hospital_ed"}, {"crisis", "crisis_center"}, {"coord", "coordinator"}}) {
    auto opened = hub::journal::open_memory(c_.anchor(), c_.log_key());
    CHECK(opened.ok());
    journal_ = std::move(opened).value();
  }
  kit::Consortium& members() { return c_; }
  [[nodiscard]] std::uint64_t dir_seq() const { return journal_->directory().seq(); }
  // One record; every item of it must be accepted. Returns the first index of each.
  std::vector<std::uint64_t> record(std::vector<Item> items, base::Instant t) {
    hub::state::Record r;
    r.t = t;
    r.items = items;
    r.size = size_;
    r.root = root_;
    const std::string at = "record." + n(records_++) + ".";
    f_.put(at + "rec1", hub::state::encode(r));
    auto applied = journal_->append(std::move(items), t);
    CHECK(applied.ok());
    std::vector<std::uint64_t> first;
    for (const auto& o : applied->outcomes) {
      CHECK(o.accepted);
      first.push_back(o.first_index);
    }
    size_ = applied->size;
    root_ = applied->root;
    f_.put(at + "hub_time", applied->hub_time.ms);
    f_.put(at + "size", applied->size);
    f_.put(at + "root", applied->root);
    f_.put(at + "checkpoint", base::view(applied->checkpoint));
    return first;
  }
  std::vector<Entry> entries() const {
    auto snapshot = journal_->read();
    CHECK(snapshot.ok());
    const auto reader = (*snapshot)->reader();
    const auto notes = journal_->directory().notes();
    std::vector<Entry> out;
    std::size_t note = 0;
    for (std::uint64_t i = 0; i < reader.size(); ++i) {
      const auto e = reader.entry(i);
      CHECK(e.has_value());
      const Bytes bytes = base::to_bytes(base::View(*e));
      out.push_back({bytes, bytes[4] == 3 ? notes.at(note++) : ""});
    }
    return out;
  }
  [[nodiscard]] std::uint64_t records() const { return records_; }

 private:
  File& f_;
  kit::Consortium c_;
  std::unique_ptr<hub::journal::Journal> journal_;
  std::uint64_t records_ = 0, size_ = 0;
  Hash root_ = crypto::merkle_root({});
};

void live(Hub& hub) {
  kit::Consortium& c = hub.members();
  const base::Instant t0 = kit::kStart;
  std::vector<Item> notes;
  for (const kit::SignedNote& note : c.notes()) notes.push_back(item(EntryType::kDir, base::to_bytes(note.whole), note.blob));
  hub.record(std::move(notes), t0);
  hub.record({item(EntryType::kHub, words(1, "start"))}, t0.plus(10));

  const auto request =
      c.request("hospital",
                {{.to = "crisis", .body = "the view", .copies = 2},
                 {.to = "coord", .body = "facts", .kind = schemas::MsgKind::kLoopFacts, .purpose = schemas::Purpose::kCoord}},
                t0.plus(1000), hub.dir_seq());
  const crypto::SealedBatch sealed = c.seal("hospital", request);
  c.accepted("hospital", sealed);
  const auto mail = hub.record({item(EntryType::kAccept, kit::Consortium::frame(sealed))}, t0.plus(1000));
  hub.record({item(EntryType::kReceipt, c.receipt("crisis", "hospital", 2, sealed.groups[0].leaf, t0.plus(2000)))}, t0.plus(2000));
  const auto late = c.send("hospital", {{.to = "crisis", .body = "not picked up"}}, t0.plus(3000), hub.dir_seq());
  const auto unread =
      hub.record({item(EntryType::kAccept, late), item(EntryType::kReject, words(2, "one minute's refusals"))}, t0.plus(3000));
  hub.record({hub::state::access_item(words(3, "what was asked"), words(4, "by whom"))}, t0.plus(4000));
  crypto::LedgerNote head;
  head.cert = c.agent("crisis").cert_hash;
  head.size = 12;
  head.root = crypto::sha256(base::view("a ledger"));
  hub.record({item(EntryType::kHead, base::to_bytes(c.sign_by_agent(head.text(), "crisis")))}, t0.plus(5000));
  // The proposer's clock has been set back: the entry's time stays where the last one was.
  hub.record({item(EntryType::kHub, words(5, "heartbeat"))}, t0.plus(4500));
  const std::uint64_t expired[] = {unread[0]}, read[] = {mail[0]};
  hub.record({hub::state::erase_item(EntryType::kExpire, expired, words(6, "expired"))}, t0.plus(2 * base::kDay));
  hub.record({hub::state::erase_item(EntryType::kErase, read, words(7, "kept long enough"))}, t0.plus(9 * base::kDay));
  hub.record({item(EntryType::kDir, base::to_bytes(c.revoke("coord", true))), item(EntryType::kHub, words(8, "stop"))},
             t0.plus(9 * base::kDay + 1000));
}

class Broken {
 public:
  Broken(File& f, std::vector<Entry> good) : f_(f), good_(std::move(good)) {}
  // `bend` changes the entry at `at`, and what stands beside it; the root is that of the broken log, so that it names no other rule.
  void add(const char* rule, std::size_t at, const std::function<void(std::vector<Entry>&)>& bend) {
    std::vector<Entry> log = good_;
    bend(log);
    put(rule, at, log, root(log));
  }
  void wrong_root() {
    Hash r = root(good_);
    r[0] ^= 1;
    put("root", good_.size(), good_, r);
  }
  [[nodiscard]] std::size_t first(EntryType type, std::size_t from = 0) const {
    for (std::size_t i = from; i < good_.size(); ++i) {
      if (good_[i].bytes[4] == static_cast<base::Byte>(type)) return i;
    }
    CHECK(!"no such entry");
    return 0;
  }
  void finish() { f_.put("n_broken", count_); }
  static Hash root(const std::vector<Entry>& log) {
    std::vector<Hash> leaves;
    for (const Entry& e : log) leaves.push_back(crypto::merkle_leaf(e.bytes));
    return crypto::merkle_root(leaves);
  }

 private:
  // As changes to the legal log: entries that differ, and how many there are.
  void put(const char* rule, std::size_t at, const std::vector<Entry>& log, const Hash& r) {
    const std::string b = "broken." + n(count_++) + ".";
    f_.put(b + "rule", std::string(rule));
    f_.put(b + "at", at);
    f_.put(b + "root", r);
    std::string changed;
    for (std::size_t i = 0; i < log.size(); ++i) {
      if (log[i].bytes == good_[i].bytes && log[i].note == good_[i].note) continue;
      changed += (changed.empty() ? "" : " ") + n(i);
      f_.put(b + "entry." + n(i), log[i].bytes);
      f_.put(b + "note." + n(i), base::view(log[i].note));
    }
    f_.put(b + "changed", changed);
  }
  File& f_;
  std::vector<Entry> good_;
  std::uint64_t count_ = 0;
};

void break_rules(Broken& b, const kit::Consortium& c) {
  const auto bend = [&](const char* rule, std::size_t at, std::size_t byte, int value) {
    b.add(rule, at, [=](std::vector<Entry>& log) { log[at].bytes[byte] ^= static_cast<base::Byte>(value); });
  };
  const std::size_t accept = b.first(EntryType::kAccept), receipt = b.first(EntryType::kReceipt), hub_event = b.first(EntryType::kHub),
                    second_event = b.first(EntryType::kHub, hub_event + 1), second_note = b.first(EntryType::kDir, 1);
  bend("layout", accept, 0, 1);   // magic
  bend("layout", accept, 5, 3);   // version
  bend("layout", accept, 6, 2);   // a flag that is none
  bend("layout", receipt, 6, 1);  // late, and no ACCEPT
  bend("layout", accept, 20, 1);  // zero bytes
  bend("layout", receipt, 111, 1);
  bend("layout", receipt, 16, 1);  // a count without messages
  bend("layout", receipt, 4, 8);   // type 10: there is none
  b.add("layout", accept, [=](auto& log) { base::store_le(log[accept].bytes.data() + 16, std::uint32_t{0}); });
  b.add("layout", accept, [=](auto& log) { base::store_le(log[accept].bytes.data() + 16, std::uint32_t{1025}); });
  b.add("hub_time", receipt, [=](auto& log) { base::store_le(log[receipt].bytes.data() + 8, kit::kStart.plus(999).ms); });
  bend("dir_seq", receipt, 24, 1);  // counts a note that is not there
  bend("dir_seq", second_note, 24, 3);
  bend("dir_chain", second_note, 64, 1);
  bend("hub_chain", second_event, 64, 1);
  b.add("hub_chain", hub_event, [=](auto& log) { log[hub_event].bytes[64] ^= 1; });
  b.add("batch", accept + 2, [=](auto& log) {
    std::swap(log[accept + 1], log[accept + 2]);
    base::store_le(log[accept + 1].bytes.data() + 8, base::load_le<std::uint64_t>(log[accept].bytes.data() + 8));
  });
  b.add("group", accept + 1, [=](auto& log) { std::copy_n(log[accept].bytes.begin() + 32, 32, log[accept + 1].bytes.begin() + 32); });
  bend("note", second_note, 32, 1);            // the subject of no note that is held
  b.add("note", second_note, [&](auto& log) {  // one signature too few, with a subject that fits
    const auto parsed = crypto::parse_note(log[second_note].note);
    CHECK(parsed.ok());
    crypto::Note fewer = *parsed;
    fewer.signatures.resize(1);
    log[second_note].note = fewer.whole();
    const Hash subject = fewer.whole_hash();
    std::copy(subject.begin(), subject.end(), log[second_note].bytes.begin() + 32);
  });
  b.add("note", second_note, [&](auto& log) { log[second_note].note.clear(); });  // not handed out
  b.wrong_root();
  static_cast<void>(c);
}

}  // namespace

void add_log(Files& files) {
  File f;
  Hub hub(f);
  f.put("anchor", base::view(hub.members().anchor()));
  live(hub);
  f.put("n_records", hub.records());
  const auto entries = hub.entries();
  f.put("n_entries", entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    f.put("entry." + n(i), entries[i].bytes);
    if (!entries[i].note.empty()) f.put("note." + n(i), base::view(entries[i].note));
  }
  f.put("root", Broken::root(entries));
  Broken broken(f, entries);
  break_rules(broken, hub.members());
  broken.finish();
  files["v12.txt"] = f.txt();
  files["v12.json"] = f.json() + "\n";
}

}  // namespace vectors
