// delivery.h for a log whose key may have been exchanged: the checkpoint counts under the key that was in force at its size.
#pragma once

#include "adapters/agent/mail/delivery.h"

namespace adapters::agent::mail {

base::Result<Arrival> open_logged(base::Bytes frame, const crypto::Directory& directory);
base::Result<Arrival> open_frame(base::Bytes frame, const base::Id& self, const crypto::Directory& directory);

}  // namespace adapters::agent::mail
