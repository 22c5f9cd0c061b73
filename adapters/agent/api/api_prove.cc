// audit.prove: one message as a self-contained bundle for the offline verifier. The layout is that of docs/spec/certificate.md, "Proof
// bundle" (format handoff-proof/v1); every inclusion proof comes from the own copy of the log, under one checkpoint.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"
#include "adapters/agent/blob/blobs.h"
#include "adapters/agent/keep/pack.h"
#include "adapters/agent/mail/threads.h"
#include "crypto/merkle.h"
#include "schemas/frames.h"

namespace adapters::agent::api {
namespace {

namespace wire = schemas::wire;
using nlohmann::ordered_json;
using keep::Table;

std::string b64(base::View v) { return base::base64(v); }
ordered_json hashes(std::span<const base::Hash> list) {
  auto out = ordered_json::array();
  for (const base::Hash& h : list) out.push_back(b64(h));
  return out;
}

class Prover {
 public:
  explicit Prover(Agent& agent) : office_(agent.office()), hub_(agent.hub()), anchor_(agent.anchor_note()), notes_(office_.replica.directory().notes()), size_(office_.replica.size()), checkpoint_(office_.replica.checkpoint()) {}

  base::Result<ordered_json> make(const keep::Message& m, bool disclose) {
    TRY_ASSIGN(const Source s, source(m));
    crypto::ParsedBatch parsed;
    TRY_ASSIGN(parsed, crypto::parse_batch(s.parts, s.whole ? crypto::Frame::kBatch : crypto::Frame::kDeliver));
    TRY(crypto::check_hashes(s.parts, parsed, s.whole ? crypto::Frame::kBatch : crypto::Frame::kDeliver));
    const crypto::GroupParts& group = s.parts.groups[s.group];
    const crypto::ParsedGroup& known = parsed.groups[s.group];
    if (disclose && s.key.empty()) return base::Error{base::Kind::kUnsupported, "only a recipient holds the key that opens a message", "disclose", "ask the recipient, or prove it without its content"};
    std::vector<base::Hash> path;
    if (s.whole) {
      std::vector<base::Hash> leaves;
      for (const crypto::ParsedGroup& g : parsed.groups) leaves.push_back(g.leaf);
      path = crypto::merkle_path(leaves, s.group);
    } else {
      TRY_ASSIGN(path, crypto::split_hashes(group.path));
    }
    ordered_json out;
    out["format"] = "handoff-proof/v1";
    TRY_ASSIGN(out["anchors"], anchors());
    TRY_ASSIGN(out["sender"], certificate(parsed.bst.sender_cert));
    out["batch"] = {{"bst1", b64(s.parts.bst)}, {"signature", b64(s.parts.sig)}, {"group_path", hashes(path)}};
    out["group"] = {{"grp1", b64(group.grp)}, {"root", b64(crypto::merkle_root(known.msg_leaves))}};
    out["message"] = message(group.msgs[m.message_no], known, m.message_no, disclose ? base::View(s.key) : base::View{});
    TRY_ASSIGN(out["accept"], logged(m.index));
    TRY_ASSIGN(const std::optional<ordered_json> receipt, receipt_for(parsed.bst.sender, known));
    if (receipt) out["receipt"] = *receipt;
    return out;
  }

 private:
  struct Source {                      // where the message's bytes are
    base::Bytes frame, key;
    crypto::BatchParts parts;          // into frame
    std::size_t group = 0;
    bool whole = false;                // a BATCH of our own; else a DELIVER
  };

  base::Result<Source> source(const keep::Message& m) {
    if (m.index == keep::kNoIndex) return base::Error{base::Kind::kUsage, "the hub has not acknowledged this message yet", "message", "wait until its state is sent"};
    if (m.index >= size_) return base::Error{base::Kind::kBusy, "the log has not been scanned this far yet", "message"};
    Source s;
    TRY(office_.store.read([&](keep::Tx& tx) -> base::Status {
      if (m.outgoing) return own(tx, m, s);
      const auto proof = keep::find<keep::ProofRow>(tx, Table::kProof, keep::key_of(m.index));
      if (!proof || proof->keys.size() < 32 * (m.message_no + 1ULL)) return base::Error{base::Kind::kNotFound, "the message's frame is no longer kept", "message"};
      s.frame = proof->deliver;
      s.key = base::to_bytes(base::View(proof->keys).subspan(32 * m.message_no, 32));
      TRY_ASSIGN(const schemas::Deliver d, schemas::decode_deliver(s.frame));
      s.parts = d.batch;
      return {};
    }));
    return s;
  }

  static base::Status own(keep::Tx& tx, const keep::Message& m, Source& s) {
    base::Status found = base::Error{base::Kind::kNotFound, "the message's frame is no longer kept", "message"};
    tx.scan_back(Table::kBatch, {}, [&](base::View, base::View v) {
      auto row = keep::unpack<keep::BatchRow>(v);
      if (!row || row->first_index != m.first_index) return true;
      s.frame = std::move(row->frame);
      s.group = m.index - m.first_index;
      s.whole = true;
      found = {};
      return false;
    });
    TRY(found);
    TRY_ASSIGN(s.parts, schemas::decode_batch(s.frame));
    return {};
  }

