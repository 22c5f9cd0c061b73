#include "adapters/agent/people/webauthn.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <nlohmann/json.hpp>

#include "adapters/agent/people/encoding.h"
#include "crypto/merkle.h"
#include "schemas/json.h"

namespace adapters::agent::people {
namespace {

using base::Bytes;
using base::View;
using schemas::Json;

constexpr base::Byte kTouched = 0x01, kVerified = 0x04;
constexpr std::size_t kMaxClientData = 8u << 10, kMaxObject = 64u << 10;

template <class T, void (*free_it)(T**)>
struct Free {
  void operator()(T* p) const { free_it(&p); }
};
using Cred = std::unique_ptr<fido_cred_t, Free<fido_cred_t, fido_cred_free>>;
using Assert = std::unique_ptr<fido_assert_t, Free<fido_assert_t, fido_assert_free>>;
using Es256 = std::unique_ptr<es256_pk_t, Free<es256_pk_t, es256_pk_free>>;
using Eddsa = std::unique_ptr<eddsa_pk_t, Free<eddsa_pk_t, eddsa_pk_free>>;
using Rs256 = std::unique_ptr<rs256_pk_t, Free<rs256_pk_t, rs256_pk_free>>;
struct FreeKey {
  void operator()(EVP_PKEY* k) const { EVP_PKEY_free(k); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

base::Error no(std::string what) { return {base::Kind::kDenied, std::move(what), "passkey"}; }

// The key of a credential as SubjectPublicKeyInfo; empty: it is none.
Bytes spki_of(const fido_cred_t* cred) {
  const unsigned char* p = fido_cred_pubkey_ptr(cred);
  const std::size_t n = fido_cred_pubkey_len(cred);
  Key key;
  if (p == nullptr) return {};
  if (fido_cred_type(cred) == COSE_ES256) {
    const Es256 pk(es256_pk_new());
    if (es256_pk_from_ptr(pk.get(), p, n) == FIDO_OK) key.reset(es256_pk_to_EVP_PKEY(pk.get()));
  } else if (fido_cred_type(cred) == COSE_EDDSA) {
    const Eddsa pk(eddsa_pk_new());
    if (eddsa_pk_from_ptr(pk.get(), p, n) == FIDO_OK) key.reset(eddsa_pk_to_EVP_PKEY(pk.get()));
  } else {
    const Rs256 pk(rs256_pk_new());
    if (rs256_pk_from_ptr(pk.get(), p, n) == FIDO_OK) key.reset(rs256_pk_to_EVP_PKEY(pk.get()));
  }
  unsigned char* der = nullptr;
  const int size = key ? i2d_PUBKEY(key.get(), &der) : -1;
  Bytes out;
  if (size > 0) out.assign(der, der + size);
  OPENSSL_free(der);
  return out;
}

bool verified(const fido_assert_t* a, View spki) {
  const unsigned char* p = spki.data();
  const Key key(d2i_PUBKEY(nullptr, &p, static_cast<long>(spki.size())));
  if (!key) return false;
  switch (EVP_PKEY_base_id(key.get())) {
    case EVP_PKEY_EC: {
      const Es256 pk(es256_pk_new());
      return es256_pk_from_EVP_PKEY(pk.get(), key.get()) == FIDO_OK && fido_assert_verify(a, 0, COSE_ES256, pk.get()) == FIDO_OK;
    }
    case EVP_PKEY_ED25519: {
      const Eddsa pk(eddsa_pk_new());
      return eddsa_pk_from_EVP_PKEY(pk.get(), key.get()) == FIDO_OK && fido_assert_verify(a, 0, COSE_EDDSA, pk.get()) == FIDO_OK;
    }
    case EVP_PKEY_RSA: {
      const Rs256 pk(rs256_pk_new());
      return rs256_pk_from_EVP_PKEY(pk.get(), key.get()) == FIDO_OK && fido_assert_verify(a, 0, COSE_RS256, pk.get()) == FIDO_OK;
    }
    default: return false;
  }
}

}  // namespace

Site site_of(std::string_view origin) {
  Site s{std::string(origin), {}};
  const auto scheme = origin.find("://");
  if (scheme == std::string_view::npos) return s;
  std::string_view host = origin.substr(scheme + 3);
  host = host.substr(0, host.find_first_of(":/"));
  const bool address = host.empty() || host.starts_with('[') || host.find_first_not_of("0123456789.") == std::string_view::npos;
  const bool safe = origin.starts_with("https://") || host == "localhost" || host.ends_with(".localhost");  // browsers ask for no passkey elsewhere
  if (!address && safe) s.rp_id = host;
  return s;
}

base::Result<Bytes> challenge_in(View client_data, std::string_view type, const Site& site) {
  const auto parsed = schemas::parse_json(base::text(client_data), kMaxClientData);
  if (!parsed.ok() || !(*parsed)->is_object()) return no("no client data");
  const Json& j = **parsed;
  const auto text = [&](const char* key) { return j.contains(key) && j.at(key).is_string() ? j.at(key).get<std::string>() : std::string(); };
  if (text("type") != type) return no("made for something else");
  if (text("origin") != site.origin) return no("made for another site");
  if (j.contains("crossOrigin") && j.at("crossOrigin") != false) return no("asked for inside another site's page");
  auto challenge = unbase64url(text("challenge"));
  if (!challenge || challenge->empty()) return no("no challenge");
  return std::move(*challenge);
}

base::Result<Passkey> new_passkey(const Site& site, View data) {
  if (data.size() < 37 || data.size() > kMaxObject) return no("not in the form of authenticator data");
  for (const int algorithm : kAlgorithms) {
    const Cred cred(fido_cred_new());
    if (fido_cred_set_type(cred.get(), algorithm) != FIDO_OK || fido_cred_set_authdata_raw(cred.get(), data.data(), data.size()) != FIDO_OK) continue;
    const base::Hash rp = crypto::sha256(base::view(site.rp_id));
    if (!base::equal(data.first(32), rp)) return no("a key for another site");
    if ((fido_cred_flags(cred.get()) & kTouched) == 0) return no("nobody touched it");
    if ((fido_cred_flags(cred.get()) & kVerified) == 0) return no("it did not ask who is there");
    Passkey k;
    k.credential.assign(fido_cred_id_ptr(cred.get()), fido_cred_id_ptr(cred.get()) + fido_cred_id_len(cred.get()));
    k.public_key = spki_of(cred.get());
    k.counter = fido_cred_sigcount(cred.get());
    if (k.credential.empty() || k.credential.size() > 1023 || k.public_key.empty()) return no("no key in it");
    return k;
  }
  return no("not in a form that is taken here (ES256, EdDSA or RS256)");
}

base::Result<std::uint32_t> verify_passkey(const Passkey& key, const Site& site, View client_data, View data, View signature) {
  const base::Hash hash = crypto::sha256(client_data);
  const Assert a(fido_assert_new());
  const bool taken = fido_assert_set_clientdata_hash(a.get(), hash.data(), hash.size()) == FIDO_OK && fido_assert_set_rp(a.get(), site.rp_id.c_str()) == FIDO_OK &&
                     fido_assert_set_count(a.get(), 1) == FIDO_OK && fido_assert_set_authdata_raw(a.get(), 0, data.data(), data.size()) == FIDO_OK &&
                     fido_assert_set_sig(a.get(), 0, signature.data(), signature.size()) == FIDO_OK && fido_assert_set_up(a.get(), FIDO_OPT_TRUE) == FIDO_OK &&
                     fido_assert_set_uv(a.get(), FIDO_OPT_TRUE) == FIDO_OK;
  if (!taken) return no("not in the form of an assertion");
  if (!verified(a.get(), key.public_key)) return no("the signature, the site or the person's touch does not hold");
  const std::uint32_t counter = fido_assert_sigcount(a.get(), 0);
  // A copy of the key counts on its own: the one that is behind gives it away.
  if ((counter != 0 || key.counter != 0) && counter <= key.counter) return no("its counter went back");
  return counter;
}

}  // namespace adapters::agent::people
