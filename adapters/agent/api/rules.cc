// Reading of a request what the rules need to know.
#include "adapters/agent/api/rules.h"

#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"
#include "adapters/agent/keep/match_row.h"
#include "adapters/agent/mail/glass.h"
#include "adapters/agent/mail/threads.h"
#include "adapters/agent/match/book.h"

namespace adapters::agent::api {
namespace about {

void thread(keep::Tx&, const Json& in, Rule::Threads& out) {
  if (const auto id = id_of(in, "thread"); id.ok()) out.insert(*id);
  const auto tell = in.find("tell");
  if (tell == in.end() || !tell->is_array()) return;
  for (const Json& one : *tell) {
    if (const auto id = one.is_string() ? base::parse_uuid(one.get<std::string>()) : std::nullopt) out.insert(*id);
  }
}

void message(keep::Tx& tx, const Json& in, Rule::Threads& out) {
  const auto id = id_of(in, "message");
  if (!id.ok()) return;
  for (const keep::Message& m : mail::messages_by_id(tx, *id)) out.insert(m.thread_id);
}

void disclosed(keep::Tx& tx, const Json& in, Rule::Threads& out) {
  if (flag_or(in, "disclose", false)) message(tx, in, out);
}

void glass(keep::Tx& tx, const Json& in, Rule::Threads& out) {
  const auto id = id_of(in, "id");
  if (!id.ok()) return;
  for (const keep::GlassRow& g : mail::uses_of_glass(tx, false)) {
    if (g.msg_id == *id) out.insert(g.thread_id);
  }
}

void notice(keep::Tx& tx, const Json& in, Rule::Threads& out) {
  const auto n = keep::find<keep::NoticeRow>(tx, keep::Table::kNotice, keep::key_of(number_or(in, "seq", 0)));
  if (n && !base::all_zero(n->thread_id)) out.insert(n->thread_id);
}

void match(keep::Tx& tx, const Json& in, Rule::Threads& out) {
  thread(tx, in, out);
  const auto row = adapters::agent::match::row(tx, number_or(in, "id", 0));
  if (row.ok() && !base::all_zero(row->thread_id)) out.insert(row->thread_id);
}

}  // namespace about

namespace action {
namespace {

std::string_view of_status(std::string_view status) {
  if (status == "rejected") return "decline";
  if (status == "cancelled" || status == "cancel-requested") return "create reassign";
  return status == "info-requested" ? "accept decline" : "accept";
}

}  // namespace

std::string_view of_act(const Json& in) {
  const std::string wanted = text_or(in, "action");
  if (wanted == "decline") return "decline";
  if (wanted == "cancel") return "create reassign";
  if (wanted == "info") return "accept decline";
  return wanted == "status" ? of_status(text_or(in, "status")) : "accept";
}

std::string_view of_handoff(const Json& in) { return text_or(in, "phase") == "offer" ? "handoff" : "accept handoff"; }

std::string_view of_send(const Json& in) {
  const auto body = in.find("body");
  const bool object = body != in.end() && body->is_object();
  const std::string kind = object ? text_or(*body, "kind") : std::string();
  const auto part = [&](const char* key) { return object && body->contains(key) && body->at(key).is_object() ? body->at(key) : Json::object(); };
  if (kind == "StatusUpdate") return of_status(text_or(part("status_update"), "status"));
  if (kind == "HandoffReport") return of_handoff(part("handoff_report"));
  if (kind == "SecureMessage" && in.contains("thread")) return "create accept decline handoff";
  if (kind == "FollowUp") return "create accept handoff";
  if (kind == "BreakGlass") return "break_glass";
  return "create";
}

}  // namespace action
}  // namespace adapters::agent::api
