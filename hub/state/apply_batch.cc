// BATCH: every check of protocol section 7, in its order. The batch is accepted whole or not at all; one refusal names every bad group.
#include "hub/state/internal/machine.h"
#include "hub/state/state.h"
#include "schemas/header_rules.h"

namespace hub::state {
namespace {

using schemas::NackCode;

constexpr std::uint64_t kDirStaleMs = base::kHour;

base::Bytes clock_payload(const Work& w) {
  base::Bytes out(16);
  base::store_le(out.data(), w.hub_time.ms);
  base::store_le(out.data() + 8, w.m.directory.seq());
  return out;
}

base::Bytes retry_payload(std::uint32_t ms) {
  base::Bytes out(4);
  base::store_le(out.data(), ms);
  return out;
}

// NACK 7: u64 last batch_seq | batch_hash | u64 first index | u32 n; Reader::add_proofs appends the proof.
base::Bytes seq_payload(const AgentRow* row) {
  base::Bytes out(8 + 32 + 8 + 4);
  if (row == nullptr) return out;
  base::store_le(out.data(), row->batch_seq);
  std::memcpy(out.data() + 8, row->batch_hash.data(), 32);
  base::store_le(out.data() + 40, row->batch_first);
  base::store_le(out.data() + 48, row->batch_n);
  return out;
}

// NACK 8: u64 last pair_seq | group_leaf | u64 index; the proof likewise.
base::Bytes chain_payload(const PairRow* row) {
  base::Bytes out(8 + 32 + 8);
  if (row == nullptr) return out;
  base::store_le(out.data(), row->upto);
  std::memcpy(out.data() + 8, row->leaf.data(), 32);
  base::store_le(out.data() + 40, row->index);
  return out;
}

// The newest logged note that begins with these lines; rare, so a walk is good enough.
base::Bytes newest_note(const crypto::Directory& d, const std::string& begins) {
  const auto& notes = d.notes();
  for (std::size_t i = notes.size(); i-- > 0;) {
    if (notes[i].starts_with(begins)) return base::to_bytes(notes[i]);
  }
  return {};
}
base::Bytes epoch_payload(const crypto::Directory& d, const crypto::Member& to) {
  return newest_note(d, "sfh-epoch/v1\ncert " + base::hex(to.cert_hash) + "\n");
}
base::Bytes member_payload(const crypto::Directory& d, const crypto::Member* to) {
  return to == nullptr ? base::Bytes{} : newest_note(d, "sfh-revoke/v1\ncert " + base::hex(to->cert_hash) + "\n");
}

// Answers of the header matrix within one batch: 64 messages usually ask the same question.
class PolicyCheck {
 public:
  PolicyCheck(const crypto::Directory& d, std::string_view from_kind) : d_(d), from_(from_kind), current_(d.policy()) {}

  // nullopt: allowed.
  std::optional<NackCode> judge(const crypto::Hdr1& h, std::string_view to_kind) {
    if (current_ == nullptr) return NackCode::kPolicy;  // no policy, no mail: fail closed
    for (const Answer& a : answers_) {
      if (a.version == h.policy_version && a.kind == h.kind && a.purpose == h.purpose && a.to == to_kind) return verdict(a, h);
    }
    Answer a{h.policy_version, h.kind, h.purpose, std::string(to_kind), false, 0};
    const bool current = h.policy_version == current_->version || h.policy_version + 1 == current_->version;
    const crypto::PolicyNote* policy = current ? d_.policy_version(h.policy_version) : nullptr;
    const bool known = schemas::name_of(schemas::msg_kinds(), h.kind) != "?" && schemas::name_of(schemas::purposes(), h.purpose) != "?";
    if (policy != nullptr && known) {
      const auto kind = static_cast<schemas::MsgKind>(h.kind);
      a.allowed = schemas::header_allows(*policy, from_, to_kind, kind, static_cast<schemas::Purpose>(h.purpose));
      a.expiry = schemas::expiry_ms(*policy, kind);
    }
    answers_.push_back(a);
    return verdict(a, h);
  }

