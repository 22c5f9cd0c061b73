#include "adapters/foreign/bridge_host.h"

#include <nlohmann/json.hpp>

namespace adapters::foreign {

using base::Error;
using base::Kind;

BridgeHost::BridgeHost(const Json& hello, std::function<void(const std::string& line)> write)
    : agency_(text_or(hello, "agency")), kind_(text_or(hello, "agency_kind")), write_(std::move(write)) {
  const base::Instant here = base::real_now();
  ahead_ms_ = static_cast<std::int64_t>(base::parse_rfc3339(text_or(hello, "now")).value_or(here).ms) - static_cast<std::int64_t>(here.ms);
}

base::Instant BridgeHost::now() const { return {static_cast<std::uint64_t>(static_cast<std::int64_t>(base::real_now().ms) + ahead_ms_)}; }

void BridgeHost::write(const Json& message) {
  const std::string line = schemas::dump(message);
  const std::lock_guard held(writing_);
  write_(line);
}

void BridgeHost::settle(Json answer) {
  const std::lock_guard held(mutex_);
  const auto it = waiting_.find(number_or(answer, "id", 0));
  if (it == waiting_.end()) return;
  it->second = std::make_shared<Json>(std::move(answer));
  changed_.notify_all();
}

void BridgeHost::gone() {
  const std::lock_guard held(mutex_);
  gone_ = true;
  changed_.notify_all();
}

base::Result<std::shared_ptr<Json>> BridgeHost::ask(Json request) const {
  std::uint64_t id = 0;
  {
    const std::lock_guard held(mutex_);
    id = ++ids_;
    waiting_[id] = nullptr;
  }
  request["id"] = id;
  const_cast<BridgeHost*>(this)->write(request);  // asking changes nothing here
  std::unique_lock held(mutex_);
  changed_.wait(held, [&] { return gone_ || waiting_[id]; });
  const auto answer = waiting_[id];
  waiting_.erase(id);
  if (!answer) return Error{Kind::kBusy, "the agent has gone"};
  if (text_or(*answer, "op") != "refused") return answer;
  const auto e = answer->find("error");
  return error_from(e == answer->end() ? Json() : *e);
}

base::Result<agent::Submitted> BridgeHost::submit(agent::Submission s) {
  Json request = submission_json(s);
  request["op"] = "submit";
  TRY_ASSIGN(const auto answer, ask(std::move(request)));
  agent::Submitted done;
  TRY_ASSIGN(done.msg_id, id_in(*answer, "message"));
  TRY_ASSIGN(done.thread_id, id_in(*answer, "thread"));
  done.repeat = flag_or(*answer, "repeat", false);
  return done;
}

base::Result<std::uint64_t> BridgeHost::quarantine(std::string_view, std::string_view format, base::View bytes, const Error& why) {
  TRY_ASSIGN(const auto answer, ask({{"op", "quarantine"}, {"format", format}, {"bytes", base::base64(bytes)}, {"error", error_json(why)}}));
  return number_or(*answer, "number", 0);
}

base::Result<std::optional<std::uint64_t>> BridgeHost::propose_match(std::string_view, const schemas::Subject& who, agent::Submission s) {
  Json request = submission_json(s);
  schemas::Body about;
  about.payload = schemas::EncounterNotification{.event = {}, .facility = {}, .at = {}, .subject = who, .visit = {}, .disposition = {}, .follow_up_at = {}, .in_reply_to_ref = {}};
  request["op"] = "propose";
  request["who"] = (*schemas::to_json(about))["encounter"].value("subject", Json::object());
  TRY_ASSIGN(const auto answer, ask(std::move(request)));
  if (!answer->contains("number") || (*answer)["number"].is_null()) return std::optional<std::uint64_t>();
  return std::optional(number_or(*answer, "number", 0));
}

std::vector<agent::ThreadInfo> BridgeHost::threads_of(Json question, std::uint64_t* next) const {
  std::vector<agent::ThreadInfo> out;
  question["op"] = "ask";
  const auto answer = ask(std::move(question));
  if (!answer.ok() || !(*answer)->contains("threads") || !(**answer)["threads"].is_array()) return out;
  for (const Json& t : (**answer)["threads"]) {
    if (auto info = thread_from(t); info.ok()) out.push_back(std::move(*info));
  }
  if (next != nullptr) *next = number_or(**answer, "next", 0);
  return out;
}

std::optional<agent::ThreadInfo> BridgeHost::thread(const base::Id& id) const {
  auto found = threads_of({{"what", "thread"}, {"thread", base::uuid(id)}});
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}
std::vector<agent::ThreadInfo> BridgeHost::threads_by_ref(std::string_view ref) const { return threads_of({{"what", "threads_by_ref"}, {"ref", ref}}); }
std::vector<agent::ThreadInfo> BridgeHost::threads_by_subject_id(const schemas::Identifier& id) const {
  return threads_of({{"what", "threads_by_subject_id"}, {"system", id.system}, {"value", id.value}});
}
agent::ThreadPage BridgeHost::threads(std::uint64_t before, std::size_t limit) const {
  agent::ThreadPage page;
  page.threads = threads_of({{"what", "threads"}, {"before", before}, {"limit", limit}}, &page.next);
  return page;
}

std::vector<agent::Delivery> BridgeHost::events(const base::Id& id) const {
  std::vector<agent::Delivery> out;
  const auto answer = ask({{"op", "ask"}, {"what", "events"}, {"thread", base::uuid(id)}});
  if (!answer.ok() || !(*answer)->contains("events") || !(**answer)["events"].is_array()) return out;
  for (const Json& e : (**answer)["events"]) {
    if (auto d = delivery_from(e); d.ok()) out.push_back(std::move(*d));
  }
  return out;
}

base::Result<base::Bytes> BridgeHost::attachment(const base::Id& thread_id, const schemas::Attachment& a) {
  if (!a.data.empty()) return a.data;
  TRY_ASSIGN(const auto answer, ask({{"op", "ask"}, {"what", "attachment"}, {"thread", base::uuid(thread_id)}, {"sha256", a.sha256}}));
  return bytes_in(*answer, "bytes");
}

std::optional<std::string> BridgeHost::slug_for(std::string_view name) const {
  const auto answer = ask({{"op", "ask"}, {"what", "slug"}, {"name", name}});
  if (!answer.ok() || text_or(**answer, "slug").empty()) return std::nullopt;
  return text_or(**answer, "slug");
}

void BridgeHost::say(std::string_view, std::string_view words) { write({{"op", "say"}, {"words", plain(words)}}); }

}  // namespace adapters::foreign
