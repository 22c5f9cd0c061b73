// BATCH and DELIVER frames: FlatBuffers in, views out (docs/spec/wire.md "Frames"). The limits here keep a hostile frame from
// costing more than its own length: a verifier with few tables, and no byte counted twice.
#include "schemas/frames.h"

#include <flatbuffers/flatbuffers.h>

#include "schemas/frames_generated.h"
#include "schemas/internal/aligned.h"
#include "schemas/registry.h"

namespace schemas {
namespace {

using base::View;
using crypto::BatchParts;
using crypto::GroupParts;
using crypto::MessageParts;
using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using ByteVec = flatbuffers::Vector<std::uint8_t>;

constexpr std::size_t kDepth = 8;
constexpr std::size_t kSmallestMessage = 128 + 32 + 528;              // HDR1, commitment, ciphertext of the least padding
constexpr std::size_t kBatchTables = 259, kDeliverTables = 3 + 1024;  // everything but messages; Deliver + Batch + Group + messages
constexpr std::size_t kTableRoom = 48;                                // builder overhead of a Msg: table, offsets, lengths, padding

// ---- writing: children before parents, into a builder that is large enough from the start

std::size_t room_for(const BatchParts& b) {
  std::size_t n = 1024 + b.bst.size() + b.sig.size();
  for (const auto& g : b.groups) {
    n += 128 + g.grp.size() + g.path.size();
    for (const auto& m : g.msgs) n += kTableRoom + m.hdr.size() + m.commit.size() + m.ct.size() + m.ct_hash.size();
  }
  return n;
}

Offset<ByteVec> put(FlatBufferBuilder& fbb, View v) { return fbb.CreateVector(v.data(), v.size()); }
Offset<ByteVec> put_if(FlatBufferBuilder& fbb, View v) { return v.empty() ? Offset<ByteVec>() : put(fbb, v); }

Offset<fb::Batch> put_batch(FlatBufferBuilder& fbb, const BatchParts& b) {
  std::vector<Offset<fb::Group>> groups;
  groups.reserve(b.groups.size());
  std::vector<Offset<fb::Msg>> msgs;
  for (const auto& g : b.groups) {
    msgs.clear();
    msgs.reserve(g.msgs.size());
    for (const auto& m : g.msgs) {
      const auto hdr = put(fbb, m.hdr), commit = put(fbb, m.commit), ct = put_if(fbb, m.ct), ct_hash = put_if(fbb, m.ct_hash);
      msgs.push_back(fb::CreateMsg(fbb, hdr, commit, ct, ct_hash));
    }
    const auto all = fbb.CreateVector(msgs);
    const auto grp = put(fbb, g.grp), path = put_if(fbb, g.path);
    groups.push_back(fb::CreateGroup(fbb, grp, path, all));
  }
  const auto all = fbb.CreateVector(groups);
  const auto bst = put(fbb, b.bst), sig = put(fbb, b.sig);
  return fb::CreateBatch(fbb, bst, sig, all);
}

base::Bytes finished(FlatBufferBuilder& fbb) { return {fbb.GetBufferPointer(), fbb.GetBufferPointer() + fbb.GetSize()}; }

// ---- reading

// Turns vectors of the verified (perhaps copied) buffer into views of the caller's frame and keeps the no-shared-bytes rule.
class Viewer {
 public:
  Viewer(View frame, const std::uint8_t* verified) : frame_(frame), base_(verified) {}
  View operator()(const ByteVec* v) {
    if (v == nullptr || v->size() == 0) return {};
    used_ += v->size();
    return frame_.subspan(static_cast<std::size_t>(v->data() - base_), v->size());
  }
  [[nodiscard]] bool shared() const { return used_ > frame_.size(); }

