// P-256, HKDF and AES-128-GCM are OpenSSL's; the arrangement is that of the RFCs named in the header.
#include "adapters/transport/webpush.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <memory>

namespace adapters::transport {
namespace {

using base::Byte;
using base::Bytes;
using base::View;

constexpr std::size_t kRecord = 4096, kTag = 16, kMost = kRecord - 86 - kTag - 1;  // one record, its header and its padding byte

struct Free {
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(EVP_PKEY_CTX* p) const { EVP_PKEY_CTX_free(p); }
  void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
  void operator()(EVP_CIPHER_CTX* p) const { EVP_CIPHER_CTX_free(p); }
  void operator()(EVP_KDF* p) const { EVP_KDF_free(p); }
  void operator()(EVP_KDF_CTX* p) const { EVP_KDF_CTX_free(p); }
  void operator()(OSSL_PARAM_BLD* p) const { OSSL_PARAM_BLD_free(p); }
  void operator()(OSSL_PARAM* p) const { OSSL_PARAM_free(p); }
  void operator()(BIGNUM* p) const { BN_clear_free(p); }
  void operator()(EC_GROUP* p) const { EC_GROUP_free(p); }
  void operator()(EC_POINT* p) const { EC_POINT_free(p); }
  void operator()(ECDSA_SIG* p) const { ECDSA_SIG_free(p); }
};
template <class T>
using Own = std::unique_ptr<T, Free>;

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

base::Error no_key() { return base::malformed("not a key of the curve P-256", "key"); }

// A key pair, or with an empty secret the public half alone.
base::Result<Own<EVP_PKEY>> key_of(View secret, View point) {
  const Own<OSSL_PARAM_BLD> build(OSSL_PARAM_BLD_new());
  const Own<BIGNUM> number(secret.empty() ? nullptr : BN_bin2bn(secret.data(), static_cast<int>(secret.size()), nullptr));
  OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  if (number != nullptr) OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_PRIV_KEY, number.get());
  OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  const Own<OSSL_PARAM> params(OSSL_PARAM_BLD_to_param(build.get()));
  const Own<EVP_PKEY_CTX> ctx(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (params == nullptr || EVP_PKEY_fromdata_init(ctx.get()) != 1 ||
      EVP_PKEY_fromdata(ctx.get(), &key, secret.empty() ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR, params.get()) != 1) {
    return no_key();
  }
  Own<EVP_PKEY> out(key);
  const Own<EVP_PKEY_CTX> check(EVP_PKEY_CTX_new(out.get(), nullptr));
  if (EVP_PKEY_public_check(check.get()) != 1) return no_key();  // on the curve, and not the point at infinity
  return out;
}

base::Result<Own<EVP_PKEY>> pair_of(const P256Secret& secret) {
  TRY_ASSIGN(const P256Point point, p256_public(secret));
  return key_of(secret, point);
}

base::Result<Bytes> agree(EVP_PKEY* mine, EVP_PKEY* theirs) {
  const Own<EVP_PKEY_CTX> ctx(EVP_PKEY_CTX_new(mine, nullptr));
  Bytes out(32);
  std::size_t n = out.size();
  if (EVP_PKEY_derive_init(ctx.get()) != 1 || EVP_PKEY_derive_set_peer(ctx.get(), theirs) != 1 || EVP_PKEY_derive(ctx.get(), out.data(), &n) != 1 || n != 32) return no_key();
  return out;
}

Bytes hkdf(View salt, View key, View info, std::size_t n) {
  const Own<EVP_KDF> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  const Own<EVP_KDF_CTX> ctx(EVP_KDF_CTX_new(kdf.get()));
  char digest[] = "SHA256";
  const auto octets = [](const char* name, View v) { return OSSL_PARAM_construct_octet_string(name, const_cast<Byte*>(v.data()), v.size()); };
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0), octets(OSSL_KDF_PARAM_KEY, key), octets(OSSL_KDF_PARAM_SALT, salt),
                               octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  Bytes out(n);
  CHECK(EVP_KDF_derive(ctx.get(), out.data(), n, params) == 1);
  return out;
}

// "LABEL\0": how RFC 8188 and RFC 8291 name what they derive.
Bytes info_of(std::string_view label, std::initializer_list<View> more = {}) {
  Bytes out = base::to_bytes(label);
  out.push_back(0);
  for (const View v : more) base::append(out, v);
  return out;
}

Bytes gcm(View key, View nonce, View plain) {
  const Own<EVP_CIPHER_CTX> ctx(EVP_CIPHER_CTX_new());
  Bytes out(plain.size() + kTag);
  int n = 0, end = 0;
  CHECK(EVP_EncryptInit_ex(ctx.get(), EVP_aes_128_gcm(), nullptr, key.data(), nonce.data()) == 1);
  CHECK(EVP_EncryptUpdate(ctx.get(), out.data(), &n, plain.data(), static_cast<int>(plain.size())) == 1);
  CHECK(EVP_EncryptFinal_ex(ctx.get(), out.data() + n, &end) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTag), out.data() + plain.size()) == 1);
  return out;
}

