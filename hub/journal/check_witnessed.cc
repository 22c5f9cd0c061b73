// Cosigned checkpoints lie beside the log: each must be of this tree, and every line of it by a witness that the log knows and holding.
#include <algorithm>

#include "crypto/log_keys.h"
#include "crypto/witness.h"
#include "hub/journal/check_internal.h"
#include "hub/state/tree.h"

namespace hub::journal {
namespace {

using state::Table;

// All that were ever named: an old line stays good when the anchor or a certificate has been followed by another.
std::vector<crypto::VerifierKey> witness_keys(const crypto::Directory& directory) {
  std::vector<crypto::VerifierKey> out = directory.anchor().witnesses();
  for (const std::string& whole : directory.notes()) {
    const auto note = crypto::parse_note(whole);
    if (!note.ok()) continue;
    if (const auto anchor = crypto::parse_anchor(note->text); anchor.ok()) {
      const auto more = anchor->witnesses();
      out.insert(out.end(), more.begin(), more.end());
    } else if (const auto cert = crypto::parse_cert(note->text); cert.ok()) {
      out.push_back({crypto::witness_name(directory.anchor().consortium, cert->agent), crypto::NoteAlg::kCosignature, cert->witness});
    }
  }
  return out;
}

base::Status check_one(const Walk& w, const std::vector<crypto::VerifierKey>& keys, std::uint64_t size, base::View row) {
  const std::string name = "the cosigned checkpoint of size " + std::to_string(size);
  const auto bad = [&](const char* what) { return bad_table(name + " " + what); };
  if (row.size() <= 8) return bad("is damaged");
  const std::string text = base::to_string(row.subspan(8));
  const auto note = crypto::parse_note(text);
  const auto checkpoint = crypto::open_checkpoint(text, w.directory);
  if (!note.ok() || !checkpoint.ok() || checkpoint->size != size) return bad("does not verify");
  const auto root = crypto::root_at(size, state::node_reader(w.kv));
  if (!root.ok() || *root != checkpoint->root) return bad("is of another tree");
  base::Instant earliest{~0ULL};
  std::size_t lines = 1;  // the log's
  for (const crypto::NoteSignature& s : note->signatures) {
    const auto key = std::ranges::find_if(keys, [&](const crypto::VerifierKey& k) { return k.name == s.name && k.id() == s.key_id; });
    base::Instant at;
    if (key == keys.end() || !crypto::verify_cosignature(*note, *key, &at)) continue;
    earliest = std::min(earliest, at);
    ++lines;
  }
  if (lines != note->signatures.size()) return bad("has a line that does not hold, or of no witness");
  if (lines == 1 || base::load_be<std::uint64_t>(row.data()) != earliest.ms) return bad("has another time than its witnesses gave");
  return {};
}

}  // namespace

base::Status check_witnessed(const Walk& w) {
  base::Status out;
  const auto keys = witness_keys(w.directory);
  w.kv.scan(Table::kWitnessed, {}, [&](base::View k, base::View v) {
    out = k.size() == 8 ? check_one(w, keys, base::load_be<std::uint64_t>(k.data()), v) : base::Status(bad_table("a cosigned checkpoint has no size"));
    return out.ok();
  });
  return out;
}

}  // namespace hub::journal
