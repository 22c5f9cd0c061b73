// See send_body.h. A Referral and a SecureMessage can be typed; every other kind comes from a file.
#include "cli/referral/send_body.h"

#include <nlohmann/json.hpp>

namespace cli::referral {
namespace {

using base::Error;
using base::Kind;
using counter::Json;

struct Field {
  const char *option, *path;  // a JSON pointer into the body
};
constexpr Field kReferral[] = {
    {"urgency", "/referral/urgency"},
    {"reason", "/referral/reasons/0/code"},
    {"service", "/referral/service/code"},
    {"family", "/referral/subject/name/family"},
    {"given", "/referral/subject/name/given"},
    {"dob", "/referral/subject/dob"},
    {"sex", "/referral/subject/sex"},
    {"phone", "/referral/subject/phone"},
    {"descriptor", "/referral/subject/descriptor"},
    {"requester", "/referral/requester/name/family"},
    {"role", "/referral/requester/role"},
    {"callback", "/referral/requester/phone"},
    {"basis", "/referral/authority_basis"},
    {"consent", "/referral/consent_ref"},
    {"location", "/referral/location_now"},
    {"ref", "/referral/incident_ref"},
    {"note", "/referral/notes/0"},
    {"age-band", "/referral/subject/age_band"},
    {"weapons", "/referral/risk/weapons"},
    {"hold-form", "/referral/hold/form"},
    {"hold-start", "/referral/hold/start"},
};
constexpr Field kMessage[] = {
    {"text", "/secure_message/text"}, {"role", "/secure_message/author_role"}, {"requester", "/secure_message/author_name"},
    {"basis", "/authority_basis"},    {"consent", "/consent_ref"}};

base::Status refuse_others(const counter::Call& call, std::span<const Field> allowed) {
  for (const auto& list : {std::span<const Field>(kReferral), std::span<const Field>(kMessage)}) {
    for (const Field& f : list) {
      bool known = false;
      for (const Field& a : allowed) known = known || std::string_view(a.option) == f.option;
      if (!known && call.has(f.option))
        return Error{Kind::kUsage, "this option does not go with the rest", std::string("--") + f.option,
                     "leave it out, or say it in the file"};
    }
  }
  return {};
}

base::Result<std::shared_ptr<Json>> typed(const counter::Call& call, std::span<const Field> fields) {
  TRY(refuse_others(call, fields));
  auto out = std::make_shared<Json>(Json{{"body", {{"kind", call.get("kind")}}}});
  for (const Field& f : fields) {
    if (call.has(f.option)) (*out)["body"][Json::json_pointer(f.path)] = call.get(f.option);
  }
  return out;
}

base::Result<std::shared_ptr<Json>> referral(const counter::Call& call) {
  for (const char* needed : {"urgency", "service", "callback"}) {
    if (!call.has(needed))
      return Error{Kind::kUsage, "a referral needs this option", std::string("--") + needed,
                   "see handoff send --help, or give the whole referral with --file"};
  }
  TRY_ASSIGN(auto out, typed(call, kReferral));
  Json& r = (*out)["body"]["referral"];
  if (call.has("unknown")) r["subject"]["unknown"] = true;
  if (!call.has("family") && !call.has("unknown"))
    return Error{Kind::kUsage, "a referral is about somebody", "--family", "give --family, or --unknown with a --descriptor"};
  return out;
}

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

base::Result<std::shared_ptr<Json>> from_file(const counter::Call& call) {
  TRY(refuse_others(call, {}));
  const std::string path = call.get("file");
  TRY_ASSIGN(std::string text, counter::read_file(call, path));
  if (text.substr(0, 3) == "MSH" || ends_with(path, ".hl7"))
    return std::make_shared<Json>(Json{{"format", "hl7v2"}, {"text", std::move(text)}});
  auto parsed = schemas::parse_json(text);
  if (!parsed.ok())
    return Error{parsed.error().kind, parsed.error().what, path + ", " + parsed.error().where,
                 "give a body.json, an HL7 v2 message or a FHIR R4 bundle"};
  if ((*parsed)->is_object() && (*parsed)->contains("resourceType"))
    return std::make_shared<Json>(Json{{"format", "fhir-r4"}, {"text", std::move(text)}});
  if (const auto body = schemas::body_from_json(**parsed); !body.ok())
    return Error{body.error().kind, body.error().what, path + ", " + body.error().where, "see docs/spec/envelope.md for the fields"};
  return std::make_shared<Json>(Json{{"body", std::move(**parsed)}});
}

}  // namespace

base::Result<std::shared_ptr<Json>> content(const counter::Call& call) {
  const std::string kind = call.get("kind");
  if (call.has("file")) return from_file(call);
  if (kind == "Referral") return referral(call);
  if (kind == "SecureMessage" && (call.has("text") || call.has("attach"))) return typed(call, kMessage);
  if (kind == "SecureMessage") return Error{Kind::kUsage, "a message needs its text", "--text", "or give it with --file"};
  return Error{Kind::kUsage, "this kind comes from a file", "--kind", "give the body with --file body.json"};
}

}  // namespace cli::referral
