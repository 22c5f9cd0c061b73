// Bodies with every field of the model said, each with its own value.
#include "schemas/model_fields.h"
#include "tests/unit/schemas_samples.h"

namespace samples {
namespace {

using namespace schemas;

// Gives every field under a struct a value of its own, by walking the field lists.
struct Fill {
  unsigned n = 0;
  void value(std::string& v, const char* name) { v = std::string(name) + " " + std::to_string(++n); }
  void value(bool& v, const char*) { v = true; }
  void value(base::Instant& v, const char*) { v.ms = 1'790'000'000'000 + ++n; }
  template <std::integral T>
  void value(T& v, const char*) {
    v = static_cast<T>(1000 + ++n);
  }
  void value(base::Bytes& v, const char*) { v.assign(3, static_cast<base::Byte>(++n)); }
  template <std::size_t N>
  void value(base::Fixed<N>& v, const char*) {
    v = filled<N>(static_cast<base::Byte>(++n));
  }
  template <class T>
  void value(std::vector<T>& v, const char* name) {
    v.resize(2);
    for (auto& e : v) value(e, name);
  }
  void value(std::map<std::string, std::string>& v, const char*) { v = {{"x-veteran", "yes"}, {"x-sober-housing", "no"}}; }
  template <class T>
    requires std::is_class_v<T>
  void value(T& v, const char*) {
    fields(Tag<T>{}, [&](unsigned, const char* name, auto member) { value(v.*member, name); });
  }
};

template <class T>
Body body_of() {
  Body b;
  Fill fill;
  fill.value(b, "");
  fill.value(b.payload.emplace<T>(), "");
  return b;
}

}  // namespace

Body referral() { return body_of<Referral>(); }
Body status_update() { return body_of<StatusUpdate>(); }
Body message() { return body_of<SecureMessage>(); }
Body acknowledgement() { return body_of<Acknowledgement>(); }
Body capacity() { return body_of<Capacity>(); }
Body handoff() { return body_of<HandoffReport>(); }
Body encounter() { return body_of<EncounterNotification>(); }
Body inquiry() { return body_of<CapacityInquiry>(); }
Body reply() { return body_of<CapacityReply>(); }
Body consent() { return body_of<Consent>(); }
Body follow_up() { return body_of<FollowUp>(); }
Body correction() { return body_of<Correction>(); }
Body break_glass() { return body_of<BreakGlass>(); }
Body loop_facts() { return body_of<LoopFacts>(); }
Body blob_part() { return body_of<BlobPart>(); }
Body opaque() {
  Body b = status_update();
  b.payload = Opaque{"Control", {0xde, 0xad, 0xbe, 0xef}};
  return b;
}

}  // namespace samples
