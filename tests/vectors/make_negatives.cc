// V4: one broken thing a case, each with the rule it breaks and the stage and class of the refusal that must follow.
// Stages: form, signature, hashes, open (of a delivered group), receipt, seal. "accepted" cases prove that the frame around is sound.
#include <functional>

#include "crypto/merkle.h"
#include "crypto/note.h"
#include "tests/vectors/cast.h"
#include "tests/vectors/loose_batch.h"
#include "tests/vectors/vector_file.h"

namespace vectors {
namespace {

using base::Bytes;
using crypto::Frame;

// Group 0: two messages to Bob, chained. Group 1: one capacity message to Bob and Carol.
crypto::SealRequest request_v4() {
  crypto::SealRequest r = request(70);
  r.groups.push_back({{to(kBob, 5, 0x77)}, {draft(1, 1, "one"), draft(2, 3, "two")}, false});
  r.groups.push_back({{to(kBob, 0), to(kCarol, 0)}, {draft(3, 6, "beds")}, false});
  return r;
}

struct Case {
  std::string name, rule, expect;
  Frame frame = Frame::kBatch;
  LooseBatch batch;
  crypto::PublicKey sender = sign_key(kSenderSeed).public_key();
  Reader self = kBob;
};

class Cases {
 public:
  explicit Cases(Files& files) : files_(files) {}
  // Takes the case to be refused as `expect` says; the code under test does not decide what the file claims.
  void add(const Case& c) { add(c.name, file_of(c, c.frame == Frame::kBatch ? "batch" : "deliver")); }
  static File file_of(const Case& c, const std::string& frame) {
    File f;
    f.put("rule", c.rule);
    f.put("frame", frame);
    f.put("expect", c.expect);
    f.put("sender_pk", c.sender);
    f.put("self", filled<16>(c.self.id));
    f.put("epoch_sk", filled<32>(c.self.epoch_secret));
    f.put("bst", c.batch.bst);
    f.put("sig", c.batch.sig);
    f.put("n_groups", c.batch.groups.size());
    for (std::size_t g = 0; g < c.batch.groups.size(); ++g) put_group(f, "group." + std::to_string(g) + ".", c.batch.groups[g]);
    return f;
  }
  void add(const std::string& name, const File& f) {
    files_["v4/" + name + ".txt"] = f.txt();
    json_ += (json_.empty() ? "{\n" : ",\n") + ("  \"" + name + "\": ") + f.json("  ");
  }
  void finish() { files_["v4.json"] = json_ + "\n}\n"; }

