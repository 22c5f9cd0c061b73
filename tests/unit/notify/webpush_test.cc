// Web Push as its RFCs say: RFC 8291's own example, an independent decrypter, and a VAPID signature checked by somebody else's code.
#include "adapters/transport/webpush.h"

#include <cstdio>

#include <doctest/doctest.h>

#include "tests/unit/notify/node.h"

using namespace adapters::transport;

namespace {

template <std::size_t N>
base::Fixed<N> fixed(std::string_view text) {
  const auto bytes = unbase64url(text);
  REQUIRE(bytes.has_value());
  return base::fixed<N>(*bytes);
}

// RFC 8291 section 5 and appendix A.
constexpr const char* kBrowserSecret = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";
PushSubscription browser() {
  return {"https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
          *unbase64url("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"), *unbase64url("BTBZMqHH6r4Tts7J_aSIgg")};
}
PushOnce once() { return {fixed<32>("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), fixed<16>("DGv6ra1nlYgDCS1FRnbzlw")}; }

}  // namespace

TEST_CASE("RFC 8291's example comes out to the byte") {
  CHECK(base64url(*p256_public(once().secret)) == "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
  CHECK(base64url(*p256_public(fixed<32>(kBrowserSecret))) == base64url(browser().p256dh));
  const auto sealed = push_seal("When I grow up, I want to be a watermelon", browser(), once());
  REQUIRE_MESSAGE(sealed.ok(), sealed.error().message());
  CHECK(base64url(*sealed) ==
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3"
        "oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN");
}

TEST_CASE("somebody else's decrypter reads what we seal, of every size, and nothing that was changed") {
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{22}, std::size_t{3993}}) {
    const std::string text(n, 'i');
    const auto sealed = push_seal(text, browser(), once());
    REQUIRE(sealed.ok());
    CHECK(node_kit::open(kBrowserSecret, base64url(browser().auth), base64url(*sealed)) == text);
    base::Bytes other = *sealed;
    other.back() ^= 1;
    CHECK(node_kit::open(kBrowserSecret, base64url(browser().auth), base64url(other)) == "refused");
    CHECK(node_kit::open(kBrowserSecret, base64url(browser().p256dh).substr(0, 22), base64url(*sealed)) == "refused");
  }
  CHECK(push_seal(std::string(3994, 'i'), browser(), once()).error().kind == base::Kind::kTooLarge);
}

TEST_CASE("what is no subscription is refused by its field") {
  PushSubscription s = browser();
  s.p256dh[40] ^= 1;  // no point of the curve any more
  CHECK(check_subscription(s).error().where == "p256dh");
  s.p256dh.assign(65, 0);
  CHECK(check_subscription(s).error().where == "p256dh");
  s = browser();
  s.auth.pop_back();
  CHECK(check_subscription(s).error().where == "auth");
  CHECK_FALSE(push_seal("x", s, once()).ok());
  CHECK_FALSE(push_seal("x", browser(), {P256Secret{}, {}}).ok());  // zero is no key
  P256Secret order{};
  order.fill(0xFF);
  CHECK_FALSE(p256_public(order).ok());
  CHECK_FALSE(unbase64url("a+b").has_value());
  CHECK_FALSE(unbase64url("A").has_value());
  CHECK_FALSE(unbase64url("AB").has_value());  // bits left over
  CHECK(unbase64url("AA") == base::Bytes{0});
}

TEST_CASE("a VAPID token names the push service's origin, its end and who to ask, and its signature holds") {
  const Vapid vapid{once().secret, "mailto:it@harborlight.example"};
  const auto value = vapid_authorization(vapid, "https://push.example.net:8443/push/secret-path?x=1", base::Instant{1'790'000'000'500});
  REQUIRE(value.ok());
  CHECK(value->find("secret-path") == std::string::npos);
  CHECK(node_kit::vapid(*value) == R"({"aud":"https://push.example.net:8443","exp":1790000000,"sub":"mailto:it@harborlight.example"})");
  std::string other = *value;
  other[other.find("t=") + 60] = other[other.find("t=") + 60] == 'A' ? 'B' : 'A';
  CHECK(node_kit::vapid(other) == "refused");
  CHECK_FALSE(vapid_authorization({P256Secret{}, "mailto:x@y"}, "https://push.example/", {}).ok());
}