 private:
  struct Answer {
    std::uint32_t version;
    std::uint16_t kind, purpose;
    std::string to;
    bool allowed;
    std::uint64_t expiry;
  };
  static std::optional<NackCode> verdict(const Answer& a, const crypto::Hdr1& h) {
    if (!a.allowed) return NackCode::kPolicy;
    if (h.expires.ms < h.created.ms || h.expires.ms - h.created.ms != a.expiry) return NackCode::kExpiry;
    return std::nullopt;
  }
  const crypto::Directory& d_;
  std::string_view from_;
  const crypto::PolicyNote* current_;
  std::vector<Answer> answers_;
};

class BatchCheck {
 public:
  BatchCheck(Work& w, const VerifiedBatch& batch, Outcome& out)
      : w_(w),
        batch_(batch),
        bst_(batch.parsed.bst),
        out_(out),
        cert_(*w.m.directory.cert(bst_.sender_cert)),
        policy_(w.m.directory, cert_.kind) {}

  // True: go on to the groups. False: refused, or a repeat.
  bool batch_rules() {
    const crypto::Standing standing = w_.m.directory.standing(bst_.sender_cert, w_.size(), w_.hub_time);
    if (standing != crypto::Standing::kActive) return no(NackCode::kCert, std::string("the certificate is ") + crypto::name(standing));
    return sequence() && clocks();
  }

  bool groups() {
    for (const crypto::ParsedGroup& g : batch_.parsed.groups) check_group(g);
    if (out_.groups.empty()) return true;
    out_.code = out_.groups.front().code;
    out_.words = "groups were refused";
    return false;
  }

 private:
  bool no(NackCode code, std::string words, base::Bytes payload = {}) {
    refuse(out_, code, std::move(words), std::move(payload));
    return false;
  }

  bool sequence() {
    const AgentRow* row = w_.find_agent(bst_.sender);
    const std::uint64_t last = row == nullptr ? 0 : row->batch_seq;
    if (row != nullptr && bst_.batch_seq <= last) {
      const auto v = w_.kv.get(Table::kAck, key(row->no, bst_.batch_seq));
      const auto ack = v ? parse_ack_row(*v) : std::nullopt;
      if (ack && ack->bst_hash == crypto::sha256(batch_.parts.bst)) {
        out_.accepted = out_.repeat = true;
        out_.first_index = ack->first;
        out_.n = ack->n;
        out_.batch_hash = ack->batch_hash;
        return false;
      }
    }
    const base::Hash prev = row == nullptr ? base::Hash{} : row->batch_hash;
    if (bst_.batch_seq <= last) return no(NackCode::kBatchSeq, "the batch number is not above the last one", seq_payload(row));
    if (bst_.prev_batch != prev) return no(NackCode::kBatchSeq, "the batch does not follow the last accepted one", seq_payload(row));
    return true;
  }

  bool clocks() {
    const Limits& l = w_.m.limits;
    if (bst_.created > w_.hub_time.plus(l.skew_ms)) return no(NackCode::kClock, "the batch is from the future", clock_payload(w_));
    if (w_.hub_time > bst_.created.plus(l.age_ms)) return no(NackCode::kClock, "the batch is too old", clock_payload(w_));
    const std::uint64_t seq = w_.m.directory.seq();
    if (bst_.dir_seq > seq) {
      out_.retry_ms = kBusyRetryMs;
      return no(NackCode::kBusy, "the sender knows a newer directory than this hub");
    }
    // dir_times[n] is the time of note n + 1: the first one that the sender has not seen.
    if (bst_.dir_seq < seq && w_.hub_time > w_.m.dir_times[bst_.dir_seq].plus(kDirStaleMs)) {
      return no(NackCode::kDirSeq, "the sender's directory is too old", clock_payload(w_));
    }
    return true;
  }

  void bad(const crypto::ParsedGroup& g, NackCode code, base::Bytes payload = {}) {
    if (code == NackCode::kBusy) {
      payload = retry_payload(kQuotaRetryMs);
      out_.retry_ms = kQuotaRetryMs;
    }
    out_.groups.push_back({g.grp.group_no, code, std::move(payload)});
  }

  void check_group(const crypto::ParsedGroup& g) {
    std::uint64_t expires = 0;
    for (const crypto::Hdr1& h : g.hdrs) expires = std::max(expires, h.expires.ms);
    for (const crypto::Slot& slot : g.grp.slots) {
      if (!check_slot(g, slot, expires)) return;
    }
    if (!g.grp.broadcast()) check_chain(g);
  }

