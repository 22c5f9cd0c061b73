// Bodies with random contents, and random damage, in both their forms.
#include "schemas/body.h"
#include "schemas/json.h"
#include "schemas/model_fields.h"
#include "tests/property/schemas_mutate.h"
#include "tests/unit/schemas_samples.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using schemas::Body;

namespace {

// Random values for every field, many of them left unsaid.
struct Any {
  static bool said() { return *rc::gen::inRange(0, 3) != 0; }
  static std::string text() {
    static const std::vector<std::string> kTexts{"",          "x", "J. Doe", "ação ☂", "quote \" and \\ and \n", std::string("a\0b", 3),
                                                 "2026-10-05"};
    return *rc::gen::elementOf(kTexts);
  }
  void value(std::string& v) { v = text(); }
  void value(bool& v) { v = *rc::gen::arbitrary<bool>(); }
  void value(base::Instant& v) { v.ms = *rc::gen::inRange<std::uint64_t>(0, 253'402'300'799'999); }  // to the end of year 9999
  template <std::integral T>
  void value(T& v) {
    v = *rc::gen::arbitrary<T>();
  }
  void value(base::Bytes& v) { v = *rc::gen::arbitrary<base::Bytes>(); }
  template <std::size_t N>
  void value(base::Fixed<N>& v) {
    v = samples::filled<N>(*rc::gen::arbitrary<base::Byte>());
  }
  template <class T>
  void value(std::vector<T>& v) {
    v.resize(*rc::gen::inRange<std::size_t>(0, 3));
    for (auto& e : v) value(e);
  }
  void value(std::map<std::string, std::string>& v) {
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) v["x-" + std::to_string(i) + text()] = text();
  }
  template <class T>
    requires std::is_class_v<T>
  void value(T& v) {
    fields(schemas::Tag<T>{}, [&](unsigned, const char*, auto member) {
      if (said()) value(v.*member);
    });
  }
};

Body any_body() {
  Body b;
  Any any;
  any.value(b);
  switch (*rc::gen::inRange(0, 6)) {
    case 0: any.value(b.payload.emplace<schemas::Referral>()); break;
    case 1: any.value(b.payload.emplace<schemas::StatusUpdate>()); break;
    case 2: any.value(b.payload.emplace<schemas::SecureMessage>()); break;
    case 3: any.value(b.payload.emplace<schemas::Acknowledgement>()); break;
    case 4: any.value(b.payload.emplace<schemas::Capacity>()); break;
    default: b.payload = schemas::Opaque{"Mystery", *rc::gen::arbitrary<base::Bytes>()};
  }
  return b;
}

std::string shown(const Body& b) { return schemas::dump(*schemas::to_json(b)); }

}  // namespace

TEST_CASE("any body survives its bytes and its JSON form") {
  CHECK(rc::check([] {
    const auto body = any_body();
    const auto bytes = schemas::encode_body(body);
    const auto out = schemas::decode_body(bytes);
    RC_ASSERT(out.ok());
    RC_ASSERT(schemas::encode_body(*out) == bytes);
    RC_ASSERT(shown(*out) == shown(body));
    const auto json = schemas::parse_json(shown(body));
    RC_ASSERT(json.ok());
    const auto from = schemas::body_from_json(**json);
    RC_ASSERT(from.ok());
    RC_ASSERT(schemas::encode_body(*from) == bytes);
  }));
}

TEST_CASE("a damaged body is refused, or stands still under re-encoding") {
  CHECK(rc::check([] {
    const auto out = schemas::decode_body(damaged(schemas::encode_body(any_body())));
    if (!out.ok()) return;
    const auto once = schemas::encode_body(*out);
    const auto again = schemas::decode_body(once);
    RC_ASSERT(again.ok());
    RC_ASSERT(schemas::encode_body(*again) == once);
  }));
}

TEST_CASE("damaged JSON is refused, or reads as a body that writes itself the same") {
  CHECK(rc::check([] {
    const auto text = damaged(base::to_bytes(shown(any_body())));
    const auto json = schemas::parse_json(base::text(text));
    if (!json.ok()) return;
    const auto body = schemas::body_from_json(**json);
    if (!body.ok()) return;
    const auto again = schemas::body_from_json(*schemas::to_json(*body));
    RC_ASSERT(again.ok());
    RC_ASSERT(shown(*again) == shown(*body));
  }));
}
