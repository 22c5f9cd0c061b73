// A policy file and a question to it. Whatever parses has a header that its note holds, decides without a fault, keeps Part 2 records
// from the police, and its views only ever take away. The text up to a zero byte is the policy, the bytes after it choose the question.
#include <algorithm>

#include "crypto/base/check.h"
#include "schemas/policy/decide.h"
#include "schemas/policy/header.h"
#include "schemas/policy/view.h"

namespace {

using namespace schemas::policy;

struct Bytes {
  std::string_view left;
  std::size_t next(std::size_t below) {
    if (left.empty() || below == 0) return 0;
    const auto b = static_cast<unsigned char>(left.front());
    left.remove_prefix(1);
    return b % below;
  }
};

std::string kind(Bytes& in) { return std::string(schemas::agency_kinds()[in.next(schemas::agency_kinds().size())]); }

Ask question(const Policy& p, Bytes in) {
  static const std::vector<std::string> kBases{"", "consent", "treatment", "emergency", "hold", "medical_emergency_2_51", "audit_2_53"};
  Ask a;
  a.from_kind = kind(in), a.to_kind = kind(in);
  if (!p.agencies.empty()) {
    const auto& from = p.agencies[in.next(p.agencies.size())];
    a.from = from.slug, a.from_kind = from.kind;
  }
  a.kind = static_cast<schemas::MsgKind>(schemas::msg_kinds()[in.next(schemas::msg_kinds().size())].code);
  a.purpose = static_cast<schemas::Purpose>(1 + in.next(6));
  a.basis = kBases[in.next(kBases.size())];
  a.break_glass = in.next(4) == 1;
  a.now = {1'790'000'000'000};
  return a;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto end = std::min(text.find('\0'), size);
  const auto policy = parse_policy(text.substr(0, end));
  if (!policy.ok()) {
    CHECK(!policy.error().what.empty());
    return 0;
  }
  CHECK(policy->version > 0 && header_of(*policy).ok());
  auto ask = question(*policy, {text.substr(std::min(end + 1, size))});
  const auto answer = decide(*policy, ask);
  CHECK(!answer.because.empty() && answer.allowed == answer.code.empty());
  if (ask.kind != schemas::MsgKind::kReceipt && ask.kind != schemas::MsgKind::kControl) {
    ask.to.clear(), ask.to_kind = "police", ask.labels = {"part2"};
    CHECK(!decide(*policy, ask).allowed);
  }
  schemas::Body body;
  schemas::Referral referral;
  referral.subject.name.family = "canary", referral.urgency = "urgent";
  body.payload = referral;
  for (const auto& view : policy->views) {
    const auto cut = apply(view, body);
    CHECK(cut.withheld.size() <= 2);
    for (const auto& path : cut.withheld) CHECK(!has_value(cut.body, path));
  }
  (void)missing(*policy, ask, body);
  return 0;
}
