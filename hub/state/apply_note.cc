// DIR: directory notes, logged once and only when valid. HEAD: one ledger head per agent and day. Protocol 3 and 6.
#include "crypto/note.h"
#include "hub/state/internal/machine.h"

namespace hub::state {
namespace {

using schemas::NackCode;

NackCode note_code(base::Kind kind) {
  switch (kind) {
    case base::Kind::kBadSignature: return NackCode::kSignature;
    case base::Kind::kTooLarge: return NackCode::kSize;
    case base::Kind::kUnsupported: return NackCode::kSuite;
    case base::Kind::kNotFound: return NackCode::kCert;
    case base::Kind::kStale: return NackCode::kClock;
    case base::Kind::kConflict:
    case base::Kind::kDenied: return NackCode::kPolicy;
    default: return NackCode::kMalformed;
  }
}

base::Status no(Outcome& out, NackCode code, std::string words) {
  refuse(out, code, std::move(words));
  return {};
}

// The log index of a note that is already in.
std::optional<std::uint64_t> already(const Work& w, std::string_view note) {
  const auto& notes = w.m.directory.notes();
  for (std::size_t i = notes.size(); i-- > 0;) {
    if (notes[i] != note) continue;
    const auto v = w.kv.get(Table::kDir, key(i + 1));
    if (v && v->size() >= 16) return base::load_le<std::uint64_t>(v->data());
  }
  return std::nullopt;
}

// Policy notes come with the rules that they name.
base::Status check_blob(const Item& item, std::string_view text, Outcome& out) {
  const auto type = crypto::note_type(text);
  const bool policy = type.ok() && *type == crypto::NoteType::kPolicy;
  if (!policy) return item.blob.empty() ? base::Status() : no(out, NackCode::kMalformed, "only a policy comes with rules");
  const auto note = crypto::parse_policy_note(text);
  if (!note.ok()) return no(out, NackCode::kMalformed, note.error().message());
  if (item.blob.size() > schemas::kMaxPolicyRules) return no(out, NackCode::kSize, "the policy's rules are too large");
  if (crypto::sha256(item.blob) != note->rules) return no(out, NackCode::kRoot, "the rules are not those that the policy names");
  return {};
}

// An anchor that would leave this hub without its keys, or its log without its name, is not for it. Validity is judged elsewhere.
std::optional<std::string> unfit_anchor(const Work& w, std::string_view text) {
  const auto type = crypto::note_type(text);
  const auto next = type.ok() && *type == crypto::NoteType::kAnchor ? crypto::parse_anchor(text) : base::Result<crypto::Anchor>(base::malformed("no anchor"));
  if (!next.ok() || next->version == 1) return std::nullopt;
  if (next->log.name != w.m.directory.anchor().log.name) return "the anchor names another log, and a log keeps its name";
  if (w.m.key_for(*next) != nullptr) return std::nullopt;
  return "this hub does not hold the keys that the anchor names: handoff-hub keygen --next makes them, and the hub reads them at its start";
}

base::Bytes ledger_key(const base::Id& agent) { return base::concat({base::view("ledger/"), agent}); }
constexpr std::size_t kLedgerRow = 8 + 8 + 32 + 8;  // day, size, hash(note), log index

// nullopt: may be logged. Checks the chain of heads; `row` is the last one's.
std::optional<std::string> head_fault(const crypto::LedgerNote& head, std::optional<base::View> row, std::uint64_t day) {
  if (!row) return base::all_zero(head.prev) ? std::nullopt : std::optional<std::string>("the first head names a predecessor");
  if (base::load_le<std::uint64_t>(row->data()) >= day) return "one ledger head a day";
  if (head.size < base::load_le<std::uint64_t>(row->data() + 8)) return "the ledger became shorter";
  if (!base::equal(head.prev, row->subspan(16, 32))) return "the head does not follow the last one";
  return std::nullopt;
}

}  // namespace

base::Status apply_dir(Work& w, const Item& item, Outcome& out) {
  const std::string_view whole = base::text(item.bytes);
  if (whole.size() > w.m.limits.note) return no(out, NackCode::kSize, "the note is too large");
  if (const auto index = already(w, whole)) {
    out.accepted = out.repeat = true;
    out.first_index = *index;
    out.n = 1;
    return {};
  }
  const auto note = crypto::parse_note(whole);
  if (!note.ok()) return no(out, NackCode::kMalformed, note.error().message());
  out.code = NackCode{};
  TRY(check_blob(item, note->text, out));
  if (out.code != NackCode{}) return {};
  if (const auto unfit = unfit_anchor(w, note->text); unfit && w.m.directory.check(whole, w.hub_time).ok()) return no(out, NackCode::kPolicy, *unfit);
  const base::Hash previous = w.m.directory.last_subject();
  const auto seq = w.m.directory.add(whole, w.size(), w.hub_time);
  if (!seq.ok()) return no(out, note_code(seq.error().kind), seq.error().message());
  base::Bytes row(16);
  base::store_le(row.data(), w.size());
  base::store_le(row.data() + 8, w.hub_time.ms);
  base::append(row, item.bytes);
  TRY(w.kv.append(Table::kDir, key(*seq), row));
  if (!item.blob.empty()) TRY(w.kv.put(Table::kBlob, crypto::sha256(item.blob), item.blob));
  w.m.dir_times.push_back(w.hub_time);
  w.m.limits = limits_of(w.m.directory.anchor());
  w.m.log_key = w.m.key_for(w.m.directory.anchor());
  out.accepted = true;
  return w.entry(schemas::EntryType::kDir, note->whole_hash(), previous);
}

base::Status apply_head(Work& w, const Item& item, Outcome& out) {
  const auto note = crypto::parse_note(base::text(item.bytes));
  if (!note.ok()) return no(out, NackCode::kMalformed, note.error().message());
  const auto head = crypto::parse_ledger(note->text);
  if (!head.ok()) return no(out, NackCode::kMalformed, head.error().message());
  const crypto::Cert* cert = w.m.directory.cert(head->cert);
  if (cert == nullptr || w.m.directory.standing(head->cert, w.size(), w.hub_time) != crypto::Standing::kActive)
    return no(out, NackCode::kCert, "the certificate is not in force");
  const crypto::VerifierKey key_of{crypto::agent_name(w.m.directory.anchor().consortium, cert->agent), crypto::NoteAlg::kEd25519,
                                   cert->sign};
  if (!note->signed_by(key_of)) return no(out, NackCode::kSignature, "the ledger head is not signed by its agent");
  const base::Bytes k = ledger_key(cert->agent);
  auto last = w.kv.get(Table::kMeta, k);
  if (last && last->size() != kLedgerRow) return base::Error{base::Kind::kCorrupt, "a ledger row is damaged"};
  if (last && base::equal(last->subspan(16, 32), note->hash())) {
    out.accepted = out.repeat = true;
    out.first_index = base::load_le<std::uint64_t>(last->data() + 48);
    out.n = 1;
    return {};
  }
  const std::uint64_t day = w.hub_time.ms / base::kDay;
  if (const auto fault = head_fault(*head, last, day)) return no(out, NackCode::kPolicy, *fault);
  base::Fixed<kLedgerRow> row;
  base::store_le(row.data(), day);
  base::store_le(row.data() + 8, head->size);
  const base::Hash hash = note->hash();
  std::memcpy(row.data() + 16, hash.data(), 32);
  base::store_le(row.data() + 48, w.size());
  TRY(w.kv.put(Table::kMeta, k, row));
  TRY(w.keep(item.bytes));
  out.accepted = true;
  return w.entry(schemas::EntryType::kHead, note->whole_hash(), {});
}

}  // namespace hub::state
