// Rows of kMeta: "offer/" and the hash of the note's text in hex -> when it came, the whole note, when the hub refused it and its words.
#include "adapters/agent/keep/offers.h"

#include <algorithm>

#include "adapters/agent/keep/pack.h"

namespace adapters::agent::keep {
namespace {

using crypto::NoteType;

constexpr std::string_view kPrefix = "offer/";
constexpr std::uint64_t kLapseMs = 72 * base::kHour;  // protocol 3
constexpr std::size_t kMost = 64;

std::string key_text(const base::Hash& text) { return std::string(kPrefix) + base::hex(text); }

base::Result<Offered> parsed(std::string_view whole, base::Instant known) {
  TRY_ASSIGN(const crypto::Note note, crypto::parse_note(whole));
  TRY_ASSIGN(const NoteType type, crypto::note_type(note.text));
  Offered out{std::string(whole), note.hash(), type, {}, known, {}, {}};
  if (type == NoteType::kRevoke) {
    TRY_ASSIGN(const crypto::RevokeNote revoke, crypto::parse_revoke(note.text));
    out.cert = revoke.cert;
  }
  if (type == NoteType::kPolicy) return base::Error{base::Kind::kUnsupported, "a policy goes to the hub together with its rules", "note", "the operator: handoff-hub add DIR NOTE --rules FILE"};
  if (type == NoteType::kEpoch || type == NoteType::kLedger) return base::Error{base::Kind::kUnsupported, "agents hand in notes of this type themselves", "note"};
  return out;
}

void save(Tx& tx, const Offered& o) { tx.put(Table::kMeta, base::view(key_text(o.text)), pack(o.known, o.note, o.asked, o.refused)); }

bool before(const Offered& a, const Offered& b) {
  const bool x = a.type == NoteType::kAnchor, y = b.type == NoteType::kAnchor;
  return x != y ? x : a.known < b.known;
}

// With the anchors that came so: what they authorise is not a stranger's.
crypto::Directory ahead(const std::vector<Offered>& rows, const crypto::Directory& directory, base::Instant now) {
  crypto::Directory out = directory;
  for (const Offered& o : rows) {
    if (o.type == NoteType::kAnchor && !crypto::holds(out, o.text)) (void)out.add(o.note, UINT64_MAX - 2, now);
  }
  return out;
}

}  // namespace

bool Offered::suspends(base::Instant now) const { return type == NoteType::kRevoke && now <= known.plus(kLapseMs); }

std::vector<Offered> offers(Tx& tx) {
  std::vector<Offered> out;
  tx.scan_prefix(Table::kMeta, base::view(kPrefix), [&](base::View, base::View v) {
    Offered kept;
    const bool whole = unpack_to(v, kept.known, kept.note, kept.asked, kept.refused);
    auto row = parsed(kept.note, kept.known);
    if (!whole || !row.ok()) return true;
    row->asked = kept.asked;
    row->refused = std::move(kept.refused);
    out.push_back(std::move(*row));
    return true;
  });
  std::stable_sort(out.begin(), out.end(), before);
  return out;
}

std::vector<Offered> offers(const Store& store) {
  std::vector<Offered> out;
  (void)store.read([&](Tx& tx) { return out = offers(tx), base::Status{}; });  // a store that fails here fails the next write too
  return out;
}

base::Result<Offered> take_offer(Store& store, std::string_view note, const crypto::Directory& directory, base::Instant now) {
  TRY_ASSIGN(Offered fresh, parsed(note, now));
  const std::vector<Offered> rows = offers(store);
  for (const Offered& o : rows) {
    if (o.text == fresh.text) return o;
  }
  TRY(ahead(rows, directory, now).check(note, now));
  if (rows.size() >= kMost) return base::Error{base::Kind::kTooLarge, "too many notes wait for the hub", "note", "see: handoff directory list"};
  TRY(store.write([&](Tx& tx) { return save(tx, fresh), base::Status{}; }));
  return fresh;
}

base::Status settle_offers(Store& store, const crypto::Directory& directory, base::Instant now) {
  const std::vector<Offered> rows = offers(store);
  if (rows.empty()) return {};
  const crypto::Directory then = ahead(rows, directory, now);
  std::vector<std::string> gone;
  for (const Offered& o : rows) {
    bool over = crypto::holds(directory, o.text);
    if (!over && !crypto::holds(then, o.text)) {  // else: an anchor whose turn has not come
      const base::Status fits = then.check(o.note, now);
      over = !fits.ok() && fits.error().kind == base::Kind::kConflict && (!o.suspends(now) || directory.standing_now(*o.cert, now) == crypto::Standing::kRevoked);
    }
    if (over) gone.push_back(key_text(o.text));
  }
  if (gone.empty()) return {};
  return store.write([&](Tx& tx) {
    for (const std::string& key : gone) tx.erase(Table::kMeta, base::view(key));
    return base::Status{};
  });
}

base::Status note_refused(Store& store, const base::Hash& text, const std::string& words, base::Instant now) {
  return store.write([&](Tx& tx) {
    for (Offered& o : offers(tx)) {
      if (o.text != text) continue;
      o.refused = words;
      o.asked = now;
      save(tx, o);
    }
    return base::Status{};
  });
}

std::optional<crypto::Anchor> offered_anchor(const Store& store) {
  std::optional<crypto::Anchor> newest;
  for (const Offered& o : offers(store)) {
    if (o.type != NoteType::kAnchor) continue;
    const auto note = crypto::parse_note(o.note);
    auto anchor = note.ok() ? crypto::parse_anchor(note->text) : base::Result<crypto::Anchor>(note.error());
    if (anchor.ok() && (!newest || anchor->version > newest->version)) newest = std::move(*anchor);
  }
  return newest;
}

bool suspended_by_file(const Store& store, const base::Hash& cert_hash, const crypto::Directory& directory, base::Instant now) {
  const std::vector<Offered> rows = offers(store);
  return std::any_of(rows.begin(), rows.end(), [&](const Offered& o) { return o.cert == cert_hash && o.suspends(now) && !crypto::holds(directory, o.text); });
}

void suspend_offered(const Store& store, crypto::Directory& directory) {
  for (const Offered& o : offers(store)) {
    if (o.cert && !crypto::holds(directory, o.text)) (void)crypto::suspend_unlogged(directory, *o.cert, o.known);
  }
}

}  // namespace adapters::agent::keep
