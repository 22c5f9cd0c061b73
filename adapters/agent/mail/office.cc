// The desk of the moment.
#include "adapters/agent/mail/office.h"

namespace adapters::agent::mail {

std::string Office::why_stale(const crypto::PolicyNote* in_force) const {
  if (in_force == nullptr) return "no policy is in force yet";
  const std::string which = "the policy in force (version " + std::to_string(in_force->version) + ")";
  return shelf.has_text(in_force->rules) ? which + " cannot be read by this version of the agent: it only reads" : which + " has not arrived here yet: this agent only reads";
}

Desk Office::desk() const {
  Desk d{self, cert, slug, kind, replica.directory(), clock(), {}, outbox_limit, nullptr, {}, &shelf, attachments, scanner != nullptr, {}};
  const crypto::PolicyNote* in_force = d.directory.policy();
  d.policy = in_force != nullptr ? shelf.find(*in_force) : nullptr;
  if (d.policy == nullptr) d.stale = why_stale(in_force);
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
