#include "adapters/foreign/words.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace adapters::foreign {
namespace {

using agent::Delivery;
using agent::Submission;
using agent::ThreadInfo;
using base::Error;
using base::Kind;

constexpr std::size_t kMaxWords = 200;

const Json* field(const Json& j, const char* key) {
  if (!j.is_object()) return nullptr;
  const auto it = j.find(key);
  return it == j.end() || it->is_null() ? nullptr : &*it;
}

Error wrong(const char* key, const char* expected) { return base::malformed(std::string("expected ") + expected, key); }

// What has a digest travels by that; see "attachment" in the page.
void lighten(std::vector<schemas::Attachment>& attachments) {
  for (schemas::Attachment& a : attachments)
    if (!a.sha256.empty()) a.data.clear();
}
Json body_json(schemas::Body body) {
  if (auto* r = std::get_if<schemas::Referral>(&body.payload)) lighten(r->attachments);
  if (auto* m = std::get_if<schemas::SecureMessage>(&body.payload)) lighten(m->attachments);
  return *schemas::to_json(body);
}
base::Result<schemas::Body> body_in(const Json& j, const char* key) {
  const Json* b = field(j, key);
  if (b == nullptr) return wrong(key, "a body");
  return schemas::body_from_json(*b);
}

Json loop_json(const schemas::Loop& l) {
  Json out{{"phase", schemas::name(l.phase)}, {"loop", l.loop}, {"escalation", l.esc_level}, {"refused", Json::array()}};
  const auto time = [&out](const char* key, base::Instant t) {
    if (t.ms != 0) out[key] = base::rfc3339(t);
  };
  time("requested", l.requested), time("accepted", l.accepted), time("contacted", l.contacted), time("completed", l.completed);
  time("since", l.since), time("appointment", l.appointment);
  out["follow_ups"] = l.follow_ups;
  for (const auto& r : l.refused) out["refused"].push_back({{"message", base::uuid(r.msg_id)}, {"why", r.why}});
  return out;
}
base::Result<schemas::Loop> loop_from(const Json& j) {
  schemas::Loop l;
  const std::string phase = text_or(j, "phase", schemas::name(schemas::Phase::kNone));
  l.phase = schemas::phase_of(phase).value_or(schemas::Phase::kNone);
  if (schemas::name(l.phase) != phase) return wrong("loop.phase", "a phase of the lifecycle");
  l.loop = text_or(j, "loop");
  l.esc_level = static_cast<std::int32_t>(number_or(j, "escalation", 0) & 3);
  const auto time = [&j](const char* key) { return base::parse_rfc3339(text_or(j, key)).value_or(base::Instant{}); };
  l.requested = time("requested"), l.accepted = time("accepted"), l.contacted = time("contacted"), l.completed = time("completed");
  l.since = time("since"), l.appointment = time("appointment");
  if (const Json* marks = field(j, "follow_ups"); marks != nullptr && marks->is_object())
    for (const auto& [mark, result] : marks->items()) l.follow_ups[mark] = result.is_string() ? result.get<std::string>() : "";
  if (const Json* refused = field(j, "refused"); refused != nullptr && refused->is_array())
    for (const Json& r : *refused) {
      TRY_ASSIGN(const base::Id id, id_in(r, "message"));
      l.refused.push_back({id, text_or(r, "why")});
    }
  return l;
}

constexpr Kind kKinds[] = {Kind::kMalformed, Kind::kUnsupported, Kind::kTooLarge, Kind::kBadSignature, Kind::kDenied, Kind::kNotFound, Kind::kConflict,
                           Kind::kStale,     Kind::kBusy,        Kind::kFull,     Kind::kIo,           Kind::kCorrupt, Kind::kUsage};

}  // namespace

base::Result<std::string> text_in(const Json& j, const char* key) {
  const Json* v = field(j, key);
  if (v == nullptr || !v->is_string()) return wrong(key, "a text");
  return v->get<std::string>();
}
std::string text_or(const Json& j, const char* key, std::string_view fallback) {
  const Json* v = field(j, key);
  return v != nullptr && v->is_string() ? v->get<std::string>() : std::string(fallback);
}
std::uint64_t number_or(const Json& j, const char* key, std::uint64_t fallback) {
  const Json* v = field(j, key);
  if (v == nullptr || !v->is_number_integer()) return fallback;
  return v->is_number_unsigned() || v->get<std::int64_t>() >= 0 ? v->get<std::uint64_t>() : fallback;
}
bool flag_or(const Json& j, const char* key, bool fallback) {
  const Json* v = field(j, key);
  return v != nullptr && v->is_boolean() ? v->get<bool>() : fallback;
}
base::Result<base::Id> id_in(const Json& j, const char* key) {
  const auto id = base::parse_uuid(text_or(j, key));
  if (!id) return wrong(key, "a UUID");
  return *id;
}
base::Result<base::Bytes> bytes_in(const Json& j, const char* key) {
  const Json* v = field(j, key);
  auto bytes = v != nullptr && v->is_string() ? base::unbase64(v->get_ref<const std::string&>()) : std::nullopt;
  if (!bytes) return wrong(key, "base64");
  return std::move(*bytes);
}

std::string plain(std::string_view words) {
  std::string out(words.substr(0, kMaxWords));
  if (words.size() > kMaxWords) {  // not in the middle of a character
    while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0) == 0x80) out.pop_back();
    if (!out.empty() && static_cast<unsigned char>(out.back()) >= 0xC0) out.pop_back();
  }
  std::ranges::replace_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return out;
}