 private:
  static void put_group(File& f, const std::string& at, const LooseGroup& group) {
    f.put(at + "grp", group.grp);
    f.put(at + "path", group.path);
    f.put(at + "n_msgs", group.msgs.size());
    for (std::size_t i = 0; i < group.msgs.size(); ++i) {
      const std::string msg = at + "msg." + std::to_string(i) + ".";
      f.put(msg + "hdr", group.msgs[i].hdr);
      f.put(msg + "C", group.msgs[i].commit);
      f.put(msg + "ct", group.msgs[i].ct);
      f.put(msg + "ct_hash", group.msgs[i].ct_hash);
    }
  }
  Files& files_;
  std::string json_;
};

using Bend = std::function<void(LooseBatch&)>;
LooseBatch good() {
  static const LooseBatch batch = LooseBatch::of(seal_fixed(request_v4()));
  return batch;
}
LooseBatch bent(const Bend& bend) {
  LooseBatch b = good();
  bend(b);
  return b;
}
LooseBatch stamped(const Bend& bend) {  // bent by the sender itself, who can sign what it likes
  LooseBatch b = bent(bend);
  b.restamp(sign_key(kSenderSeed));
  return b;
}

void bst_cases(Cases& cases) {
  const auto add = [&](const char* name, const char* rule, const char* expect, const Bend& bend) {
    cases.add({name, rule, expect, Frame::kBatch, bent(bend)});
  };
  add("bst-short", "4.2 step 1: exact lengths", "form malformed", [](LooseBatch& b) { b.bst.pop_back(); });
  add("bst-long", "4.2 step 1: exact lengths", "form malformed", [](LooseBatch& b) { b.bst.push_back(0); });
  add("bst-label", "4.2 step 1: magic of BST1", "form malformed", [](LooseBatch& b) { b.bst[31] = 1; });
  add("bst-suite", "4.2 step 1: unknown suite", "form unsupported", [](LooseBatch& b) { b.bst[32] = 2; });
  add("bst-reserved-34", "4.2 step 1: zero bytes of BST1", "form malformed", [](LooseBatch& b) { b.bst[35] = 1; });
  add("bst-reserved-208", "4.2 step 1: zero bytes of BST1", "form malformed", [](LooseBatch& b) { b.bst[215] = 1; });
  add("bst-no-groups", "4.2 step 1: n_groups >= 1", "form malformed", [](LooseBatch& b) { b.bst[36] = 0, b.groups.clear(); });
  add("bst-257-groups", "4.2 step 1: n_groups <= 256", "form too_large", [](LooseBatch& b) { b.bst[36] = 1, b.bst[37] = 1; });
  add("bst-groups-lie", "4.1 Frames: n_groups is the number of groups", "form malformed", [](LooseBatch& b) { b.bst[36] = 3; });
  add("sig-short", "4.2 step 1: exact lengths", "form malformed", [](LooseBatch& b) { b.sig.pop_back(); });
}

void grp_cases(Cases& cases) {
  const auto add = [&](const char* name, const char* rule, const char* expect, std::size_t g, const std::function<void(Bytes&)>& bend) {
    cases.add({name, rule, expect, Frame::kBatch, stamped([&](LooseBatch& b) { bend(b.groups[g].grp); })});
  };
  const char* reserved = "4.2 step 1: zero bytes and flags of GRP1";
  add("grp-magic", "4.2 step 1: magic of GRP1", "form malformed", 0, [](Bytes& grp) { grp[3] = '2'; });
  add("grp-suite", "4.2 step 1: unknown suite", "form unsupported", 0, [](Bytes& grp) { grp[4] = 2; });
  add("grp-no-slots", "4.2 step 1: n_slots >= 1", "form malformed", 0, [](Bytes& grp) { grp[6] = 0, grp.resize(112); });
  add("grp-65-slots", "4.2 step 1: n_slots <= 64", "form too_large", 1, [](Bytes& grp) { grp[6] = 65, grp.resize(112 + 65 * 128); });
  add("grp-slots-lie", "4.2 step 1: exact lengths", "form malformed", 1, [](Bytes& grp) { grp[6] = 1; });
  add("grp-truncated", "4.2 step 1: exact lengths", "form malformed", 0, [](Bytes& grp) { grp.resize(111); });
  add("grp-no-messages", "4.2 step 1: n_msgs >= 1", "form malformed", 0, [](Bytes& grp) { grp[8] = 0; });
  add("grp-1025-messages", "4.2 step 1: n_msgs <= 1024", "form too_large", 0, [](Bytes& grp) { grp[8] = 1, grp[9] = 4; });
  add("grp-messages-lie", "4.2 step 1: all messages present", "form malformed", 0, [](Bytes& grp) { grp[8] = 3; });
  add("grp-flags", reserved, "form malformed", 0, [](Bytes& grp) { grp[12] = 2; });
  add("grp-flags-high", reserved, "form malformed", 0, [](Bytes& grp) { grp[15] = 0x80; });
  add("grp-reserved-108", reserved, "form malformed", 0, [](Bytes& grp) { grp[111] = 1; });
  add("slot-reserved-20", reserved, "form malformed", 0, [](Bytes& grp) { grp[112 + 23] = 1; });
  add("slot-reserved-120", reserved, "form malformed", 0, [](Bytes& grp) { grp[112 + 127] = 1; });
  add("slots-unsorted", "4.2 step 1: slots sorted by recipient", "form malformed", 1,
      [](Bytes& grp) { std::swap_ranges(grp.begin() + 112, grp.begin() + 240, grp.begin() + 240); });
  add("slots-double", "4: no recipient twice", "form malformed", 1,
      [](Bytes& grp) { std::copy(grp.begin() + 112, grp.begin() + 240, grp.begin() + 240); });
  add("slot-of-sender", "4: no slot for the sender", "form malformed", 0, [](Bytes& grp) { std::fill_n(grp.begin() + 112, 16, 0xa1); });
  add("chained-two-slots", "4: a chained group has one slot", "form malformed", 1,
      [](Bytes& grp) { grp[112 + 32] = 1, grp[240 + 32] = 1; });
  add("broadcast-half-chained", "4: pair_seq 0 in every slot", "form malformed", 1, [](Bytes& grp) { grp[240 + 32] = 1; });
  add("broadcast-prev", "4: prev_group_leaf 0 in every slot", "form malformed", 1, [](Bytes& grp) { grp[240 + 40] = 1; });
  add("broadcast-restart", "4: a broadcast is in no chain", "form malformed", 1, [](Bytes& grp) { grp[12] = 1; });
  add("restart-with-prev", "4: restart means prev_group_leaf 0", "form malformed", 0, [](Bytes& grp) { grp[12] = 1; });
  add("pair-seq-overflow", "5: upto_pair_seq must not wrap", "form malformed", 0,
      [](Bytes& grp) { std::fill_n(grp.begin() + 112 + 32, 8, 0xff); });
  add("binding-sender", "4.2 step 2: sender as in BST1", "form malformed", 0, [](Bytes& grp) { grp[16] ^= 1; });
  add("binding-cert", "4.2 step 2: certificate as in BST1", "form malformed", 0, [](Bytes& grp) { grp[63] ^= 1; });
  add("binding-batch-seq", "4.2 step 2: batch_seq as in BST1", "form malformed", 0, [](Bytes& grp) { grp[96] ^= 1; });
  add("binding-group-no", "4.2 step 2: group_no is the index", "form malformed", 0, [](Bytes& grp) { grp[104] = 1; });
}

void message_cases(Cases& cases) {
  const auto add = [&](const char* name, const char* rule, const char* expect, const Bend& bend) {
    cases.add({name, rule, expect, Frame::kBatch, bent(bend)});
  };
  const char* form = "4.1 Frames: fields of a BATCH";
  const char* header = "7 step 2: fixed fields of HDR1";
  add("batch-good", "the frame that the others bend", "accepted", [](LooseBatch&) {});
  add("batch-subset", "4.1 Frames: all messages, never a subset", "form malformed", [](LooseBatch& b) { b.groups[0].msgs.pop_back(); });
  add("batch-with-path", form, "form malformed", [](LooseBatch& b) { b.groups[0].path.resize(32); });
  add("batch-tombstone", form, "form malformed",
      [](LooseBatch& b) { b.groups[0].msgs[0].ct.clear(), b.groups[0].msgs[0].ct_hash.resize(32); });
  add("batch-ct-and-hash", form, "form malformed", [](LooseBatch& b) { b.groups[0].msgs[0].ct_hash.resize(32); });
  add("hdr-short", "4.2 step 1: exact lengths", "form malformed", [](LooseBatch& b) { b.groups[0].msgs[0].hdr.pop_back(); });
  add("commit-long", "4.2 step 1: exact lengths", "form malformed", [](LooseBatch& b) { b.groups[0].msgs[0].commit.push_back(0); });
  add("hdr-magic", header, "form malformed", [](LooseBatch& b) { b.groups[0].msgs[0].hdr[0] = 'X'; });
  add("hdr-suite", header, "form unsupported", [](LooseBatch& b) { b.groups[0].msgs[0].hdr[5] = 1; });
  add("hdr-flags", header, "form malformed", [](LooseBatch& b) { b.groups[0].msgs[0].hdr[62] = 4; });
  add("hdr-reserved", header, "form malformed", [](LooseBatch& b) { b.groups[0].msgs[0].hdr[127] = 1; });
  add("hdr-ct-len", header, "form malformed", [](LooseBatch& b) { b.groups[0].msgs[0].hdr[68] ^= 1; });
  add("ct-too-short", "4.1 Frames: the smallest ciphertext has 528 bytes", "form malformed", [](LooseBatch& b) {
    b.groups[0].msgs[0].ct.resize(272);
    b.groups[0].msgs[0].hdr[69] = 1;  // 528 = 0x0210 becomes 272 = 0x0110
  });
  add("broadcast-kind", "4: a broadcast is capacity only", "form malformed", [](LooseBatch& b) { b.groups[1].msgs[0].hdr[6] = 1; });
  add("broadcast-flags", "4: a broadcast asks for no receipt", "form malformed", [](LooseBatch& b) { b.groups[1].msgs[0].hdr[62] = 1; });
}

void signature_cases(Cases& cases) {
  const auto add = [&](const char* name, const char* expect, const Bend& bend) {
    cases.add({name, "4.2 step 4: Ed25519 over BST1", expect, Frame::kBatch, bent(bend)});
  };
  add("sig-flip-r", "signature bad_signature", [](LooseBatch& b) { b.sig[0] ^= 1; });
  add("sig-flip-s", "signature bad_signature", [](LooseBatch& b) { b.sig[40] ^= 1; });
  add("bst-dir-seq-flip", "signature bad_signature", [](LooseBatch& b) { b.bst[200] ^= 1; });
  add("bst-hub-id-flip", "signature bad_signature", [](LooseBatch& b) { b.bst[168] ^= 1; });
  add("sig-non-canonical-s", "signature bad_signature", [](LooseBatch& b) {  // S + L verifies where S is not bounded
    const Bytes l = *base::unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    unsigned carry = 0;
    for (std::size_t i = 0; i < 32; ++i) {
      carry += static_cast<unsigned>(b.sig[32 + i]) + l[i];
      b.sig[32 + i] = static_cast<base::Byte>(carry);
      carry >>= 8;
    }
  });
  Case small{"sig-small-order-key", "2: no small-order keys", "signature bad_signature", Frame::kBatch, good()};
  small.sender = filled<32>(0);
  small.sender[0] = 1;  // the neutral point: everything verifies cofactored
  small.batch.sig.assign(64, 0);
  small.batch.sig[0] = 1;
  cases.add(small);
}

void hash_cases(Cases& cases) {
  const auto add = [&](const char* name, const char* rule, const char* expect, Frame frame, LooseBatch b) {
    cases.add({name, rule, expect, frame, std::move(b)});
  };
  const char* leaves = "4.2 step 5: leaves -> group_leaf -> batch_root";
  const char* path = "4.1 Frames: path of the group by signed n_groups and group_no";
  const char* bad = "hashes bad_signature";
  add("ct-flip", leaves, bad, Frame::kBatch, bent([](LooseBatch& b) { b.groups[0].msgs[1].ct[9] ^= 1; }));
  add("commit-flip", leaves, bad, Frame::kBatch, bent([](LooseBatch& b) { b.groups[0].msgs[1].commit[9] ^= 1; }));
  add("hdr-thread-flip", leaves, bad, Frame::kBatch, bent([](LooseBatch& b) { b.groups[0].msgs[1].hdr[24] ^= 1; }));
  add("wrapped-flip", leaves, bad, Frame::kBatch, bent([](LooseBatch& b) { b.groups[1].grp[240 + 72] ^= 1; }));
  add("epoch-flip", leaves, bad, Frame::kBatch, bent([](LooseBatch& b) { b.groups[0].grp[112 + 16] ^= 1; }));
  add("messages-swapped", leaves, bad, Frame::kBatch, bent([](LooseBatch& b) { std::swap(b.groups[0].msgs[0], b.groups[0].msgs[1]); }));
  add("deliver-ct-flip", leaves, bad, Frame::kDeliver, bent([](LooseBatch& b) { b = b.deliver(0), b.groups[0].msgs[0].ct[0] ^= 1; }));
  add("deliver-tombstone-flip", leaves, bad, Frame::kDeliver,
      bent([](LooseBatch& b) { b = b.deliver(0, true), b.groups[0].msgs[0].ct_hash[0] ^= 1; }));
  add("path-flip", path, bad, Frame::kDeliver, bent([](LooseBatch& b) { b = b.deliver(0), b.groups[0].path[0] ^= 1; }));
  add("path-missing", path, bad, Frame::kDeliver, bent([](LooseBatch& b) { b = b.deliver(0), b.groups[0].path.clear(); }));
  add("path-too-long", path, bad, Frame::kDeliver, bent([](LooseBatch& b) { b = b.deliver(0), b.groups[0].path.resize(64); }));
  add("path-ragged", path, "form malformed", Frame::kDeliver, bent([](LooseBatch& b) { b = b.deliver(0), b.groups[0].path.push_back(0); }));
  add("path-of-sibling", path, bad, Frame::kDeliver, bent([](LooseBatch& b) {
        const Bytes other = b.deliver(1).groups[0].path;
        b = b.deliver(0);
        b.groups[0].path = other;
      }));
  // Signed as group 0 of the tree, but it says that it is group 1: a path is only good for the index that the group names.
  add("path-for-other-index", path, bad, Frame::kDeliver, bent([](LooseBatch& b) {
        b.groups[0].grp[104] = 1;
        b.restamp(sign_key(kSenderSeed));
        b = b.deliver(0);
      }));
  add("deliver-group-no", "4.2 step 2: group_no < n_groups", "form malformed", Frame::kDeliver, bent([](LooseBatch& b) {
        b.groups[0].grp[104] = 2;
        b.restamp(sign_key(kSenderSeed));
        b = b.deliver(0);
      }));
  add("deliver-two-groups", "4.1 Frames: a DELIVER has one group", "form malformed", Frame::kDeliver, good());
  add("deliver-mixed", "4.1 Frames: all whole or all tombstones", "form malformed", Frame::kDeliver, bent([](LooseBatch& b) {
        const LooseMessage erased = b.deliver(0, true).groups[0].msgs[1];
        b = b.deliver(0);
        b.groups[0].msgs[1] = erased;
      }));
  add("deliver-subset", "4.1 Frames: all messages, never a subset", "form malformed", Frame::kDeliver,
      bent([](LooseBatch& b) { b = b.deliver(0), b.groups[0].msgs.pop_back(); }));
  add("tombstone-hash-short", "4.2 step 1: exact lengths", "form malformed", Frame::kDeliver,
      bent([](LooseBatch& b) { b = b.deliver(0, true), b.groups[0].msgs[0].ct_hash.pop_back(); }));
}

// Bends a prepared request before it is encrypted, as only the sender itself can.
LooseBatch sealed_wrongly(const std::function<void(crypto::internal::Prepared&)>& bend) {
  const crypto::SealRequest r = request_v4();
  auto prepared = crypto::internal::prepare(r);
  CHECK(prepared.ok());
  bend(*prepared);
  auto sealed = crypto::internal::finish(std::move(prepared).value(), r, secrets(2), sign_key(kSenderSeed));
  CHECK(sealed.ok());
  return LooseBatch::of(*sealed).deliver(0);
}

// Bob's wrap holds another G than the one that the messages and Carol's wrap are made with.
LooseBatch two_keys() {
  LooseBatch b = good();
  const crypto::SealRequest r = request_v4();
  auto prepared = crypto::internal::prepare(r);
  CHECK(prepared.ok());
  auto other = secrets(2);
  other.g[1].bytes = filled<32>(0x99);
  const auto sealed = crypto::internal::finish(std::move(prepared).value(), r, other, sign_key(kSenderSeed));
  CHECK(sealed.ok());
  std::copy_n(sealed->groups[1].grp.begin() + 112 + 72, 48, b.groups[1].grp.begin() + 112 + 72);
  auto again = crypto::internal::prepare(r);
  CHECK(again.ok());
  crypto::internal::Scratch<32> g;
  g.bytes = filled<32>(kFirstG + 1);
  const auto m = crypto::internal::encrypt(suite1(), std::move(again->groups[1].msgs[0]), g, crypto::group_context(b.groups[1].grp), 0);
  b.groups[1].msgs[0].ct = m.ct;
  b.restamp(sign_key(kSenderSeed));
  return b.deliver(1);
}

void open_cases(Cases& cases) {
  const auto add = [&](const char* name, const char* rule, const char* expect, LooseBatch b, Reader self = kBob) {
    cases.add({name, rule, expect, Frame::kDeliver, std::move(b), sign_key(kSenderSeed).public_key(), self});
  };
  const auto from_sender = [](const Bend& bend) { return stamped(bend).deliver(0); };
  const char* header = "4.2 step 8: every HDR1";
  const char* bad = "open bad_signature";
  add("deliver-good", "the frame that the others bend", "accepted", good().deliver(0));
  add("deliver-good-broadcast", "the frame that the others bend", "accepted", good().deliver(1), kCarol);
  add("deliver-tombstones", "4.2 step 8: a tombstone opens to nothing", "open stale", good().deliver(0, true));
  add("deliver-not-for-me", "4.2 step 2: own slot", "open not_found", good().deliver(0), kCarol);
  add("open-hdr-magic", header, "open malformed", from_sender([](LooseBatch& b) { b.groups[0].msgs[1].hdr[0] = 'X'; }));
  add("open-hdr-suite", header, "open unsupported", from_sender([](LooseBatch& b) { b.groups[0].msgs[1].hdr[4] = 2; }));
  add("open-hdr-flags", header, "open malformed", from_sender([](LooseBatch& b) { b.groups[0].msgs[1].hdr[63] = 1; }));
  add("open-hdr-reserved", header, "open malformed", from_sender([](LooseBatch& b) { b.groups[0].msgs[1].hdr[104] = 1; }));
  add("open-hdr-ct-len", header, "open malformed", from_sender([](LooseBatch& b) { b.groups[0].msgs[1].hdr[68] ^= 1; }));
  add("open-epoch-kid", "4.2 step 8: the epoch key that the slot names", bad,
      from_sender([](LooseBatch& b) { b.groups[0].grp[112 + 24] ^= 1; }));
  add("open-zero-e", "2: X25519 must refuse an all-zero result", bad,
      from_sender([](LooseBatch& b) { std::fill_n(b.groups[0].grp.begin() + 64, 32, 0); }));
  add("open-small-order-e", "2: X25519 must refuse an all-zero result", bad, from_sender([](LooseBatch& b) {
        const Bytes order8 = *base::unhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800");
        std::copy(order8.begin(), order8.end(), b.groups[0].grp.begin() + 64);
      }));
  add("open-wrapped", "4.2 step 8: G unwraps", bad, from_sender([](LooseBatch& b) { b.groups[0].grp[112 + 72] ^= 1; }));
  add("open-slot-moved", "4.1 step 2: KEK binds the slot", bad, from_sender([](LooseBatch& b) { b.groups[0].grp[112 + 32] ^= 1; }));
  add("open-commitment", "4.2 step 8: C_i", bad, from_sender([](LooseBatch& b) { b.groups[0].msgs[1].commit[0] ^= 1; }));
  add("open-other-g", "4.3: all recipients derive the same K_i", bad, two_keys());
  add("open-other-g-rest", "4.3: the honest wrap of the same group opens", "accepted", two_keys(), kCarol);
  add("open-tag", "4.2 step 8: AEAD", bad, from_sender([](LooseBatch& b) { b.groups[0].msgs[1].ct.back() ^= 1; }));
  add("open-header-swapped", "4.1 step 3: HDR1 is associated data", bad,
      from_sender([](LooseBatch& b) { b.groups[0].msgs[1].hdr[24] ^= 1; }));
  add("open-messages-swapped", "4.1 step 3: K_i by position", bad,
      from_sender([](LooseBatch& b) { std::swap(b.groups[0].msgs[0], b.groups[0].msgs[1]); }));
  add("open-batch-seq", "4.1 step 2: KEK binds the batch", bad,
      from_sender([](LooseBatch& b) { b.bst[88] ^= 1, b.groups[0].grp[96] ^= 1, b.groups[1].grp[96] ^= 1; }));
  Case resigned{
      "open-resigned", "4.3: a stripped and re-signed group gives other keys", bad, Frame::kDeliver, good(), sign_key(0x12).public_key()};
  for (LooseGroup& g : resigned.batch.groups) std::fill_n(g.grp.begin() + 16, 16, 0xd4);
  std::fill_n(resigned.batch.bst.begin() + 40, 16, 0xd4);
  resigned.batch.restamp(sign_key(0x12));
  resigned.batch = resigned.batch.deliver(0);
  cases.add(resigned);
  const char* padding = "4.1 Body padding: zeros, size = pad(L)";
  add("padding-not-zero", padding, "open malformed", sealed_wrongly([](auto& p) { p.groups[0].msgs[1].text[511] = 1; }));
  add("padding-length-over", padding, "open malformed", sealed_wrongly([](auto& p) { p.groups[0].msgs[1].text[1] = 2; }));
  add("padding-length-huge", padding, "open malformed",
      sealed_wrongly([](auto& p) { std::fill_n(p.groups[0].msgs[1].text.begin(), 4, 0xff); }));
  add("padding-too-much", padding, "open malformed", sealed_wrongly([](auto& p) {
        p.groups[0].msgs[1].text.resize(1024 + 16);
        p.groups[0].msgs[1].hdr.ct_len = 1024 + 16;
      }));
  add("padding-odd-size", padding, "open malformed", sealed_wrongly([](auto& p) {
        p.groups[0].msgs[1].text.resize(700 + 16);
        p.groups[0].msgs[1].hdr.ct_len = 700 + 16;
      }));
}

void seal_cases(Cases& cases) {
  for (const auto& [name, key] : {std::pair{"seal-zero-key", "0000000000000000000000000000000000000000000000000000000000000000"},
                                  std::pair{"seal-small-order-key", "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"}}) {
    File f;
    f.put("rule", std::string("2: X25519 must refuse an all-zero result"));
    f.put("frame", std::string("seal"));
    f.put("expect", std::string("seal usage"));
    f.put("e", filled<32>(kEphemeral));
    f.put("R", std::string(key));
    cases.add(name, f);
  }
}

void receipt_cases(Cases& cases) {
  crypto::Rcp1 r;
  r.status = 1;
  r.recipient = filled<16>(kBob.id);
  r.recipient_cert = filled<32>(0x56);
  r.sender = filled<16>(0xa1);
  r.upto_pair_seq = 6;
  r.group_leaf = filled<32>(0x78);
  r.time = kCreated.plus(5000);
  const auto add = [&](const char* name, const char* rule, const char* expect, const std::function<void(base::Fixed<184>&)>& bend,
                       bool resign = true) {
    const crypto::SignKey key = sign_key(0x13);
    auto rcp = crypto::encode(r);
    auto sig = key.sign(rcp);
    bend(rcp);
    if (resign) sig = key.sign(rcp);
    File f;
    f.put("rule", std::string(rule));
    f.put("frame", std::string("receipt"));
    f.put("expect", std::string(expect));
    f.put("recipient_pk", key.public_key());
    f.put("rcp", rcp);
    f.put("sig", sig);
    cases.add(name, f);
  };
  add("receipt-good", "the receipt that the others bend", "accepted", [](auto&) {});
  add("receipt-label", "5: RCP1 label", "receipt malformed", [](auto& v) { v[20] = 1; });
  add("receipt-suite", "2: unknown suite", "receipt unsupported", [](auto& v) { v[32] = 2; });
  add("receipt-status-0", "5: statuses", "receipt malformed", [](auto& v) { v[34] = 0; });
  add("receipt-status-3", "5: 3 and 4 are reserved", "receipt malformed", [](auto& v) { v[34] = 3; });
  add("receipt-delivered-nothing", "5: upto_pair_seq >= 1", "receipt malformed", [](auto& v) { v[104] = 0; });
  add("receipt-read-with-upto", "5: read concerns one message", "receipt malformed", [](auto& v) { v[34] = 2, v[152] = 1; });
  add("receipt-undecryptable-with-ref", "5: ref_leaf 0", "receipt malformed", [](auto& v) { v[34] = 5, v[152] = 1; });
  add(
      "receipt-forged", "5: signed by the recipient", "receipt bad_signature", [](auto& v) { v[104] = 9; }, false);
}

// A delivered group and its place in a log of four entries: the ACCEPT entry at 1, for tombstones the end entry at 3.
struct Logged {
  LooseBatch batch;
  crypto::Ent1 ent, end;
  std::uint64_t index = 1, end_index = 3;
  std::string origin = kOrigin;
  int log_key = 0x14;
  bool with_end = false, flip_path = false, flip_end_path = false;
};

Logged logged(bool erased) {
  const LooseBatch whole = bent([](LooseBatch&) {});
  const auto parts = whole.parts();
  auto parsed = crypto::parse_batch(parts, Frame::kBatch);
  if (!parsed.ok() || !crypto::check_hashes(parts, *parsed, Frame::kBatch).ok()) std::abort();  // the batch is our own
  Logged l;
  l.batch = whole.deliver(0, erased);
  l.with_end = erased;
  l.ent.type = 1;
  l.ent.hub_time = kCreated.plus(1000);
  l.ent.count = 2;
  l.ent.dir_seq = 5;
  l.ent.subject = parsed->groups[0].leaf;
  l.ent.container = parsed->hash;
  l.end = l.ent;
  l.end.type = 6;
  l.end.count = 0;
  l.end.hub_time = kCreated.plus(base::kDay);
  l.end.container = filled<32>(0x79);
  return l;
}

void put_log(File& f, const Logged& l) {
  crypto::Ent1 other = l.ent;
  other.type = 2;
  other.count = 0;
  std::vector<base::Hash> leaves(4, crypto::merkle_leaf(crypto::encode(other)));
  leaves[1] = crypto::merkle_leaf(crypto::encode(l.ent));
  leaves[3] = crypto::merkle_leaf(crypto::encode(l.end));
  auto path = crypto::join(crypto::merkle_path(leaves, 1)), end_path = crypto::join(crypto::merkle_path(leaves, 3));
  path[40] ^= l.flip_path ? 1 : 0;
  end_path[40] ^= l.flip_end_path ? 1 : 0;
  f.put("log_pk", sign_key(0x14).public_key());
  f.put("checkpoint", base::view(crypto::sign_checkpoint({l.origin, 4, crypto::merkle_root(leaves)}, sign_key(l.log_key))));
  f.put("index", l.index);
  f.put("ent", crypto::encode(l.ent));
  f.put("incl", path);
  f.put("end_index", l.with_end ? l.end_index : 0);
  f.put("end_ent", l.with_end ? base::to_bytes(base::View(crypto::encode(l.end))) : Bytes{});
  f.put("end_incl", l.with_end ? end_path : Bytes{});
}

// Protocol 4.2 step 3: what a reader wants of the log before it believes a delivery.
void log_cases(Cases& cases) {
  const auto add = [&](const char* name, const char* rule, bool good, bool erased, const std::function<void(Logged&)>& bend) {
    Logged l = logged(erased);
    bend(l);
    Case c{name, rule, good ? "accepted" : "log refused", Frame::kDeliver, l.batch};
    File f = Cases::file_of(c, "log");
    put_log(f, l);
    cases.add(name, f);
  };
  add("log-good", "the entry that the others bend", true, false, [](Logged&) {});
  add("log-type", "4.2.3: an ACCEPT entry", false, false, [](Logged& l) { l.ent.type = 3, l.ent.count = 0; });
  add("log-container", "4.2.3: container = batch_hash", false, false, [](Logged& l) { l.ent.container[0] ^= 1; });
  add("log-count", "4.2.3: count = n_msgs", false, false, [](Logged& l) { l.ent.count = 3; });
  add("log-index", "4.2.3: included at its index", false, false, [](Logged& l) { l.index = 2; });
  add("log-path", "4.2.3: included", false, false, [](Logged& l) { l.flip_path = true; });
  add("log-other-key", "4.2.3: a log-signed checkpoint", false, false, [](Logged& l) { l.log_key = 0x15; });
  add("log-other-origin", "4.2.3: of this log", false, false, [](Logged& l) { l.origin = "sfh.example.org/hub2"; });
  add("log-dir-seq", "4.2.3: BST1.dir_seq <= ENT1.dir_seq", false, false, [](Logged& l) { l.ent.dir_seq = 4; });
  add("erased-good", "tombstones with their end entry", true, true, [](Logged&) {});
  add("erased-no-end", "4.1: tombstones need an end entry", false, true, [](Logged& l) { l.with_end = false; });
  add("erased-early", "4.1: expired no earlier than expires_ms", false, true, [](Logged& l) { l.end.hub_time = kCreated.plus(base::kDay - 1); });
  add("erased-end-type", "4.1: the end is an ERASE or EXPIRE entry", false, true, [](Logged& l) { l.end.type = 4; });
  add("erased-end-path", "4.1: the end entry is included", false, true, [](Logged& l) { l.flip_end_path = true; });
  add("whole-with-end", "4.1: an end entry comes with tombstones only", false, false, [](Logged& l) { l.with_end = true; });
}

}  // namespace

void add_negatives(Files& files) {
  Cases cases(files);
  bst_cases(cases);
  grp_cases(cases);
  message_cases(cases);
  signature_cases(cases);
  hash_cases(cases);
  open_cases(cases);
  seal_cases(cases);
  receipt_cases(cases);
  log_cases(cases);
  cases.finish();
}

}  // namespace vectors
