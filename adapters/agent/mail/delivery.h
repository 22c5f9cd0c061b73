// One delivered group on its way in: protocol 4.2 steps 1 to 5 and 8, in order. Nothing here touches the store.
// An Arrival owns its frame; its views point into it, so it is moved, never copied.
#pragma once

#include "adapters/agent/mail/office.h"
#include "schemas/frames.h"

namespace adapters::agent::mail {

struct Arrival {
  base::Bytes frame;
  schemas::Deliver deliver;
  crypto::ParsedBatch parsed;
  crypto::Ent1 ent;
  std::optional<crypto::Ent1> end;
  Arrival() = default;
  Arrival(Arrival&&) = default;
  Arrival& operator=(Arrival&&) = default;
  Arrival(const Arrival&) = delete;
  Arrival& operator=(const Arrival&) = delete;
  [[nodiscard]] const crypto::ParsedGroup& group() const { return parsed.groups[0]; }
  [[nodiscard]] const base::Id& sender() const { return parsed.bst.sender; }
  [[nodiscard]] std::string checkpoint() const { return base::to_string(deliver.ckpt); }
};

// Steps 1-3, all that needs no directory: frame, forms, bindings, log proof.
// open_logged: the same for a group of anybody, without the own slot (one's own mail, after a restore).
base::Result<Arrival> open_logged(base::Bytes frame, const crypto::Anchor& anchor);
base::Result<Arrival> open_frame(base::Bytes frame, const base::Id& self, const crypto::Anchor& anchor);
// Steps 3-5, once the scan has passed its indexes: entries as scanned, certificate at its entry, signature, hashes. `entry` gives the
// own copy of a log entry. Fills the leaf. Returns the sender's certificate.
using EntryAt = std::function<std::optional<base::Fixed<112>>(std::uint64_t index)>;
base::Result<const crypto::Cert*> check_sender(Arrival& a, const crypto::Directory& directory, const EntryAt& entry);

struct OpenedMessage {
  crypto::Hdr1 hdr;
  base::Hash leaf{};
  base::Bytes bytes, key;
  std::optional<schemas::Body> body;  // none for kinds that agents answer themselves (receipt, control)
};
// Step 8. Any failure: nothing of the group is applied (status 5, or 6 for a tombstone).
base::Result<std::vector<OpenedMessage>> open_group(const Arrival& a, const crypto::Cert& sender, const Desk& desk, const crypto::Directory& directory, const Vault& vault);

}  // namespace adapters::agent::mail
