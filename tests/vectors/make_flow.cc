// V7: receipts, and what the sender makes of each in a row. V10: the chain table, broadcasts, NACKs, a batch sealed anew, the order of
// events. What must follow is written here by hand; no code under test decides it.
#include "tests/vectors/cast.h"
#include "tests/vectors/loose_batch.h"
#include "tests/vectors/vector_file.h"

namespace vectors {
namespace {

std::string n(std::size_t i) { return std::to_string(i); }

constexpr int kRecipientSeed = 0x12;

// Three groups are on their way: positions 1, 2 to 3, 4. Their leaves are 0xd1, 0xd2, 0xd3 repeated.
struct Sent {
  std::uint64_t pair_seq, n;
  int leaf;
};
constexpr Sent kSent[] = {{1, 1, 0xd1}, {2, 2, 0xd2}, {4, 1, 0xd3}};

struct Step {
  std::uint16_t status;
  std::uint64_t upto;
  int leaf;
  std::uint32_t n_failed = 0;
  int ref = 0;
  const char* expect = "";  // one letter a group: a accepted, d delivered, u undecryptable, e expired
  bool fetch = false;       // the recipient counts failures whose receipts are not here
};
struct Script {
  const char* name;
  std::vector<Step> steps;
};

std::vector<Script> scripts() {
  return {
      {"delivered, one by one", {{1, 1, 0xd1, 0, 0, "daa"}, {1, 3, 0xd2, 0, 0, "dda"}, {1, 4, 0xd3, 0, 0, "ddd"}}},
      {"one receipt covers all before it", {{1, 4, 0xd3, 0, 0, "ddd"}}},
      {"a repeat and an older one change nothing", {{1, 3, 0xd2, 0, 0, "dda"}, {1, 3, 0xd2, 0, 0, "dda"}, {1, 1, 0xd1, 0, 0, "dda"}}},
      {"a failed group is named before it is covered", {{5, 3, 0xd2, 1, 0, "aua"}, {1, 4, 0xd3, 1, 0, "dud"}}},
      {"expired mail is named too", {{6, 1, 0xd1, 1, 0, "eaa"}, {1, 3, 0xd2, 1, 0, "eda"}}},
      {"a failure that is kept back: nothing is delivered until it comes", {{1, 4, 0xd3, 1, 0, "aaa", true}, {5, 3, 0xd2, 1, 0, "dud"}}},
      {"two failures, one kept back", {{5, 1, 0xd1, 1, 0, "uaa"}, {1, 4, 0xd3, 2, 0, "uaa", true}, {6, 3, 0xd2, 2, 0, "ued"}}},
      {"fewer failures than are held: not settled", {{5, 3, 0xd2, 1, 0, "aua"}, {1, 4, 0xd3, 0, 0, "aua"}}},
      {"an adopted start acknowledges nothing before it", {{1, 4, 0xd3, 0, 0xd2, "add"}}},
      {"an adopted start that is no group of ours acknowledges nothing", {{1, 4, 0xd3, 0, 0xee, "aaa"}}},
      {"another leaf at that place", {{1, 3, 0xee, 0, 0, "aaa"}, {5, 3, 0xee, 1, 0, "aaa"}}},
      {"the middle of a group", {{1, 2, 0xd2, 0, 0, "aaa"}}},
      {"a failure after the delivery is for people", {{1, 4, 0xd3, 0, 0, "ddd"}, {5, 3, 0xd2, 1, 0, "ddd"}}},
  };
}

crypto::Rcp1 receipt(const Step& s) {
  crypto::Rcp1 r;
  r.status = s.status;
  r.n_failed = s.n_failed;
  r.recipient = filled<16>(kBob.id);
  r.recipient_cert = filled<32>(0x56);
  r.sender = filled<16>(0xa1);
  r.upto_pair_seq = s.upto;
  r.group_leaf = filled<32>(s.leaf);
  r.time = kCreated.plus(2000);
  r.ref_leaf = filled<32>(s.ref);
  return r;
}

File receipts() {
  File f;
  f.put("recipient_pk", sign_key(kRecipientSeed).public_key());
  f.put("sender", filled<16>(0xa1));
  f.put("n_groups", std::size(kSent));
  for (std::size_t g = 0; g < std::size(kSent); ++g) {
    f.put("group." + n(g) + ".pair_seq", kSent[g].pair_seq);
    f.put("group." + n(g) + ".n", kSent[g].n);
    f.put("group." + n(g) + ".leaf", filled<32>(kSent[g].leaf));
  }
  const auto all = scripts();
  f.put("n_scripts", all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string script = "script." + n(i) + ".";
    f.put(script + "name", std::string(all[i].name));
    f.put(script + "n_steps", all[i].steps.size());
    for (std::size_t k = 0; k < all[i].steps.size(); ++k) {
      const Step& s = all[i].steps[k];
      const std::string at = script + "step." + n(k) + ".";
      const auto rcp = crypto::encode(receipt(s));
      f.put(at + "rcp", rcp);
      f.put(at + "sig", sign_key(kRecipientSeed).sign(rcp));
      f.put(at + "states", std::string(s.expect));
      f.put(at + "fetch", std::string(s.fetch ? "yes" : "no"));
    }
  }
  // Bodies of kind 16: 2 is a person's reading, 3 and 4 are reserved.
  for (const std::uint16_t status : {2, 3, 4}) {
    crypto::Rcp1 r = receipt({status, 0, 0xd2, 0, 0xc7});
    f.put("body." + n(status), crypto::encode(r));
    f.put("body." + n(status) + ".expect", std::string(status == 2 ? "accepted" : "malformed"));
  }
  return f;
}

struct Chain {  // a row of 4.2 step 6; leaves are a byte repeated, 0: none
  const char* rule;
  bool started;
  std::uint64_t upto;
  int last;
  std::uint64_t serial;
  int passed;
  std::uint64_t pair_seq;
  int prev, leaf;
  bool restart;
  std::uint64_t link_serial;
  const char* expect;
};
constexpr Chain kChain[] = {
    {"no state and prev 0", false, 0, 0, 0, 0, 1, 0, 1, false, 1, "go-on"},
    {"last upto + 1, last leaf", true, 7, 7, 1, 0, 8, 7, 8, false, 1, "go-on"},
    {"a rotated certificate changes nothing", true, 7, 7, 1, 0, 8, 7, 8, false, 2, "go-on"},
    {"restart with a higher serial", true, 7, 7, 1, 0, 1, 0, 9, true, 2, "restart"},
    {"restart, any position", true, 7, 7, 1, 0, 40, 0, 9, true, 2, "restart"},
    {"restart with the same serial", true, 7, 7, 1, 0, 1, 0, 9, true, 1, "conflict"},
    {"restart with an older serial", true, 7, 7, 3, 0, 1, 0, 9, true, 2, "conflict"},
    {"no state and prev", false, 0, 0, 0, 0, 5, 4, 5, false, 1, "state-lost"},
    {"a leaf that was passed", true, 7, 7, 1, 6, 6, 5, 6, false, 1, "repeat"},
    {"the last leaf again", true, 7, 7, 1, 7, 7, 6, 7, false, 1, "repeat"},
    {"a passed restart again", true, 1, 9, 2, 9, 1, 0, 9, true, 2, "repeat"},
    {"above last upto + 1", true, 7, 7, 1, 0, 9, 8, 9, false, 1, "gap"},
    {"above, whatever prev is", true, 7, 7, 1, 0, 9, 7, 9, false, 1, "gap"},
    {"right place, another prev", true, 7, 7, 1, 0, 8, 6, 8, false, 1, "conflict"},
    {"right prev, a passed place", true, 7, 7, 1, 7, 7, 7, 9, false, 1, "conflict"},
    {"another leaf at a passed place", true, 7, 7, 1, 6, 6, 5, 0x66, false, 1, "conflict"},
    {"a second beginning", true, 7, 7, 1, 1, 1, 0, 9, false, 1, "conflict"},
    {"a second beginning under a new certificate, without the flag", true, 7, 7, 1, 1, 1, 0, 9, false, 2, "conflict"},
};
struct Broadcast {
  std::uint64_t last_seq;
  std::uint32_t last_group;
  std::uint64_t seq;
  std::uint32_t group;
  const char* expect;
};
constexpr Broadcast kBroadcasts[] = {{0, 0, 10, 0, "take"},  {10, 2, 10, 2, "drop"},  {10, 2, 10, 1, "drop"},
                                     {10, 2, 10, 3, "take"}, {10, 2, 9, 200, "drop"}, {10, 2, 11, 0, "take"}};

// What a sender does; `agrees`: its own synced directory says the same as the NACK.
struct Nack {
  std::uint16_t code;
  const char* of;
  bool agrees;
  const char* expect;  // stop, same-bytes, re-seal, people (this one; the others are sealed anew)
};
constexpr Nack kNacks[] = {
    {1, "batch", false, "stop"},     {2, "batch", false, "stop"},        {3, "batch", false, "stop"},
    {4, "batch", true, "stop"},      {4, "batch", false, "same-bytes"},  {5, "batch", false, "stop"},
    {6, "batch", false, "stop"},     {7, "batch", false, "stop"},        {8, "group", false, "stop"},
    {9, "group", false, "re-seal"},  {10, "group", false, "re-seal"},    {11, "group", false, "re-seal"},
    {12, "group", true, "people"},   {12, "group", false, "re-seal"},    {13, "batch", false, "same-bytes"},
    {13, "group", false, "re-seal"}, {14, "batch", false, "stop"},       {15, "batch", false, "re-seal"},
    {16, "batch", false, "re-seal"}, {17, "batch", false, "same-bytes"}, {17, "group", false, "re-seal"},
};

void put_chain(File& f) {
  const auto leaf = [](int b) { return b == 0 ? std::string() : base::hex(filled<32>(b)); };
  f.put("n_chain", std::size(kChain));
  for (std::size_t i = 0; i < std::size(kChain); ++i) {
    const Chain& c = kChain[i];
    const std::string at = "chain." + n(i) + ".";
    f.put(at + "rule", std::string(c.rule));
    f.put(at + "started", std::uint64_t{c.started});
    f.put(at + "upto", c.upto);
    f.put(at + "last_leaf", leaf(c.last));
    f.put(at + "serial", c.serial);
    f.put(at + "passed", leaf(c.passed));
    f.put(at + "pair_seq", c.pair_seq);
    f.put(at + "prev", filled<32>(c.prev));
    f.put(at + "leaf", leaf(c.leaf));
    f.put(at + "restart", std::uint64_t{c.restart});
    f.put(at + "cert_serial", c.link_serial);
    f.put(at + "expect", std::string(c.expect));
  }
  f.put("n_broadcast", std::size(kBroadcasts));
  for (std::size_t i = 0; i < std::size(kBroadcasts); ++i) {
    const Broadcast& b = kBroadcasts[i];
    const std::string at = "broadcast." + n(i) + ".";
    f.put(at + "last", n(b.last_seq) + "." + n(b.last_group));
    f.put(at + "next", n(b.seq) + "." + n(b.group));
    f.put(at + "expect", std::string(b.expect));
  }
  f.put("n_nack", std::size(kNacks));
  for (std::size_t i = 0; i < std::size(kNacks); ++i) {
    const std::string at = "nack." + n(i) + ".";
    f.put(at + "code", std::uint64_t{kNacks[i].code});
    f.put(at + "of", std::string(kNacks[i].of));
    f.put(at + "agrees", std::uint64_t{kNacks[i].agrees});
    f.put(at + "expect", std::string(kNacks[i].expect));
  }
}

void put_sealed(File& f, const std::string& at, const crypto::SealedBatch& b) {
  f.put(at + "bst", b.bst);
  f.put(at + "hash", b.hash);
  f.put(at + "n_groups", b.groups.size());
  for (std::size_t g = 0; g < b.groups.size(); ++g) {
    const std::string group = at + "group." + n(g) + ".";
    f.put(group + "grp", b.groups[g].grp);
    f.put(group + "n_msgs", b.groups[g].msgs.size());
    for (std::size_t i = 0; i < b.groups[g].msgs.size(); ++i) {
      f.put(group + "msg." + n(i) + ".hdr", b.groups[g].msgs[i].hdr);
      f.put(group + "msg." + n(i) + ".leaf", b.groups[g].msgs[i].leaf);
    }
  }
}

crypto::SealedBatch seal_with(const crypto::SealRequest& r, int e, int g) {
  crypto::internal::BatchSecrets s = secrets(r.groups.size());
  s.e.bytes = filled<32>(e);
  for (std::size_t i = 0; i < s.g.size(); ++i) s.g[i].bytes = filled<32>(g + static_cast<int>(i));
  auto prepared = crypto::internal::prepare(r);
  CHECK(prepared.ok());
  return crypto::internal::finish(std::move(prepared).value(), r, s, sign_key(kSenderSeed)).value();
}

// Two groups, one of which the hub refuses: the good one goes at once, the other in the next batch, both under their old message ids.
// A restored sender goes on with a new certificate, the flag, and no predecessor. Facts that come late name the view's ids.
void put_batches(File& f) {
  crypto::SealRequest refused = request(70);
  refused.prev_batch = filled<32>(0x99);
  refused.groups.push_back({{to(kBob, 41, 0x77)}, {draft(1, 1, "one"), draft(2, 3, "two")}, false});
  refused.groups.push_back({{to(kCarol, 9, 0x78)}, {draft(3, 1, "three")}, false});
  const crypto::SealedBatch first = seal_fixed(refused);
  put_sealed(f, "refused.", first);
  f.put("refused.bad_group", std::uint64_t{1});
  crypto::SealRequest good = refused, rest = refused;
  good.batch_seq = 71;
  good.groups.pop_back();
  const crypto::SealedBatch second = seal_with(good, 0x34, 0x54);
  put_sealed(f, "again.0.", second);
  rest.batch_seq = 72;
  rest.prev_batch = second.hash;
  rest.groups.erase(rest.groups.begin());
  put_sealed(f, "again.1.", seal_with(rest, 0x35, 0x64));

  crypto::SealRequest restored = request(1700000000100);
  restored.sender_cert = filled<32>(0x57);  // serial 2
  restored.groups.push_back({{to(kBob, 50)}, {draft(9, 3, "after the restore")}, true});
  put_sealed(f, "restored.", seal_with(restored, 0x36, 0x74));

  crypto::SealRequest view = request(80), late = request(81);
  view.groups.push_back({{to(kBob, 43, 0x79)}, {draft(10, 2, "accepted")}, false});
  const crypto::SealedBatch seen = seal_with(view, 0x37, 0x84);
  put_sealed(f, "view.", seen);
  late.prev_batch = seen.hash;
  crypto::Draft facts = draft(10, 19, "facts of the same event");
  facts.hdr.thread_prev = filled<32>(0x91);  // the sender's kind-19 leaf before, in this thread
  late.groups.push_back({{to(kCarol, 12, 0x7a)}, {facts}, false});
  put_sealed(f, "late.", seal_with(late, 0x38, 0x94));
}

// (log index of the group's entry, group_no, sender, thread_seq), shuffled, and the order in which every reader places them.
struct Placed {
  std::uint64_t index;
  std::uint32_t group_no;
  int sender;
  std::uint32_t thread_seq;
  int rank;
};
constexpr Placed kPlaced[] = {{12, 2, 0xa1, 3, 2}, {9, 0, 0xb2, 1, 0}, {10, 0, 0xa1, 2, 1}, {13, 0, 0xb2, 2, 3}, {14, 1, 0xb2, 4, 4}};

void put_order(File& f) {
  f.put("n_order", std::size(kPlaced));
  for (std::size_t i = 0; i < std::size(kPlaced); ++i) {
    const std::string at = "order." + n(i) + ".";
    f.put(at + "index", kPlaced[i].index);
    f.put(at + "group_no", std::uint64_t{kPlaced[i].group_no});
    f.put(at + "sender", filled<16>(kPlaced[i].sender));
    f.put(at + "thread_seq", std::uint64_t{kPlaced[i].thread_seq});
    f.put(at + "rank", static_cast<std::uint64_t>(kPlaced[i].rank));
  }
}

}  // namespace

void add_flow(Files& files) {
  const File v7 = receipts();
  File v10;
  put_chain(v10);
  put_batches(v10);
  put_order(v10);
  files["v7.txt"] = v7.txt();
  files["v7.json"] = v7.json() + "\n";
  files["v10.txt"] = v10.txt();
  files["v10.json"] = v10.json() + "\n";
}

}  // namespace vectors
