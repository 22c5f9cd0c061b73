// What two groups for one place prove, and against whom.
#include "adapters/agent/mail/conflict.h"
#include "schemas/frames.h"

#include "tests/kit/hub_rig.h"  // last: brings doctest

using adapters::agent::mail::Conflict;
using adapters::agent::mail::Guilty;
using adapters::agent::mail::judge_conflict;

namespace {

// One hub, whose operator runs it twice: the same keys, two logs.
struct TwoFaces {
  kit::HubRig one, other;
  static base::Bytes frame(kit::HubRig& hub, const std::string& text, std::uint64_t later = 0) {
    auto r = hub.c.request("hospital", {{"crisis", text}}, hub.now, hub.dir_seq());
    r.batch_seq += later;
    const auto o = hub.send("hospital", r);
    REQUIRE_MESSAGE(o.accepted, o.words);
    return *hub.ask([&](const hub::state::Reader& reader) { return reader.deliver_frame(o.first_index); });
  }
  adapters::agent::mail::Finding judge(const Conflict& c) { return judge_conflict(c, one.c.anchor_values().log, one.c.agent("hospital").cert.sign); }
};

}  // namespace

TEST_CASE("two groups for one place: two batches with one number convict their sender, two numbers the hub that logged both") {
  TwoFaces t;
  const base::Bytes a = TwoFaces::frame(t.one, "one"), b = TwoFaces::frame(t.other, "two");
  CHECK(t.judge({a, b}).who == Guilty::kSender);
  CHECK(t.judge({b, a}).who == Guilty::kSender);
  CHECK(t.judge({a, a}).who == Guilty::kNobody);

  TwoFaces later;
  const base::Bytes c = TwoFaces::frame(later.other, "two", 1);
  const auto found = t.judge({a, c});
  CHECK(found.who == Guilty::kHub);
  CHECK(found.words == "the hub logged two different groups for place 1 of one chain");

  const base::Bytes next = TwoFaces::frame(t.one, "an honest second one");
  CHECK(t.judge({a, next}).who == Guilty::kNobody);
}

TEST_CASE("a false accusation: no frame with a changed byte, another's key or another log's convicts anybody") {
  TwoFaces t;
  const base::Bytes a = TwoFaces::frame(t.one, "one");
  base::Bytes b = TwoFaces::frame(t.other, "two", 1);
  REQUIRE(t.judge({a, b}).who == Guilty::kHub);
  const auto& log = t.one.c.anchor_values().log;
  CHECK(judge_conflict({a, b}, log, t.one.c.agent("crisis").cert.sign).who == Guilty::kNobody);
  auto stranger = log;
  stranger.key = t.one.c.agent("crisis").cert.sign;
  CHECK(judge_conflict({a, b}, stranger, t.one.c.agent("hospital").cert.sign).who == Guilty::kNobody);
  // A byte that no reader looks at (padding of the buffer) may change; then the verdict is the same as before, about the same bytes.
  const auto same = [](base::View x, base::View y) {
    const auto p = schemas::decode_deliver(x), q = schemas::decode_deliver(y);
    return p.ok() && q.ok() && base::equal(schemas::encode_deliver(*p), schemas::encode_deliver(*q));
  };
  const base::Bytes whole = b;
  for (std::size_t i = 0; i < b.size(); ++i) {
    b[i] ^= static_cast<base::Byte>(1U << (i % 8));
    if (t.judge({a, b}).who != Guilty::kNobody && !same(b, whole)) FAIL_CHECK("byte " << i << " is not bound");
    b[i] = whole[i];
  }
}
