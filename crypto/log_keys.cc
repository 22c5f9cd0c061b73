// See log_keys.h.
#include "crypto/log_keys.h"

#include "crypto/internal/directory_state.h"

namespace crypto {

const VerifierKey& log_key(const Directory& d, std::uint64_t size) {
  const auto& logs = *Directory::Rules::state(d).logs;
  auto at = logs.size() - 1;
  while (at > 0 && logs[at].from_size > size) --at;
  return logs[at].key;
}

const VerifierKey& log_of(const Directory& d, std::string_view checkpoint) {
  const auto note = parse_note(checkpoint);
  const auto claimed = note.ok() ? parse_checkpoint(note->text) : base::Result<Checkpoint>(note.error());
  return claimed.ok() ? log_key(d, claimed->size) : d.anchor().log;
}

base::Result<Checkpoint> open_checkpoint(std::string_view whole, const Directory& d) { return open_checkpoint(whole, log_of(d, whole)); }

bool log_key_replaced(const Directory& d, std::uint64_t size) { return log_key(d, size).key != d.anchor().log.key; }

bool holds(const Directory& d, const Hash& note_hash) { return Directory::Rules::state(d).texts.contains(note_hash); }

// Its index is beyond every place in a log that anybody asks about, and before that of now.
base::Status suspend_unlogged(Directory& d, const Hash& cert_hash, base::Instant known) {
  const auto* record = Directory::Rules::state(d).cert(cert_hash);
  if (record == nullptr) return base::Error{base::Kind::kNotFound, "a suspension of an unknown certificate"};
  auto changed = *record;
  changed.suspensions.push_back({UINT64_MAX - 1, known});
  Directory::State next = Directory::Rules::state(d);
  next.certs.set(cert_hash, std::make_shared<const internal::CertRecord>(std::move(changed)));
  Directory::Rules::put(d, std::move(next));
  return {};
}

}  // namespace crypto
