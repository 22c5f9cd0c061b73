// V1 and V2: every input and every intermediate value of sealing, then what a hub would hand out.
#include "crypto/merkle.h"
#include "tests/vectors/cast.h"
#include "tests/vectors/loose_batch.h"
#include "tests/vectors/vector_file.h"

namespace vectors {
namespace {

using base::Hash;
using base::View;
using crypto::internal::Scratch;
namespace internal = crypto::internal;

std::string n(std::size_t i) { return std::to_string(i); }

void put_batch_inputs(File& f, const crypto::SealRequest& r) {
  f.put("sender_seed", filled<32>(kSenderSeed));
  f.put("sender", r.sender);
  f.put("sender_cert", r.sender_cert);
  f.put("batch_seq", r.batch_seq);
  f.put("created_ms", r.created.ms);
  f.put("prev_batch", r.prev_batch);
  f.put("origin", std::string(kOrigin));
  f.put("dir_seq", r.dir_seq);
  f.put("e", filled<32>(kEphemeral));
  f.put("n_groups", r.groups.size());
}

void put_draft(File& f, const std::string& at, const crypto::Draft& d) {
  f.put(at + "kind", d.hdr.kind);
  f.put(at + "msg_id", d.hdr.msg_id);
  f.put(at + "thread_id", d.hdr.thread_id);
  f.put(at + "created_ms", d.hdr.created.ms);
  f.put(at + "expires_ms", d.hdr.expires.ms);
  f.put(at + "policy_version", d.hdr.policy_version);
  f.put(at + "purpose", d.hdr.purpose);
  f.put(at + "flags", d.hdr.flags);
  f.put(at + "thread_seq", d.hdr.thread_seq);
  if (d.answers_in_batch) {
    f.put(at + "answers", n(d.answers_in_batch->first) + "." + n(d.answers_in_batch->second));
  } else {
    f.put(at + "thread_prev", d.hdr.thread_prev);
  }
  f.put(at + "body", d.body);
}

const Reader& reader(const base::Id& id) { return id == filled<16>(kBob.id) ? kBob : kCarol; }

void put_slot(File& f, const std::string& at, const crypto::Slot& s, View grp, std::size_t j) {
  const crypto::BoxKey key = epoch_key(reader(s.recipient).epoch_secret);
  f.put(at + "recipient", s.recipient);
  f.put(at + "epoch", s.epoch);
  f.put(at + "epoch_sk", key.secret().view());
  f.put(at + "pair_seq", s.pair_seq);
  f.put(at + "prev_group_leaf", s.prev_group_leaf);
  f.put(at + "R", key.public_key());
  f.put(at + "epoch_kid", s.epoch_kid);
  Scratch<32> ss, kek;
  CHECK(suite1().agree(filled<32>(kEphemeral), key.public_key(), ss.bytes.data()));
  internal::key_encryption_key(suite1(), ss.bytes, grp.first(112), grp.subspan(112 + 128 * j, 72), key.public_key(), kek);
  f.put(at + "ss", ss.bytes);
  f.put(at + "kek", kek.bytes);
  f.put(at + "wrapped_G", s.wrapped);
}

void put_group(File& f, const crypto::DraftGroup& draft, const crypto::SealedGroup& group, std::size_t g) {
  const std::string at = "group." + n(g) + ".";
  const auto grp = crypto::parse_grp1(group.grp);
  CHECK(grp.ok());
  const auto G = filled<32>(kFirstG + static_cast<int>(g));
  f.put(at + "G", G);
  f.put(at + "flags", grp->flags);
  f.put(at + "n_slots", grp->slots.size());
  for (std::size_t j = 0; j < grp->slots.size(); ++j) put_slot(f, at + "slot." + n(j) + ".", grp->slots[j], group.grp, j);
  f.put(at + "grp", group.grp);
  const Hash gctx = crypto::group_context(group.grp);
  f.put(at + "gctx", gctx);
  f.put(at + "n_msgs", group.msgs.size());
  std::vector<Hash> leaves;
  for (const crypto::SealedMessage& m : group.msgs) leaves.push_back(m.leaf);
  for (std::size_t i = 0; i < group.msgs.size(); ++i) {
    const std::string msg = at + "msg." + n(i) + ".";
    put_draft(f, msg, draft.messages[i]);
    Scratch<32> k;
    suite1().message_key(G, i, k.bytes.data());
    f.put(msg + "hdr", group.msgs[i].hdr);
    f.put(msg + "K", k.bytes);
    f.put(msg + "C", group.msgs[i].commit);
    f.put(msg + "ct", group.msgs[i].ct);
    f.put(msg + "ct_hash", crypto::sha256(group.msgs[i].ct));
    f.put(msg + "leaf", group.msgs[i].leaf);
    f.put(msg + "path", crypto::join(crypto::merkle_path(leaves, i)));
  }
  f.put(at + "root", crypto::merkle_root(leaves));
  f.put(at + "leaf", group.leaf);
}

File describe(const crypto::SealRequest& r, const crypto::SealedBatch& sealed) {
  File f;
  put_batch_inputs(f, r);
  for (std::size_t g = 0; g < sealed.groups.size(); ++g) put_group(f, r.groups[g], sealed.groups[g], g);
  f.put("sender_pk", sign_key(kSenderSeed).public_key());
  f.put("E", epoch_key(kEphemeral).public_key());
  f.put("bst", sealed.bst);
  f.put("sig", sealed.sig);
  f.put("batch_hash", sealed.hash);
  const LooseBatch loose = LooseBatch::of(sealed);
  for (std::size_t g = 0; g < sealed.groups.size(); ++g) f.put("deliver." + n(g) + ".path", loose.deliver(g).groups[0].path);
  return f;
}

// D, e and G by the hedge rule for the same request.
void put_hedge(File& f, const crypto::SealRequest& r) {
  const auto prepared = internal::prepare(r);
  CHECK(prepared.ok());
  internal::BatchSecrets derived{{}, std::vector<Scratch<32>>(r.groups.size())};
  const Hash d = internal::hedge_digest(*prepared);
  internal::derive(suite1(), d, r.batch_seq, filled<32>(0x66), filled<32>(0x77), 1700000000123456789, derived);
  f.put("hedge.rand32", filled<32>(0x66));
  f.put("hedge.secret", filled<32>(0x77));
  f.put("hedge.now_ns", std::uint64_t{1700000000123456789});
  f.put("hedge.D", d);
  f.put("hedge.e", derived.e.bytes);
  for (std::size_t g = 0; g < r.groups.size(); ++g) f.put("hedge.G." + n(g), derived.g[g].bytes);
}

// A small log: one ACCEPT entry a group, later one EXPIRE entry a group; proofs as a whole and a tombstone DELIVER carry them.
void put_log(File& f, const crypto::SealedBatch& sealed) {
  std::vector<base::Fixed<112>> entries;
  for (const int type : {1, 6}) {
    for (std::size_t g = 0; g < sealed.groups.size(); ++g) {
      crypto::Ent1 e;
      e.type = static_cast<std::uint8_t>(type);
      e.hub_time = type == 1 ? kCreated.plus(1000) : kCreated.plus(base::kDay + 1000);
      e.count = type == 1 ? static_cast<std::uint32_t>(sealed.groups[g].msgs.size()) : 0;
      e.dir_seq = 5;
      e.subject = sealed.groups[g].leaf;
      e.container = type == 1 ? sealed.hash : crypto::sha256(base::view("the record of why"));
      entries.push_back(crypto::encode(e));
    }
  }
  std::vector<Hash> leaves;
  for (const auto& e : entries) leaves.push_back(crypto::merkle_leaf(e));
  f.put("log.size", entries.size());
  f.put("log.root", crypto::merkle_root(leaves));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::size_t g = i % sealed.groups.size();
    const std::string at = "deliver." + n(g) + (i < sealed.groups.size() ? "." : ".end_");
    f.put(at + "index", i);
    f.put(at + "ent", entries[i]);
    f.put(at + "incl", crypto::join(crypto::merkle_path(leaves, i)));
  }
}

crypto::SealRequest request_v2() {
  crypto::SealRequest r = request(1700000000000);
  r.prev_batch = filled<32>(0x99);
  crypto::Draft answer = draft(3, 2, std::string(508, 'a'));  // fills 512 to the last byte
  answer.answers_in_batch = {0, 0};
  answer.hdr.thread_seq = 2;
  crypto::Draft late = draft(6, 3, "");
  late.hdr.thread_prev = filled<32>(0x88);
  late.hdr.flags = crypto::Hdr1::kDeliveredWanted | crypto::Hdr1::kReadWanted | crypto::Hdr1::kTest;
  r.groups.push_back({{to(kBob, 41, 0x77)}, {draft(1, 1, "first of three"), answer, draft(4, 3, std::string(509, 'b'))}, false});
  r.groups.push_back({{to(kCarol, 9)}, {draft(5, 19, "loop facts"), late, draft(7, 4, std::string(1500, 'c'))}, true});
  r.groups.push_back({{to(kCarol, 0), to(kBob, 0)}, {draft(8, 6, "four beds")}, false});
  return r;
}

}  // namespace

void add_sealed(Files& files) {
  const crypto::SealRequest one = request_v1(), many = request_v2();
  File v1 = describe(one, seal_fixed(one));
  File v2 = describe(many, seal_fixed(many));
  put_hedge(v2, many);
  put_log(v2, seal_fixed(many));
  for (const std::size_t len :
       {0, 1, 507, 508, 509, 1020, 1021, 65531, 65532, 65533, 67580, 67581, 131068, 131069, 135164, 135165, 262139, 262140}) {
    v2.put("pad." + n(len), crypto::padded_size(len));
  }
  files["v1.txt"] = v1.txt();
  files["v1.json"] = v1.json() + "\n";
  files["v2.txt"] = v2.txt();
  files["v2.json"] = v2.json() + "\n";
}

}  // namespace vectors
