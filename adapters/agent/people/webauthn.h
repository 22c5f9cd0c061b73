// What a browser's authenticator answers (WebAuthn Level 2), judged: libfido2 reads the authenticator's bytes and checks its signatures.
// Attestation is not asked for: which maker's key a person has is not ours to know. Values; thread-safe.
#pragma once

#include "adapters/agent/people/people.h"

namespace adapters::agent::people {

// Where the page runs that asks: "https://inbox.example:8460" and "inbox.example". Without rp_id there are no passkeys (an address is no domain).
struct Site {
  std::string origin, rp_id;
};
Site site_of(std::string_view origin);

inline constexpr int kAlgorithms[] = {-7, -8, -257};  // COSE: ES256, EdDSA, RS256

// What the browser signed about the page. kDenied: other type or origin, or inside another site's page.
base::Result<base::Bytes> challenge_in(base::View client_data, std::string_view type, const Site& site);
// kDenied: another site's key, nobody touched it, or nobody proved who they are to it.
base::Result<Passkey> new_passkey(const Site& site, base::View authenticator_data);
// The new counter. kDenied: the signature, the site, the person's touch or the counter does not hold.
base::Result<std::uint32_t> verify_passkey(const Passkey& key, const Site& site, base::View client_data, base::View authenticator_data, base::View signature);

}  // namespace adapters::agent::people