// JWS wants r || s, OpenSSL gives DER.
base::Result<base::Fixed<64>> es256(EVP_PKEY* key, std::string_view text) {
  const Own<EVP_MD_CTX> ctx(EVP_MD_CTX_new());
  Bytes der(80);
  std::size_t n = der.size();
  if (EVP_DigestSignInit(ctx.get(), nullptr, EVP_sha256(), nullptr, key) != 1 ||
      EVP_DigestSign(ctx.get(), der.data(), &n, reinterpret_cast<const Byte*>(text.data()), text.size()) != 1) {
    return no_key();
  }
  const Byte* at = der.data();
  const Own<ECDSA_SIG> sig(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(n)));
  base::Fixed<64> out{};
  if (sig == nullptr || BN_bn2binpad(ECDSA_SIG_get0_r(sig.get()), out.data(), 32) != 32 || BN_bn2binpad(ECDSA_SIG_get0_s(sig.get()), out.data() + 32, 32) != 32) return no_key();
  return out;
}

std::string origin_of(std::string_view url) {
  const auto host = url.find("://");
  return std::string(host == url.npos ? url : url.substr(0, url.find_first_of("/?#", host + 3)));
}

std::string json_text(std::string_view s) {
  std::string out;
  for (const char c : s) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string base64url(View v) {
  std::string out;
  unsigned held = 0, bits = 0;
  for (const Byte b : v) {
    held = (held << 8) | b;
    for (bits += 8; bits >= 6; bits -= 6) out += kAlphabet[(held >> (bits - 6)) & 63];
    held &= (1u << bits) - 1;
  }
  if (bits > 0) out += kAlphabet[(held << (6 - bits)) & 63];
  return out;
}

std::optional<Bytes> unbase64url(std::string_view s) {
  Bytes out;
  unsigned held = 0, bits = 0;
  for (const char c : s) {
    const auto six = kAlphabet.find(c);
    if (six == kAlphabet.npos) return std::nullopt;
    held = (held << 6) | static_cast<unsigned>(six);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out.push_back(static_cast<Byte>(held >> bits));
    held &= (1u << bits) - 1;
  }
  if (bits >= 6 || held != 0) return std::nullopt;
  return out;
}

base::Result<P256Point> p256_public(const P256Secret& secret) {
  const Own<EC_GROUP> group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  const Own<BIGNUM> number(BN_bin2bn(secret.data(), static_cast<int>(secret.size()), nullptr));
  const Own<EC_POINT> point(EC_POINT_new(group.get()));
  if (BN_is_zero(number.get()) || BN_cmp(number.get(), EC_GROUP_get0_order(group.get())) >= 0) return no_key();
  P256Point out{};
  if (EC_POINT_mul(group.get(), point.get(), number.get(), nullptr, nullptr, nullptr) != 1 ||
      EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, out.data(), out.size(), nullptr) != out.size()) {
    return no_key();
  }
  return out;
}

base::Status check_subscription(const PushSubscription& s) {
  if (s.auth.size() != 16) return base::malformed("the subscription's secret has 16 bytes", "auth");
  if (s.p256dh.size() != 65 || s.p256dh[0] != 4) return base::malformed("the subscription's key is an uncompressed point of P-256", "p256dh");
  if (auto key = key_of({}, s.p256dh); !key.ok()) return base::malformed("the subscription's key is no point of P-256", "p256dh");
  return {};
}

base::Result<Bytes> push_seal(std::string_view text, const PushSubscription& to, const PushOnce& once) {
  TRY(check_subscription(to));
  if (text.size() > kMost) return base::Error{base::Kind::kTooLarge, "a push message has at most " + std::to_string(kMost) + " bytes", "text"};
  TRY_ASSIGN(const P256Point ours, p256_public(once.secret));
  TRY_ASSIGN(const Own<EVP_PKEY> mine, pair_of(once.secret));
  TRY_ASSIGN(const Own<EVP_PKEY> theirs, key_of({}, to.p256dh));
  TRY_ASSIGN(const Bytes shared, agree(mine.get(), theirs.get()));
  const Bytes ikm = hkdf(to.auth, shared, info_of("WebPush: info", {to.p256dh, ours}), 32);
  const Bytes key = hkdf(once.salt, ikm, info_of("Content-Encoding: aes128gcm"), 16);
  const Bytes nonce = hkdf(once.salt, ikm, info_of("Content-Encoding: nonce"), 12);
  Bytes plain = base::to_bytes(text);
  plain.push_back(2);  // the last record, no padding
  Bytes out = base::to_bytes(View(once.salt));
  base::Fixed<5> sizes{};
  base::store_be<std::uint32_t>(sizes.data(), kRecord);
  sizes[4] = static_cast<Byte>(ours.size());
  base::append(out, sizes);
  base::append(out, ours);
  base::append(out, gcm(key, nonce, plain));
  return out;
}

base::Result<std::string> vapid_authorization(const Vapid& vapid, std::string_view endpoint, base::Instant until) {
  TRY_ASSIGN(const P256Point point, p256_public(vapid.secret));
  TRY_ASSIGN(const Own<EVP_PKEY> key, pair_of(vapid.secret));
  const std::string claims = "{\"aud\":\"" + json_text(origin_of(endpoint)) + "\",\"exp\":" + std::to_string(until.ms / base::kSecond) + ",\"sub\":\"" + json_text(vapid.subject) + "\"}";
  const std::string text = base64url(base::view(R"({"typ":"JWT","alg":"ES256"})")) + "." + base64url(base::view(claims));
  TRY_ASSIGN(const auto signature, es256(key.get(), text));
  return "vapid t=" + text + "." + base64url(signature) + ", k=" + base64url(point);
}

}  // namespace adapters::transport
