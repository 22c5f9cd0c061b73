// send, message: from a person's terminal into the outbox, and what became of it.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/body.h"

namespace adapters::agent::api {
namespace {

// `body`: the model's JSON form. `text` with format "json": the same as a document, kept as source. Other formats come in through
// their adapters.
base::Result<schemas::Body> body_of(const Json& in) {
  if (in.contains("body")) return schemas::body_from_json(in.at("body"));
  TRY_ASSIGN(const std::string text, text_of(in, "text"));
  const std::string format = text_or(in, "format", "json");
  if (format != "json" && format != "cli") {
    return base::Error{base::Kind::kUnsupported, "documents of this format come in through their adapter", "format", "send the JSON form of the model"};
  }
  TRY_ASSIGN(const std::shared_ptr<Json> parsed, schemas::parse_json(text));
  TRY_ASSIGN(schemas::Body body, schemas::body_from_json(*parsed));
  if (body.source.bytes.empty()) body.source = {"cli", base::to_bytes(text)};
  return body;
}

base::Status check_kind(const Json& in, const schemas::Body& body) {
  if (!in.contains("kind")) return {};
  TRY_ASSIGN(const std::string kind, text_of(in, "kind"));
  const auto code = schemas::code_of(schemas::msg_kinds(), kind);
  if (!code) return base::Error{base::Kind::kUsage, "there is no such kind", "kind", "Referral, StatusUpdate, SecureMessage ..."};
  if (static_cast<schemas::MsgKind>(*code) != schemas::kind_of(body.payload)) return base::Error{base::Kind::kUsage, "the body is of another kind", "kind"};
  return {};
}

}  // namespace

base::Status op_send(const Call& call, Json& out) {
  Submission s;
  TRY_ASSIGN(s.body, body_of(call.in));
  TRY(check_kind(call.in, s.body));
  TRY(take_paper(call.in, s.body));
  TRY_ASSIGN(s.purpose, purpose_or(call.in, schemas::Purpose::kCrisis));
  if (call.in.contains("thread")) {
    TRY_ASSIGN(s.thread, id_of(call.in, "thread"));
  } else {
    TRY_ASSIGN(const std::string to, text_of(call.in, "to"));
    s.to = call.agent.host().slug_for(to).value_or(to);
  }
  s.test = flag_or(call.in, "test", false);
  s.dedupe_key = text_or(call.in, "dedupe_key");
  if (!s.dedupe_key.empty()) s.dedupe_key = "socket:" + s.dedupe_key;
  s.person = call.actor.login;
  TRY_ASSIGN(const Submitted done, call.agent.host().submit(std::move(s)));
  out["thread"] = base::uuid(done.thread_id);
  out["message"] = base::uuid(done.msg_id);
  out["repeat"] = done.repeat;
  return {};
}

base::Status op_message(const Call& call, Json& out) {
  TRY_ASSIGN(const base::Id id, id_of(call.in, "message"));
  std::vector<keep::Message> messages;
  TRY(call.agent.office().store.read([&](keep::Tx& tx) {
    messages = mail::messages_by_id(tx, id);
    return base::Status{};
  }));
  if (messages.empty()) return base::Error{base::Kind::kNotFound, "there is no such message here", "message"};
  const crypto::Directory directory = call.agent.office().replica.directory();
  out["thread"] = base::uuid(messages[0].thread_id);
  out["groups"] = Json::array();
  for (const keep::Message& m : messages) {
    out["groups"].push_back({{"index", m.index == keep::kNoIndex ? Json() : Json(m.index)},
                             {"recipient", m.to.empty() ? "*" : slug_of(directory, m.to[0])},
                             {"state", progress_name(m.progress)}});
  }
  return {};
}

}  // namespace adapters::agent::api
