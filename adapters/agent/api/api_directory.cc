// directory.offer: a note that came by file is checked, kept, takes effect here, and goes to the hub.
#include <nlohmann/json.hpp>

#include "adapters/agent/anchors.h"
#include "adapters/agent/api/directory_json.h"
#include "adapters/agent/api/ops.h"

namespace adapters::agent::api {
namespace {

constexpr std::uint64_t kLapseMs = 72 * base::kHour;

const char* type_of(const keep::Offered& o) {
  if (o.type == crypto::NoteType::kAnchor) return "anchor";
  if (o.type == crypto::NoteType::kCert) return "certificate";
  const auto note = crypto::parse_note(o.note);
  const auto revoke = note.ok() ? crypto::parse_revoke(note->text) : base::Result<crypto::RevokeNote>(note.error());
  return revoke.ok() && revoke->suspend ? "suspension" : "revocation";
}

// What the rules of the directory say, with what to do about it.
base::Error explained(base::Error e) {
  e.where = "note";
  if (e.kind == base::Kind::kBadSignature) e.mend = "ask the authorities for the note with all the signatures that it needs; nothing was changed here";
  if (e.kind == base::Kind::kNotFound) e.mend = "is it of this consortium? nothing was changed here";
  if (e.kind == base::Kind::kConflict && e.what == "already logged") e.mend = "nothing needs to be done: every agent reads it in the log";
  return e;
}

}  // namespace

Json offer_json(const keep::Offered& o, const crypto::Directory& directory, base::Instant now) {
  const crypto::Cert* cert = o.cert ? directory.cert(*o.cert) : nullptr;
  return {{"note", base::hex(o.text)},
          {"type", type_of(o)},
          {"about", cert != nullptr ? Json(cert->name) : Json()},
          {"known", base::rfc3339(o.known)},
          {"suspends", o.suspends(now)},
          {"until", o.cert ? Json(base::rfc3339(o.known.plus(kLapseMs))) : Json()},
          {"hub_said", o.refused.empty() ? Json() : Json(o.refused)}};
}

base::Status op_directory_offer(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  TRY_ASSIGN(const std::string note, text_of(call.in, "note"));
  const base::Instant now = o.clock();
  auto taken = keep::take_offer(o.store, note, o.replica.directory(), now);
  if (!taken.ok()) return explained(taken.error());
  TRY(keep_anchors(call.agent.settings().dir, o.store, o.replica));
  std::string state = "kept";  // the keeper hands it in once there is a hub
  if (call.agent.connection().up && !o.replica.stopped()) {
    const auto answer = call.agent.hub().dir_put({note, {}});
    if (answer.ok() && answer->ack) state = "logged";
    if (answer.ok() && answer->nack) {
      state = "refused";
      TRY(keep::note_refused(o.store, taken->text, answer->nack->words, now));
      taken->refused = answer->nack->words;
    }
  }
  out = offer_json(*taken, o.replica.directory(), now);
  out["state"] = state;
  return {};
}

}  // namespace adapters::agent::api