  base::Result<ordered_json> logged(std::uint64_t index) {
    const auto entry = office_.replica.entry(index);
    if (!entry) return base::Error{base::Kind::kNotFound, "an entry is not in the own copy of the log", "log"};
    TRY_ASSIGN(const auto path, office_.replica.inclusion(index, size_));
    return ordered_json{{"ent1", b64(*entry)}, {"tlog_proof", crypto::tlog_proof(index, path, checkpoint_)}};
  }

  // The anchors from version 1 on: those in the log, and the one that this agency pinned.
  base::Result<ordered_json> anchors() {
    auto out = ordered_json::array();
    for (const std::string& note : notes_) {
      if (note.starts_with("sfh-anchor/") && note != anchor_) out.push_back(note);
    }
    out.insert(out.begin(), anchor_);
    return out;
  }

  base::Result<ordered_json> certificate(const base::Hash& cert) {
    for (std::size_t i = 0; i < notes_.size(); ++i) {
      const std::string& whole = notes_[i];
      if (!whole.starts_with("sfh-cert/")) continue;
      TRY_ASSIGN(const crypto::Note note, crypto::parse_note(whole));
      if (note.hash() != cert) continue;
      std::uint64_t index = 0;
      TRY(office_.store.read([&](keep::Tx& tx) {
        if (const auto row = keep::find<keep::NoteRow>(tx, Table::kDir, keep::key_of(i + 1))) index = row->index;
        return base::Status{};
      }));
      TRY_ASSIGN(ordered_json entry, logged(index));
      ordered_json out{{"certificate", whole}};
      out.update(entry);
      return out;
    }
    return base::Error{base::Kind::kNotFound, "a certificate is not in the directory", "log"};
  }

  static ordered_json message(const crypto::MessageParts& m, const crypto::ParsedGroup& g, std::uint32_t i, base::View key) {
    ordered_json out{{"index", i}, {"hdr1", b64(m.hdr)}, {"path", hashes(crypto::merkle_path(g.msg_leaves, i))}, {"commitment", b64(m.commit)}};
    if (m.ct.empty()) {
      out["ct_sha256"] = b64(m.ct_hash);
    } else {
      out["ct"] = b64(m.ct);
    }
    if (!key.empty()) out["key"] = b64(key);
    return out;
  }

  // The first receipt that covers the group, if the hub has logged one.
  base::Result<std::optional<ordered_json>> receipt_for(const base::Id& sender, const crypto::ParsedGroup& g) {
    if (g.grp.broadcast()) return std::optional<ordered_json>{};
    wire::Fetch q;
    q.what = wire::Fetch::What::kReceipts;
    q.sender = sender;
    q.recipient = g.grp.slots[0].recipient;
    q.limit = 256;
    for (bool more = true; more;) {
      const auto got = hub_.fetch(q);
      if (!got.ok()) return std::optional<ordered_json>{};  // a bundle without a receipt is still one
      for (const wire::Receipt& r : got->receipts) {
        q.from = r.entry.index + 1;
        const auto rcp = crypto::parse_rcp1(r.rcp);
        if (!rcp || rcp->upto_pair_seq < g.upto_pair_seq() || rcp->recipient != q.recipient || r.entry.index >= size_) continue;
        TRY_ASSIGN(ordered_json entry, logged(r.entry.index));
        ordered_json out{{"rcp1", b64(r.rcp)}, {"signature", b64(r.sig)}};
        out.update(entry);
        TRY_ASSIGN(out["recipient"], certificate(rcp->recipient_cert));
        return std::optional(std::move(out));
      }
      more = got->more && !got->receipts.empty();
    }
    return std::optional<ordered_json>{};
  }

  mail::Office& office_;
  hub::client::Client& hub_;
  const std::string& anchor_;
  std::vector<std::string> notes_;
  std::uint64_t size_;
  std::string checkpoint_;
};

}  // namespace

base::Status op_audit_prove(const Call& call, Json& out) {
  TRY_ASSIGN(const base::Id id, id_of(call.in, "message"));
  mail::Office& o = call.agent.office();
  (void)o.replica.sync(call.agent.hub());  // as new as can be; what is held already also serves
  std::vector<keep::Message> messages;
  TRY(o.store.read([&](keep::Tx& tx) {
    messages = mail::messages_by_id(tx, id);
    return base::Status{};
  }));
  if (messages.empty()) return base::Error{base::Kind::kNotFound, "there is no such message here", "message"};
  if (blob::is_part(messages[0])) {
    return base::Error{base::Kind::kUnsupported, "a part of an attachment is not proved by itself", "message",
                       "prove the message that names the attachment: the SHA-256 of the whole is in it"};
  }
  Prover prover(call.agent);
  TRY_ASSIGN(const ordered_json bundle, prover.make(messages[0], flag_or(call.in, "disclose", false)));
  out["bundle"] = Json::parse(bundle.dump());
  return {};
}

}  // namespace adapters::agent::api