 private:
  View frame_;
  const std::uint8_t* base_;
  std::size_t used_ = 0;
};

base::Error bad(const char* what, const char* where) { return base::malformed(what, where); }

base::Result<MessageParts> read_message(const fb::Msg& m, Viewer& view) {
  const MessageParts parts{view(m.hdr()), view(m.commit()), view(m.ct()), view(m.ct_hash())};
  if (parts.ct.empty() == parts.ct_hash.empty()) return bad("a message has either a ciphertext or its hash", "frame.groups.msgs");
  return parts;
}

base::Result<GroupParts> read_group(const fb::Group& g, Viewer& view) {
  if (g.msgs()->size() == 0) return bad("a group has no message", "frame.groups.msgs");
  if (g.msgs()->size() > crypto::kMaxMessages)
    return base::Error{base::Kind::kTooLarge, "more than 1024 messages in a group", "frame.groups.msgs"};
  GroupParts out;
  out.grp = view(g.grp());
  out.path = view(g.path());
  out.msgs.reserve(g.msgs()->size());
  for (const auto* m : *g.msgs()) {
    TRY_ASSIGN(auto parts, read_message(*m, view));
    if (!out.msgs.empty() && out.msgs[0].ct.empty() != parts.ct.empty())
      return bad("a group is either whole or all tombstones", "frame.groups.msgs");
    out.msgs.push_back(parts);
    if (view.shared()) return bad("byte vectors share bytes", "frame");
  }
  return out;
}

base::Result<BatchParts> read_batch(const fb::Batch& b, Viewer& view) {
  if (b.groups()->size() == 0) return bad("a batch has no group", "frame.groups");
  if (b.groups()->size() > crypto::kMaxGroups) return base::Error{base::Kind::kTooLarge, "more than 256 groups in a batch", "frame.groups"};
  BatchParts out;
  out.bst = view(b.bst());
  out.sig = view(b.sig());
  out.groups.reserve(b.groups()->size());
  for (const auto* g : *b.groups()) {
    TRY_ASSIGN(auto parts, read_group(*g, view));
    out.groups.push_back(std::move(parts));
  }
  return out;
}

template <class Root>
base::Result<const Root*> verified(const internal::Aligned& frame, std::size_t max_tables) {
  flatbuffers::Verifier::Options limits;
  limits.max_depth = kDepth;
  limits.max_tables = static_cast<flatbuffers::uoffset_t>(max_tables);
  flatbuffers::Verifier verifier(frame.data(), frame.size(), limits);
  if (!verifier.VerifyBuffer<Root>(nullptr)) return bad("not a frame within the protocol's limits", "frame");
  return flatbuffers::GetRoot<Root>(frame.data());
}

}  // namespace

base::Bytes encode_batch(const BatchParts& batch) {
  FlatBufferBuilder fbb(room_for(batch));
  fbb.Finish(put_batch(fbb, batch));
  return finished(fbb);
}

base::Result<BatchParts> decode_batch(View frame) {
  if (frame.size() > kMaxBatchFrame) return base::Error{base::Kind::kTooLarge, "a batch frame is over 4 MiB", "frame"};
  const internal::Aligned aligned(frame);
  TRY_ASSIGN(const fb::Batch* root, verified<fb::Batch>(aligned, kBatchTables + frame.size() / kSmallestMessage));
  for (const auto* g : *root->groups()) {
    if (g->path() != nullptr) return bad("a group of a BATCH carries no path", "frame.groups.path");
    for (const auto* m : *g->msgs())
      if (m->ct_hash() != nullptr) return bad("a message of a BATCH carries its ciphertext", "frame.groups.msgs.ct_hash");
  }
  Viewer view(frame, aligned.data());
  TRY_ASSIGN(auto batch, read_batch(*root, view));
  if (view.shared()) return bad("byte vectors share bytes", "frame");
  return batch;
}

base::Bytes encode_deliver(const Deliver& d) {
  FlatBufferBuilder fbb(room_for(d.batch) + d.ent.size() + d.incl.size() + d.ckpt.size() + d.end_ent.size() + d.end_incl.size());
  const auto batch = put_batch(fbb, d.batch);
  const auto ent = put(fbb, d.ent), incl = put_if(fbb, d.incl), ckpt = put(fbb, d.ckpt);
  const auto end_ent = put_if(fbb, d.end_ent), end_incl = put_if(fbb, d.end_incl);
  fbb.Finish(fb::CreateDeliver(fbb, batch, d.index, ent, incl, ckpt, d.end_index, end_ent, end_incl));
  return finished(fbb);
}

base::Result<Deliver> decode_deliver(View frame) {
  if (frame.size() > kMaxDeliverFrame) return base::Error{base::Kind::kTooLarge, "a deliver frame is over 4 MiB + 64 KiB", "frame"};
  const internal::Aligned aligned(frame);
  TRY_ASSIGN(const fb::Deliver* root, verified<fb::Deliver>(aligned, kDeliverTables));
  if (root->batch()->groups()->size() != 1) return bad("a DELIVER carries exactly one group", "frame.batch.groups");
  Viewer view(frame, aligned.data());
  Deliver out;
  TRY_ASSIGN(out.batch, read_batch(*root->batch(), view));
  out.index = root->index();
  out.ent = view(root->ent());
  out.incl = view(root->incl());
  out.ckpt = view(root->ckpt());
  out.end_index = root->end_index();
  out.end_ent = view(root->end_ent());
  out.end_incl = view(root->end_incl());
  if (view.shared()) return bad("byte vectors share bytes", "frame");
  const bool tombstone = out.batch.groups[0].msgs[0].ct.empty();
  if (tombstone == out.end_ent.empty()) return bad("tombstones, and only they, carry their end entry", "frame.end_ent");
  if (!tombstone && (out.end_index != 0 || !out.end_incl.empty())) return bad("only tombstones carry an end entry", "frame.end_index");
  return out;
}

}  // namespace schemas
