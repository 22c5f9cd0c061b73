// The sealed body: a versioned outer table, and the payload as a FlatBuffer of its own inside it (docs/spec/wire.md "Body").
#include "schemas/body.h"

#include <flatbuffers/flatbuffers.h>

#include "crypto/transcript.h"
#include "schemas/body_generated.h"
#include "schemas/internal/aligned.h"
#include "schemas/internal/table.h"
#include "schemas/model_fields.h"

namespace schemas {

// Body as it lies in the buffer: the payload still closed.
struct BodyTable : Body {
  std::uint16_t major = 1, minor = 0;
  std::string type;
  base::Bytes closed;
};

template <class F>
void fields(Tag<BodyTable>, F&& f) {
  f(0, "major", &BodyTable::major);
  f(1, "minor", &BodyTable::minor);
  f(2, "type", &BodyTable::type);
  f(3, "payload", &BodyTable::closed);
  fields(Tag<Body>{}, f);
}

namespace {

constexpr std::uint16_t kMajor = 1, kMinor = 3;  // 1.1: handoffs, consents, loop facts, and what the policy adds; 1.2: parts of attachments; 1.3: paper
constexpr std::size_t kDepth = 8;

template <class T>
struct Known;
template <>
struct Known<Referral> {
  using Table = fb::body::Referral;
};
template <>
struct Known<StatusUpdate> {
  using Table = fb::body::StatusUpdate;
};
template <>
struct Known<SecureMessage> {
  using Table = fb::body::SecureMessage;
};
template <>
struct Known<Acknowledgement> {
  using Table = fb::body::Acknowledgement;
};
template <>
struct Known<Capacity> {
  using Table = fb::body::Capacity;
};
template <>
struct Known<HandoffReport> {
  using Table = fb::body::HandoffReport;
};
template <>
struct Known<EncounterNotification> {
  using Table = fb::body::EncounterNotification;
};
template <>
struct Known<CapacityInquiry> {
  using Table = fb::body::CapacityInquiry;
};
template <>
struct Known<CapacityReply> {
  using Table = fb::body::CapacityReply;
};
template <>
struct Known<Consent> {
  using Table = fb::body::Consent;
};
template <>
struct Known<FollowUp> {
  using Table = fb::body::FollowUp;
};
template <>
struct Known<Correction> {
  using Table = fb::body::Correction;
};
template <>
struct Known<BreakGlass> {
  using Table = fb::body::BreakGlass;
};
template <>
struct Known<LoopFacts> {
  using Table = fb::body::LoopFacts;
};
template <>
struct Known<BlobPart> {
  using Table = fb::body::BlobPart;
};
template <>
struct Known<BodyTable> {
  using Table = fb::body::Body;
};

template <class T>
base::Result<T> read(base::View v, const char* where) {
  const internal::Aligned aligned(v);
  flatbuffers::Verifier::Options limits;
  limits.max_depth = kDepth;
  limits.max_tables = static_cast<flatbuffers::uoffset_t>(4 + v.size() / 8);
  flatbuffers::Verifier verifier(aligned.data(), aligned.size(), limits);
  if (!verifier.VerifyBuffer<typename Known<T>::Table>(nullptr)) return base::malformed("not a body of this format", where);
  return internal::Reader(v).root<T>();
}

base::Result<Payload> open(std::string type, base::Bytes closed) {
  std::optional<base::Result<Payload>> out;
  each_payload([&]<class T>(Tag<T>) {
    if (type != PayloadName<T>::kKind) return;
    auto r = read<T>(closed, "body.payload");
    if (r.ok())
      out.emplace(Payload(std::move(*r)));
    else
      out.emplace(r.error());
  });
  if (out) return std::move(*out);
  return Payload(Opaque{std::move(type), std::move(closed)});
}

}  // namespace

base::Bytes encode_body(const Body& body) {
  BodyTable t;
  t.minor = kMinor;
  fields(Tag<Body>{}, [&](unsigned, const char*, auto member) { t.*member = body.*member; });
  std::visit(
      [&]<class T>(const T& p) {
        if constexpr (std::is_same_v<T, Opaque>) {
          t.type = p.type;
          t.closed = p.bytes;
        } else {
          t.type = PayloadName<T>::kKind;
          t.closed = internal::write_root(p);
        }
      },
      body.payload);
  return internal::write_root(t, 512 + t.closed.size() + t.source.bytes.size());
}

base::Result<Body> decode_body(base::View bytes) {
  if (bytes.size() > crypto::kMaxBody) return base::Error{base::Kind::kTooLarge, "a body is over 256 KiB", "body"};
  TRY_ASSIGN(BodyTable t, read<BodyTable>(bytes, "body"));
  if (t.major != kMajor) return base::Error{base::Kind::kUnsupported, "this body is of a newer format", "body.major", "update this agent"};
  if (t.type.empty()) return base::malformed("a body names its type", "body.type");
  if (t.minor < 2 && t.type == PayloadName<BlobPart>::kKind) {  // its writer knew no table for it
    t.payload = Opaque{std::move(t.type), std::move(t.closed)};
    return Body(std::move(t));
  }
  TRY_ASSIGN(t.payload, open(std::move(t.type), std::move(t.closed)));
  return Body(std::move(t));
}

MsgKind kind_of(const Payload& payload) {
  const auto type = std::visit(
      []<class T>(const T& p) -> std::string_view {
        if constexpr (std::is_same_v<T, Opaque>)
          return p.type;
        else
          return PayloadName<T>::kKind;
      },
      payload);
  return static_cast<MsgKind>(code_of(msg_kinds(), type).value_or(0));
}

}  // namespace schemas
