// What entries refer to by hash: directory notes, receipts, records, and the groups of messages with their readable headers.
#include "cli/audit/store.h"
#include "crypto/transcript.h"
#include "schemas/registry.h"

namespace cli::audit {
namespace {

using base::View;
using schemas::EntryType;

Bad bad(std::uint64_t index, std::string why) { return {index, std::move(why)}; }

// grpm: 0 u32 chain | 4 u8 erased | 5 u8 0 | 6 u16 path hashes | 8 BST1 | 224 sig | 288 path | GRP1 | n x (HDR1 128 | C_i 32 | mark 32).
// The mark is the message's leaf while its ciphertext is held, and the ciphertext's hash after it was erased.
struct Group {
  bool erased = false;
  View bst, sig, path, grp, messages;
  std::uint32_t n = 0;
};
constexpr std::size_t kPerMessage = 128 + 32 + 32, kCtLength = 68;

std::optional<Group> parse_group(View v) {
  constexpr std::size_t kPath = 288, kFixed = 112, kSlot = 128;
  if (v.size() < kPath || v[4] > 1 || v[5] != 0) return std::nullopt;
  const std::size_t at = kPath + std::size_t{base::load_le<std::uint16_t>(v.data() + 6)} * 32;
  if (v.size() < at + kFixed) return std::nullopt;
  Group g;
  g.erased = v[4] == 1;
  g.bst = v.subspan(8, 216);
  g.sig = v.subspan(224, 64);
  g.path = v.subspan(kPath, at - kPath);
  const View rest = v.subspan(at);
  const std::size_t grp = kFixed + kSlot * base::load_le<std::uint16_t>(rest.data() + 6);
  g.n = base::load_le<std::uint32_t>(rest.data() + 8);
  if (g.n == 0 || g.n > crypto::kMaxMessages || rest.size() != grp + kPerMessage * g.n) return std::nullopt;
  g.grp = rest.first(grp);
  g.messages = rest.subspan(grp);
  return g;
}

// The group is the one at its place in the batch that the sender signed.
bool in_batch(const Group& g, const base::Hash& leaf) {
  const auto bst = crypto::parse_bst1(g.bst);
  const auto grp = crypto::parse_grp1(g.grp);
  const auto path = crypto::split_hashes(g.path);
  return bst.ok() && grp.ok() && path.ok() && crypto::verify_inclusion(grp->group_no, bst->n_groups, leaf, *path, bst->batch_root);
}

Finding check_group(const Store& store, std::uint64_t i, const crypto::Ent1& e) {
  const auto row = store.get(Rows::kGroup, i);
  if (!row) return bad(i, "its group of messages is missing");
  const auto g = parse_group(*row);
  if (!g || g->n != e.count) return bad(i, "its group of messages is damaged");
  if (crypto::batch_hash(g->bst, g->sig) != e.container) return bad(i, "its batch is not the one that was logged");
  const auto content = store.get(Rows::kContent, i);
  if (g->erased == content.has_value()) return bad(i, g->erased ? "its erased content is still there" : "its content is missing");
  const base::Hash context = crypto::group_context(g->grp);
  std::vector<base::Hash> leaves;
  std::size_t at = 0;
  for (std::uint32_t m = 0; m < g->n; ++m) {
    const View one = g->messages.subspan(m * kPerMessage, kPerMessage), header = one.first(128), mark = one.subspan(160);
    base::Hash sealed = base::fixed<32>(mark);
    if (!g->erased) {
      const auto length = base::load_le<std::uint32_t>(header.data() + kCtLength);
      if (length > content->size() - at) return bad(i, "its content is shorter than its headers say");
      sealed = crypto::sha256(content->subspan(at, length));
      at += length;
    }
    leaves.push_back(crypto::message_leaf(context, m, header, base::fixed<32>(one.subspan(128, 32)), sealed));
    if (!g->erased && !base::equal(leaves.back(), mark)) return bad(i, "message " + std::to_string(m) + " is not the one that was logged");
  }
  if (content && at != content->size()) return bad(i, "its content is longer than its headers say");
  if (crypto::group_leaf(context, g->n, crypto::merkle_root(leaves)) != e.subject)
    return bad(i, "its headers are not the ones that were logged");
  if (!in_batch(*g, e.subject)) return bad(i, "its place in its batch is not proved");
  return {};
}

Finding check_note(const Store& store, std::uint64_t i, const crypto::Ent1& e) {
  const auto row = store.get(Rows::kDir, e.dir_seq);
  if (!row || row->size() < 16) return bad(i, "its directory note is missing");
  if (base::load_le<std::uint64_t>(row->data()) != i || base::load_le<std::uint64_t>(row->data() + 8) != e.hub_time.ms)
    return bad(i, "its directory note stands at another place");
  if (crypto::sha256(row->subspan(16)) != e.subject) return bad(i, "its directory note is not the one that was logged");
  const auto note = crypto::parse_note(base::text(row->subspan(16)));
  const auto policy = note.ok() ? crypto::parse_policy_note(note->text) : base::Result<crypto::PolicyNote>(note.error());
  if (!policy.ok()) return {};
  const auto rules = store.get(Rows::kBlob, policy->rules);
  return rules && crypto::sha256(*rules) == policy->rules ? Finding() : bad(i, "the rules of its policy are not the signed ones");
}

Finding check_receipt(const Store& store, std::uint64_t i, const crypto::Ent1& e) {
  constexpr std::size_t kReceipt = 184 + 64;
  const auto row = store.get(Rows::kReceipt, i);
  if (!row || row->size() != 8 + kReceipt) return bad(i, "its receipt is missing");
  if (crypto::sha256(row->subspan(8)) != e.subject) return bad(i, "its receipt is not the one that was logged");
  const auto group = store.get(Rows::kLog, base::load_le<std::uint64_t>(row->data()));
  return group && base::equal(group->subspan(32, 32), e.container) ? Finding() : bad(i, "its receipt points at another group");
}

Finding check_record(const Store& store, std::uint64_t i, const base::Hash& hash) {
  const auto record = store.get(Rows::kRecord, hash);
  return record && crypto::sha256(*record) == hash ? Finding() : bad(i, "the record behind it is missing or changed");
}

Finding check_one(const Store& store, std::uint64_t i, const crypto::Ent1& e) {
  switch (static_cast<EntryType>(e.type)) {
    case EntryType::kAccept: return check_group(store, i, e);
    case EntryType::kReceipt: return check_receipt(store, i, e);
    case EntryType::kDir: return check_note(store, i, e);
    case EntryType::kErase:
    case EntryType::kExpire: return check_record(store, i, e.container);
    case EntryType::kAccess:
      if (auto found = check_record(store, i, e.container)) return found;
      return check_record(store, i, e.subject);
    case EntryType::kHub:
    case EntryType::kReject:
    case EntryType::kHead: return check_record(store, i, e.subject);
  }
  return bad(i, "it is of an unknown type");
}

}  // namespace

Finding check_behind(const Store& store, std::uint64_t size) {
  for (std::uint64_t i = 0; i < size; ++i) {
    const auto e = crypto::parse_ent1(store.get(Rows::kLog, i)->first(kEntry));
    if (auto found = check_one(store, i, *e)) return found;
  }
  return {};
}

}  // namespace cli::audit