  bool check_slot(const crypto::ParsedGroup& g, const crypto::Slot& slot, std::uint64_t expires) {
    const crypto::Directory& d = w_.m.directory;
    const crypto::Member* to = d.member(slot.recipient);
    if (to == nullptr || to->cert.type != "agent") return bad(g, NackCode::kRecipient, member_payload(d, to)), false;
    for (const crypto::Hdr1& h : g.hdrs) {
      if (const auto code = policy_.judge(h, to->cert.kind)) return bad(g, *code), false;
    }
    if (d.standing(to->cert_hash, w_.size(), w_.hub_time) != crypto::Standing::kActive)
      return bad(g, NackCode::kRecipient, member_payload(d, to)), false;
    if (over_quota(g, slot.recipient)) return bad(g, NackCode::kBusy), false;
    const crypto::EpochKey* epoch = d.find_epoch(slot.recipient, slot.epoch, slot.epoch_kid);
    const std::uint64_t skew = 2 * base::kMinute;
    if (epoch == nullptr || bst_.created < epoch->from.minus(skew) || bst_.created >= epoch->until.plus(skew)) {
      return bad(g, NackCode::kEpochKey, epoch_payload(d, *to)), false;
    }
    if (expires > epoch->destroy_after.ms) return bad(g, NackCode::kExpiry), false;
    return true;
  }

  // A full mailbox refuses everybody; one sender, or broadcasts, may fill half of it.
  bool over_quota(const crypto::ParsedGroup& g, const base::Id& recipient) {
    const AgentRow* box = w_.find_agent(recipient);
    const std::uint64_t before = staged_[recipient]++;
    const std::uint64_t waiting = (box == nullptr ? 0 : box->waiting) + before;
    const std::uint64_t quota = w_.m.limits.mailbox;
    if (waiting >= quota) return true;
    if (g.grp.broadcast()) return waiting >= (quota + 1) / 2;
    const PairRow* p = w_.find_pair(bst_.sender, recipient);
    return (p == nullptr ? 0 : p->waiting) + before >= (quota + 1) / 2;
  }

  void check_chain(const crypto::ParsedGroup& g) {
    const crypto::Slot& slot = g.grp.slots[0];
    const PairRow* p = w_.find_pair(bst_.sender, slot.recipient);
    auto [it, fresh] = heads_.try_emplace(slot.recipient);
    Head& head = it->second;
    if (fresh && p != nullptr) head = {true, p->upto, p->leaf, p->serial};
    const bool restart = (g.grp.flags & crypto::Grp1::kChainRestart) != 0;
    bool fits = false;
    if (restart) {
      fits = base::all_zero(slot.prev_group_leaf) && (!head.known || cert_.serial > head.serial);
    } else {
      fits = slot.pair_seq == head.upto + 1 && slot.prev_group_leaf == head.leaf;
    }
    if (!fits) return bad(g, NackCode::kPairChain, chain_payload(p));
    head = {true, g.upto_pair_seq(), g.leaf, cert_.serial};
  }

  struct Head {
    bool known = false;
    std::uint64_t upto = 0;
    base::Hash leaf{};
    std::uint64_t serial = 0;
  };
  Work& w_;
  const VerifiedBatch& batch_;
  const crypto::Bst1& bst_;
  Outcome& out_;
  const crypto::Cert& cert_;
  PolicyCheck policy_;
  std::unordered_map<base::Id, Head, base::IdHash> heads_;            // chains as this batch would leave them
  std::unordered_map<base::Id, std::uint64_t, base::IdHash> staged_;  // groups of this batch per mailbox
};

}  // namespace

base::Status apply_batch(Work& w, const Item& item, Outcome& out) {
  std::shared_ptr<const VerifiedBatch> batch = item.verified;
  if (!batch) {
    NackCode code{};
    auto verified = State::verify_batch(item.bytes, w.m.directory, &code);
    if (!verified.ok()) return refuse(out, code, verified.error().message()), base::Status();
    batch = std::move(verified).value();
  }
  out.batch_hash = batch->parsed.hash;
  // A verifier may have used a newer copy of the directory than the one that this record sees.
  if (w.m.directory.cert(batch->parsed.bst.sender_cert) == nullptr)
    return refuse(out, NackCode::kCert, "the certificate is unknown"), base::Status();
  BatchCheck check(w, *batch, out);
  if (!check.batch_rules() || !check.groups()) return {};
  return accept_batch(w, *batch, out);
}

}  // namespace hub::state
