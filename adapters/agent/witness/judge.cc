// The rules, in the order of protocol section 12.
#include "adapters/agent/witness/judge.h"

#include "crypto/merkle.h"

namespace adapters::agent::witness {

Judged judge(const Signed& own, const crypto::VerifierKey& log, const crypto::AddCheckpoint& request) {
  const auto note = crypto::parse_note(request.checkpoint);
  if (!note.ok()) return {400, "the checkpoint is no signed note"};
  const auto claimed = crypto::parse_checkpoint(note->text);
  if (!claimed.ok()) return {400, "the checkpoint is malformed"};
  if (claimed->origin != log.name || (!own.origin.empty() && own.origin != log.name)) return {404, "this is not the log that is witnessed here"};
  if (!note->signed_by(log)) return {403, "the log did not sign this checkpoint"};
  Judged out;
  out.checkpoint = *claimed;
  if (request.old > claimed->size) return out.status = 400, out.words = "old is larger than the checkpoint", out;
  if (request.old != own.size) {
    // Below what was signed and of another tree, or simply late: told apart by whoever holds the entries.
    return out.status = 409, out.words = std::to_string(own.size), out;
  }
  if (claimed->size == own.size) {
    if (own.size > 0 && claimed->root != own.root) return out.status = 409, out.words = "two trees of one size", out.convicts = true, out;
    if (!request.proof.empty()) return out.status = 422, out.words = "nothing is to be proved for the same size", out;
    return out;
  }
  if (own.size == 0) {
    if (!request.proof.empty()) return out.status = 422, out.words = "a proof from size 0 is empty", out;
    return out;
  }
  if (!crypto::verify_consistency(own.size, claimed->size, own.root, claimed->root, request.proof)) {
    return out.status = 422, out.words = "the checkpoint does not extend the tree that was signed", out.convicts = true, out;
  }
  return out;
}

}  // namespace adapters::agent::witness