base::Result<std::shared_ptr<Json>> read_line(std::string_view line) {
  if (line.size() > kMaxLine) return Error{Kind::kTooLarge, "a line over the limit"};
  TRY_ASSIGN(auto j, schemas::parse_json(line, kMaxLine));
  if (!j->is_object()) return base::malformed("a line is one JSON object");
  TRY_ASSIGN(const std::string op, text_in(*j, "op"));
  if (op.empty()) return wrong("op", "a word");
  return j;
}

Json error_json(const Error& e) { return {{"kind", base::name(e.kind)}, {"what", e.what}, {"where", e.where}, {"mend", e.mend}}; }
Error error_from(const Json& j) {
  Error e{Kind::kMalformed, plain(text_or(j, "what", "no words were given")), plain(text_or(j, "where")), plain(text_or(j, "mend"))};
  const std::string kind = text_or(j, "kind");
  for (const Kind k : kKinds)
    if (kind == base::name(k)) e.kind = k;
  return e;
}

Json delivery_json(const Delivery& d) {
  Json out{{"message", base::uuid(d.msg_id)}, {"thread", base::uuid(d.thread_id)}, {"kind", schemas::name_of(d.kind)},
           {"from", d.from},                  {"from_kind", d.from_kind},          {"to", d.to},
           {"outgoing", d.outgoing},          {"test", d.test},                    {"conflict", d.conflict},
           {"expired", d.expired},            {"received", base::rfc3339(d.received)},
           {"body", body_json(d.body)},       {"loop", loop_json(d.loop)}};
  if (d.opening) out["opening"] = {{"from", d.opening_from}, {"to", d.opening_to}, {"body", body_json(*d.opening)}};
  return out;
}
base::Result<Delivery> delivery_from(const Json& j) {
  Delivery d;
  TRY_ASSIGN(d.msg_id, id_in(j, "message"));
  TRY_ASSIGN(d.thread_id, id_in(j, "thread"));
  TRY_ASSIGN(const std::string kind, text_in(j, "kind"));
  const auto code = schemas::code_of(schemas::msg_kinds(), kind);
  if (!code) return Error{Kind::kUnsupported, "a kind that this version does not know", "kind"};
  d.kind = static_cast<schemas::MsgKind>(*code);
  d.from = text_or(j, "from"), d.from_kind = text_or(j, "from_kind"), d.to = text_or(j, "to");
  d.outgoing = flag_or(j, "outgoing", false), d.test = flag_or(j, "test", false);
  d.conflict = flag_or(j, "conflict", false), d.expired = flag_or(j, "expired", false);
  d.received = base::parse_rfc3339(text_or(j, "received")).value_or(base::Instant{});
  TRY_ASSIGN(d.body, body_in(j, "body"));
  if (const Json* loop = field(j, "loop")) {
    TRY_ASSIGN(d.loop, loop_from(*loop));
  }
  if (const Json* opening = field(j, "opening")) {
    TRY_ASSIGN(auto body, body_in(*opening, "body"));
    d.opening = std::make_shared<const schemas::Body>(std::move(body));
    d.opening_from = text_or(*opening, "from"), d.opening_to = text_or(*opening, "to");
  }
  return d;
}

Json submission_json(const Submission& s) {
  Json out{{"to", s.to},
           {"purpose", schemas::name_of(schemas::purposes(), static_cast<std::uint16_t>(s.purpose))},
           {"test", s.test},
           {"dedupe_key", s.dedupe_key},
           {"person", s.person},
           {"body", *schemas::to_json(s.body)}};
  if (s.thread) out["thread"] = base::uuid(*s.thread);
  return out;
}
base::Result<Submission> submission_from(const Json& j) {
  Submission s;
  TRY_ASSIGN(s.dedupe_key, text_in(j, "dedupe_key"));
  if (s.dedupe_key.empty()) return wrong("dedupe_key", "a key, the same for the same thing");
  s.to = text_or(j, "to"), s.person = text_or(j, "person"), s.test = flag_or(j, "test", false);
  const auto purpose = schemas::code_of(schemas::purposes(), text_or(j, "purpose", "CRISIS"));
  if (!purpose) return wrong("purpose", "CRISIS, TREAT, COORD, CAPACITY, ADMIN or TEST");
  s.purpose = static_cast<schemas::Purpose>(*purpose);
  if (field(j, "thread") != nullptr) {
    TRY_ASSIGN(s.thread, id_in(j, "thread"));
  }
  TRY_ASSIGN(s.body, body_in(j, "body"));
  return s;
}

Json thread_json(const ThreadInfo& t) {
  return {{"thread", base::uuid(t.thread_id)}, {"other", t.other}, {"requester", t.requester}, {"loop", loop_json(t.loop)}, {"updated", base::rfc3339(t.updated)}, {"order", t.order}};
}
base::Result<ThreadInfo> thread_from(const Json& j) {
  ThreadInfo t;
  TRY_ASSIGN(t.thread_id, id_in(j, "thread"));
  t.other = text_or(j, "other"), t.requester = flag_or(j, "requester", false);
  t.updated = base::parse_rfc3339(text_or(j, "updated")).value_or(base::Instant{});
  t.order = number_or(j, "order", 0);
  if (const Json* loop = field(j, "loop")) {
    TRY_ASSIGN(t.loop, loop_from(*loop));
  }
  return t;
}

Json health_json(const agent::Health& h) {
  return {{"ok", h.ok}, {"words", h.words}, {"accepted", h.accepted}, {"refused", h.refused}, {"delivered", h.delivered}, {"failed", h.failed}};
}
agent::Health health_from(const Json& j) {
  return {flag_or(j, "ok", false), plain(text_or(j, "words")), number_or(j, "accepted", 0), number_or(j, "refused", 0), number_or(j, "delivered", 0), number_or(j, "failed", 0)};
}

}  // namespace adapters::foreign
