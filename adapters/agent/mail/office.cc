// The desk of the moment.
#include "adapters/agent/mail/office.h"

namespace adapters::agent::mail {

Desk Office::desk() const {
  Desk d{self, cert, slug, kind, replica.directory(), clock(), {}, outbox_limit};
  const auto note = crypto::parse_note(replica.checkpoint());
  if (!note) return d;  // nothing seen yet
  const auto checkpoint = crypto::parse_checkpoint(note->text);
  for (const crypto::NoteSignature& s : note->signatures) {
    if (!checkpoint || s.name != d.directory.anchor().log.name || s.sig.size() != 64) continue;
    d.seen = {checkpoint->size, checkpoint->root, base::fixed<64>(s.sig)};
  }
  return d;
}

}  // namespace adapters::agent::mail
