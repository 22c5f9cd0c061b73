// The checks of a batch that need no key (protocol 4.1 "Frames", 4.2 steps 1, 2, 4, 5), each stage on its own.
#include "crypto/batch.h"

#include <algorithm>
#include <bit>

#include "crypto/merkle.h"
#include "crypto/suite/suite.h"

namespace crypto {
namespace {

constexpr std::uint16_t kKindCapacity = 6;
constexpr std::size_t kMinPadded = 512;

base::Error wrong(const char* what, const char* where) { return base::malformed(what, where); }

// What GRP1 repeats of BST1 must be the same, or a group could be lifted into another batch.
base::Status check_bindings(const Bst1& bst, const Grp1& grp, std::size_t position, Frame frame) {
  if (grp.suite != bst.suite || grp.sender != bst.sender || grp.sender_cert != bst.sender_cert || grp.batch_seq != bst.batch_seq) {
    return wrong("the group belongs to another batch", "GRP1");
  }
  if (frame == Frame::kBatch ? grp.group_no != position : grp.group_no >= bst.n_groups) return wrong("wrong group number", "GRP1");
  return {};
}

base::Status check_message_form(const MessageParts& msg, bool tombstone) {
  if (msg.hdr.size() != 128 || msg.commit.size() != 32) return wrong("wrong length of a header or commitment", "message");
  if (tombstone ? !msg.ct.empty() || msg.ct_hash.size() != 32 : msg.ct.empty() || !msg.ct_hash.empty()) {
    return wrong("a group is whole or all tombstones", "message");
  }
  return {};
}

base::Result<ParsedGroup> parse_group(const GroupParts& parts, const Bst1& bst, std::size_t position, Frame frame) {
  ParsedGroup group;
  TRY_ASSIGN(group.grp, parse_grp1(parts.grp));
  TRY(check_bindings(bst, group.grp, position, frame));
  if (frame == Frame::kBatch && !parts.path.empty()) return wrong("a submitted group has no path", "group");
  if (frame == Frame::kDeliver) TRY(split_hashes(parts.path));
  if (parts.msgs.size() != group.grp.n_msgs) return wrong("the number of messages is not the signed one", "group");
  group.tombstone = frame == Frame::kDeliver && !parts.msgs[0].ct_hash.empty();
  group.hdrs.reserve(parts.msgs.size());
  for (const MessageParts& msg : parts.msgs) {
    TRY(check_message_form(msg, group.tombstone));
    if (frame == Frame::kBatch) {
      TRY_ASSIGN(Hdr1 hdr, check_header(msg.hdr, msg.ct.size(), bst.suite));
      group.hdrs.push_back(hdr);
    } else {
      group.hdrs.push_back(read_hdr1(msg.hdr));
    }
    if (group.grp.broadcast() && !fits_broadcast(group.hdrs.back())) return wrong("a broadcast carries capacity only", "HDR1");
  }
  group.gctx = group_context(parts.grp);
  return group;
}

base::Error root_mismatch() { return {base::Kind::kBadSignature, "the hashes do not lead to the signed batch root", "BST1"}; }

}  // namespace

bool fits_broadcast(const Hdr1& h) { return h.kind == kKindCapacity && (h.flags & ~Hdr1::kTest) == 0; }

base::Result<Hdr1> check_header(base::View hdr, std::size_t ct_len, std::uint16_t suite) {
  TRY_ASSIGN(Hdr1 h, parse_hdr1(hdr));
  if (h.suite != suite) return wrong("the message is of another suite than its group", "HDR1");
  if (h.ct_len != ct_len || ct_len < kMinPadded + kTag) return wrong("the ciphertext has not the signed length", "HDR1 ct_len");
  if (ct_len > kMaxBody + kTag) return base::Error{base::Kind::kTooLarge, "the body is over the limit", "HDR1 ct_len"};
  return h;
}

base::Result<ParsedBatch> parse_batch(const BatchParts& parts, Frame frame) {
  ParsedBatch parsed;
  TRY_ASSIGN(parsed.bst, parse_bst1(parts.bst));
  if (parts.sig.size() != 64) return wrong("a signature has 64 bytes", "BST1");
  const std::size_t expected = frame == Frame::kBatch ? parsed.bst.n_groups : 1;
  if (parts.groups.size() != expected) return wrong("the number of groups is not the signed one", "batch");
  parsed.groups.reserve(expected);
  for (std::size_t i = 0; i < expected; ++i) {
    TRY_ASSIGN(ParsedGroup group, parse_group(parts.groups[i], parsed.bst, i, frame));
    parsed.groups.push_back(std::move(group));
  }
  parsed.hash = batch_hash(parts.bst, parts.sig);
  return parsed;
}

base::Status check_signature(const BatchParts& parts, const PublicKey& sender_sign_key) {
  TRY_ASSIGN(const Bst1 bst, parse_bst1(parts.bst));
  if (verify(bst.suite, sender_sign_key, parts.bst, parts.sig)) return {};
  return base::Error{base::Kind::kBadSignature, "the signature does not hold", "BST1"};
}

base::Status check_hashes(const BatchParts& parts, ParsedBatch& parsed, Frame frame) {
  CHECK(parts.groups.size() == parsed.groups.size());
  std::vector<Hash> leaves;
  leaves.reserve(parsed.groups.size());
  for (std::size_t g = 0; g < parsed.groups.size(); ++g) {
    ParsedGroup& group = parsed.groups[g];
    const std::vector<MessageParts>& msgs = parts.groups[g].msgs;
    group.msg_leaves.resize(msgs.size());
    for (std::size_t i = 0; i < msgs.size(); ++i) {
      const Hash ct_hash = group.tombstone ? base::fixed<32>(msgs[i].ct_hash) : sha256(msgs[i].ct);
      group.msg_leaves[i] = message_leaf(group.gctx, static_cast<std::uint32_t>(i), msgs[i].hdr, base::fixed<32>(msgs[i].commit), ct_hash);
    }
    group.leaf = group_leaf(group.gctx, group.grp.n_msgs, merkle_root(group.msg_leaves));
    leaves.push_back(group.leaf);
  }
  if (frame == Frame::kBatch) return merkle_root(leaves) == parsed.bst.batch_root ? base::Status() : root_mismatch();
  TRY_ASSIGN(const std::vector<Hash> path, split_hashes(parts.groups[0].path));
  const bool holds = verify_inclusion(parsed.groups[0].grp.group_no, parsed.bst.n_groups, leaves[0], path, parsed.bst.batch_root);
  return holds ? base::Status() : root_mismatch();
}

std::size_t padded_size(std::size_t body_len) {
  if (body_len > kMaxBody - 4) return 0;
  const std::size_t len = 4 + body_len;
  if (len <= 65536) return std::max(kMinPadded, std::bit_ceil(len));
  const int e = std::bit_width(len) - 1;                   // Padme: at most 12 % more, few distinct sizes
  const int s = std::bit_width(static_cast<unsigned>(e));  // floor(log2 e) + 1
  const std::size_t step = std::size_t{1} << (e - s);
  return (len + step - 1) / step * step;
}

}  // namespace crypto
