#include "adapters/foreign/desk.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace adapters::foreign {
namespace {

using base::Error;
using base::Kind;

constexpr std::size_t kMaxThreads = 100;

Json list_of(const std::vector<agent::ThreadInfo>& threads) {
  Json out = Json::array();
  for (const auto& t : threads) out.push_back(thread_json(t));
  return out;
}

// Keys of one adapter never meet those of another.
base::Result<agent::Submission> submission(const std::string& name, const Json& request) {
  TRY_ASSIGN(agent::Submission s, submission_from(request));
  s.dedupe_key = "plugin:" + name + ":" + s.dedupe_key;
  return s;
}

const schemas::Attachment* attachment_in(const schemas::Body& body, const std::string& sha256) {
  const auto in = [&](const std::vector<schemas::Attachment>& all) -> const schemas::Attachment* {
    const auto it = std::ranges::find(all, sha256, &schemas::Attachment::sha256);
    return it == all.end() ? nullptr : &*it;
  };
  if (const auto* r = std::get_if<schemas::Referral>(&body.payload)) return in(r->attachments);
  if (const auto* m = std::get_if<schemas::SecureMessage>(&body.payload)) return in(m->attachments);
  return nullptr;
}

}  // namespace

base::Result<Json> Desk::submit(const Json& request) {
  TRY_ASSIGN(agent::Submission s, submission(name_, request));
  TRY_ASSIGN(const agent::Submitted done, host_.submit(std::move(s)));
  if (!done.repeat) ++accepted_;
  return Json{{"op", "submitted"}, {"message", base::uuid(done.msg_id)}, {"thread", base::uuid(done.thread_id)}, {"repeat", done.repeat}};
}

base::Result<Json> Desk::quarantine(const Json& request) {
  TRY_ASSIGN(const base::Bytes bytes, bytes_in(request, "bytes"));
  TRY_ASSIGN(const std::string format, text_in(request, "format"));
  const auto why = request.find("error");
  TRY_ASSIGN(const std::uint64_t number, host_.quarantine(name_, plain(format), bytes, error_from(why == request.end() ? Json() : *why)));
  return Json{{"op", "kept"}, {"number", number}};
}

base::Result<Json> Desk::propose(const Json& request) {
  TRY_ASSIGN(agent::Submission s, submission(name_, request));
  schemas::Body about;  // a subject in the JSON form of the model, through a body that has one
  const auto who = request.find("who");
  if (who == request.end()) return base::malformed("expected a subject", "who");
  TRY_ASSIGN(about, schemas::body_from_json({{"kind", "EncounterNotification"}, {"encounter", {{"subject", *who}}}}));
  TRY_ASSIGN(const auto number, host_.propose_match(name_, std::get<schemas::EncounterNotification>(about.payload).subject, std::move(s)));
  return Json{{"op", "kept"}, {"number", number ? Json(*number) : Json()}};
}

base::Result<Json> Desk::attachment(const Json& request) {
  TRY_ASSIGN(const base::Id thread, id_in(request, "thread"));
  TRY_ASSIGN(const std::string sha256, text_in(request, "sha256"));
  for (const agent::Delivery& d : host_.events(thread)) {
    const schemas::Attachment* a = attachment_in(d.body, sha256);
    if (a == nullptr) continue;
    TRY_ASSIGN(const base::Bytes bytes, host_.attachment(thread, *a));
    if (bytes.size() > kMaxLine / 2) return Error{Kind::kTooLarge, "the attachment is over what a line may hold", "sha256"};
    return Json{{"op", "answer"}, {"bytes", base::base64(bytes)}};
  }
  return Error{Kind::kNotFound, "no such attachment in this thread", "sha256"};
}

base::Result<Json> Desk::ask(const Json& request) {
  TRY_ASSIGN(const std::string what, text_in(request, "what"));
  Json out{{"op", "answer"}};
  if (what == "attachment") return attachment(request);
  if (what == "slug") {
    const auto slug = host_.slug_for(text_or(request, "name"));
    out["slug"] = slug ? Json(*slug) : Json();
  } else if (what == "thread") {
    TRY_ASSIGN(const base::Id id, id_in(request, "thread"));
    const auto t = host_.thread(id);
    out["threads"] = t ? list_of({*t}) : Json::array();
  } else if (what == "threads_by_ref") {
    TRY_ASSIGN(const std::string ref, text_in(request, "ref"));
    out["threads"] = list_of(host_.threads_by_ref(ref));
  } else if (what == "threads_by_subject_id") {
    out["threads"] = list_of(host_.threads_by_subject_id({text_or(request, "system"), text_or(request, "value")}));
  } else if (what == "threads") {
    const auto page = host_.threads(number_or(request, "before", 0), std::min<std::size_t>(number_or(request, "limit", kMaxThreads), kMaxThreads));
    out["threads"] = list_of(page.threads), out["next"] = page.next;
  } else if (what == "events") {
    TRY_ASSIGN(const base::Id id, id_in(request, "thread"));
    out["events"] = Json::array();
    for (const auto& d : host_.events(id)) out["events"].push_back(delivery_json(d));
  } else {
    return Error{Kind::kUnsupported, "there is nothing of that name to ask for", "what"};
  }
  return out;
}

base::Result<std::optional<Json>> Desk::answer(const Json& request) {
  const std::string op = text_or(request, "op");
  if (op == "say") {
    host_.say(name_, plain(text_or(request, "words")));
    return std::optional<Json>();
  }
  const bool known = op == "submit" || op == "quarantine" || op == "propose" || op == "ask";
  if (!known) return base::malformed("a line that is none of the protocol's");
  if (!request.contains("id")) return base::malformed("a request without an id");
  auto done = op == "submit" ? submit(request) : op == "quarantine" ? quarantine(request) : op == "propose" ? propose(request) : ask(request);
  if (!done.ok() && op == "submit" && done.error().kind != Kind::kBusy) ++refused_;
  Json out = done.ok() ? std::move(*done) : Json{{"op", "refused"}, {"error", error_json(done.error())}};
  out["id"] = request.at("id");
  return std::optional(std::move(out));
}

}  // namespace adapters::foreign
