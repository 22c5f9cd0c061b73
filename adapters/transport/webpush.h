// Web Push: what a push service must be given (RFC 8030), so that it can deliver and not read. Messages are sealed for the browser that
// subscribed (RFC 8291, content encoding aes128gcm of RFC 8188); the sender signs who it is (VAPID, RFC 8292, ES256). No socket here: who
// has the headers and the bytes of a PushMessage posts them to the subscription's endpoint. Pure; randomness is passed in.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/instant.h"
#include "crypto/base/result.h"

namespace adapters::transport {

using P256Secret = base::Fixed<32>;   // a private key: a number in [1, n)
using P256Point = base::Fixed<65>;    // a public key, uncompressed

// RFC 4648 section 5, without padding. nullopt: a character or length that is not exactly right.
std::string base64url(base::View v);
std::optional<base::Bytes> unbase64url(std::string_view s);

// kMalformed: no such number, or no such point on the curve.
base::Result<P256Point> p256_public(const P256Secret& secret);

struct PushSubscription {
  std::string endpoint;               // https://push.example/...
  base::Bytes p256dh, auth;           // of the browser: 65 and 16 bytes
};
// What a subscription must be before it is kept. kMalformed names the field.
base::Status check_subscription(const PushSubscription& s);

struct PushOnce {                     // fresh for every message
  P256Secret secret{};
  base::Fixed<16> salt{};
};
// One record; at most 3993 bytes go in (RFC 8291 section 4). kMalformed: `once.secret` is no private key (take another).
base::Result<base::Bytes> push_seal(std::string_view text, const PushSubscription& to, const PushOnce& once);

struct Vapid {
  P256Secret secret{};
  std::string subject;                // "mailto:it@agency.example" or an https address: whom the push service may ask
};
// The value of `Authorization`: a signed claim for the endpoint's origin until `until` (at most a day ahead).
base::Result<std::string> vapid_authorization(const Vapid& vapid, std::string_view endpoint, base::Instant until);

}  // namespace adapters::transport
