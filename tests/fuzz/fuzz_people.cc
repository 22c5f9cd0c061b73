// What a browser says of an authenticator before anybody is known: client data, authenticator data, signatures. Nothing made up lets in.
#include "adapters/agent/people/encoding.h"
#include "adapters/agent/people/webauthn.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace adapters::agent::people;
  const Site site = site_of("https://inbox.example:8460");
  const base::View all{data, size};
  const std::size_t cut = size == 0 ? 0 : std::min<std::size_t>(data[0], size);
  (void)challenge_in(all, "webauthn.get", site);
  (void)unbase64url(base::text(all));
  (void)site_of(base::text(all));
  if (auto key = new_passkey(site, all); key.ok()) {
    // A key that was read is one that can be asked; the input itself signs nothing.
    CHECK(!verify_passkey(*key, site, all.first(cut), all.subspan(cut), all.first(cut)).ok());
  }
  Passkey kept;
  kept.public_key = base::to_bytes(all.first(cut));
  CHECK(!verify_passkey(kept, site, base::view("{}"), all.subspan(cut), all.subspan(cut)).ok());
  (void)adapters::agent::keep::unpack<PersonRow>(all);
  return 0;
}
