// inbox.list, inbox.act: the referral story for people. A row is made in inbox_row.cc; what one thread shows is in api_show.cc.
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "adapters/agent/api/guard.h"
#include "adapters/agent/api/inbox.h"
#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/paper.h"

namespace adapters::agent::api {
namespace {

using keep::Table;

Json id_json(const base::Id& id) { return base::uuid(id); }

constexpr std::size_t kMostCounted = 20'000;  // threads that one question looks at, newest first

struct Filter {
  bool only_open = false, tests = false;
  std::string side, section, search;  // search: in small letters
  std::set<base::Id> threads;         // not empty: these alone, whatever else is asked
};

std::string small(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

base::Result<std::string> one_of(const Json& in, const char* key, std::initializer_list<std::string_view> words) {
  const std::string text = text_or(in, key);
  std::string known;
  for (const std::string_view w : words) {
    if (text == w || text.empty()) return text;
    known += (known.empty() ? "" : ", ") + std::string(w);
  }
  return base::Error{base::Kind::kUsage, "is none of its words", key, known};
}

base::Result<Filter> filter_of(const Json& in, bool test_consortium) {
  Filter f;
  f.only_open = flag_or(in, "open", false);
  f.tests = flag_or(in, "tests", test_consortium);  // D18: no test in a live inbox
  TRY_ASSIGN(f.side, one_of(in, "side", {"to_us", "from_us"}));
  TRY_ASSIGN(f.section, one_of(in, "section", {"overdue", "decide", "handoff", "active", "done"}));
  f.search = small(text_or(in, "search"));
  if (f.search.size() > 100) return base::Error{base::Kind::kUsage, "is too long", "search", "at most 100 characters"};
  for (const Json& one : in.value("threads", Json::array())) {
    const auto id = one.is_string() ? base::parse_uuid(one.get<std::string>()) : std::nullopt;
    if (!id) return base::Error{base::Kind::kUsage, "holds what is no thread's id", "threads", "UUIDs or 32 hex digits"};
    f.threads.insert(*id);
  }
  return f;
}

// The words of a thread that people look for: who, why, which agency.
bool found(const Filter& f, const mail::Desk& desk, const AgentHost& host, const Entry& e) {
  if (f.search.empty()) return true;
  const std::string other = slug_of(desk.directory, e.thread.other);
  std::string all = other + "\n" + host.display_of(other);
  if (const auto* r = e.referral(); r != nullptr) {
    all += "\n" + r->subject.name.given + " " + r->subject.name.family + "\n" + subject_of(r->subject) + "\n" + r->subject.descriptor;
    for (const schemas::Code& c : r->reasons) all += "\n" + c.code + "\n" + c.text;
  }
  return small(all).find(f.search) != std::string::npos;
}

// Asked of us, ended, and nothing of it waits: done for certain, as section_of() would say.
bool over(keep::Tx& tx, const keep::ThreadRow& row) {
  const auto phase = static_cast<schemas::Phase>(row.phase);
  if (row.requester || row.opening == 0 || !schemas::terminal(phase) || phase == schemas::Phase::kCompleted) return false;
  const auto loop = mail::loop_row(tx, row.thread_id);
  return loop && loop->handoff_offered.ms == 0;
}

base::Status act_answer(const Call& call, const Submitted& done, Json& out) {
  const auto now = call.agent.host().thread(done.thread_id);
  out["thread"] = id_json(done.thread_id);
  out["message"] = id_json(done.msg_id);
  out["phase"] = schemas::name(now ? now->loop.phase : schemas::Phase::kNone);
  return {};
}

base::Result<std::string> status_of(const Json& in, const schemas::Loop& loop, bool requester) {
  using schemas::Phase;
  TRY_ASSIGN(const std::string action, text_of(in, "action"));
  const std::pair<std::string_view, Phase> actions[] = {{"accept", Phase::kAccepted},     {"decline", Phase::kRejected},   {"start", Phase::kInProgress},
                                                        {"complete", Phase::kCompleted},  {"schedule", Phase::kScheduled}, {"hold", Phase::kOnHold},
                                                        {"info", Phase::kInfoRequested}};
  if (action == "status") return text_of(in, "status");
  if (action == "cancel") {  // after an acceptance the requester can only ask (domain brief 1.1)
    const bool asks = requester && !schemas::may_move(loop.phase, Phase::kCancelled, schemas::Party::kRequester).ok();
    return std::string(schemas::name(asks ? Phase::kCancelRequested : Phase::kCancelled));
  }
  for (const auto& [name, phase] : actions) {
    if (name == action) return std::string(schemas::name(phase));
  }
  return base::Error{base::Kind::kUsage, "there is no such action", "action", "accept, decline, start, complete, cancel, schedule, hold, info or status"};
}

}  // namespace

// One pass, newest first: the page that was asked for, and the counts of all that this person may see.
base::Status op_inbox_list(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  const mail::Desk desk = o.desk();
  TRY_ASSIGN(const Filter f, filter_of(call.in, desk.directory.anchor().test));
  const std::uint64_t limit = std::min<std::uint64_t>(number_or(call.in, "limit", 50), 1000);
  const std::uint64_t after = number_or(call.in, "after", 0);
  Sight sight(call.actor);
  std::map<std::string, std::uint64_t> counts{{"overdue", 0}, {"decide", 0}, {"handoff", 0}, {"active", 0}, {"done", 0}};
  out["threads"] = Json::array();
  out["next"] = nullptr;
  out["now"] = base::rfc3339(desk.now);
  TRY(o.store.read([&](keep::Tx& tx) {
    std::size_t looked_at = 0;
    bool more = false;
    tx.scan_back(Table::kRecent, {}, [&](base::View k, base::View v) {
      const auto row = v.size() == 16 ? mail::thread(tx, base::fixed<16>(v)) : std::nullopt;
      if (!row || (row->test && !f.tests) || !sight(tx, row->thread_id)) return true;
      if (more && over(tx, *row)) {  // only to be counted: no body has to be opened
        ++counts["done"];
        return ++looked_at < kMostCounted;
      }
      const Entry e = entry_of(tx, desk, *row);
      const std::string section = section_of(desk, e);
      const bool ours = to_us(desk, e);
      if (ours) ++counts[section];
      const bool named = f.threads.contains(row->thread_id);
      const bool wanted = !f.threads.empty() ? named : (f.side.empty() || (f.side == "to_us") == ours) && (f.section.empty() || f.section == section) && (!f.only_open || open(*row));
      const bool on_page = after == 0 || keep::number_in(k) < after;
      if (wanted && on_page && !more && found(f, desk, call.agent.host(), e)) {
        more = out["threads"].size() == limit;
        if (!more) out["threads"].push_back(row_json(tx, desk, call.agent.host(), e));
      }
      return ++looked_at < kMostCounted;
    });
    if (more && limit > 0) out["next"] = out["threads"].back()["order"];
    return base::Status{};
  }));
  out["counts"] = counts;
  return {};
}

base::Status op_inbox_act(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  TRY_ASSIGN(const base::Id id, id_of(call.in, "thread"));
  if (const auto before = answered_before(call)) return act_answer(call, *before, out);
  const auto info = call.agent.host().thread(id);
  if (!info) return base::Error{base::Kind::kNotFound, "there is no such thread here", "thread", "see: handoff inbox list"};
  schemas::StatusUpdate u;
  TRY_ASSIGN(u.status, status_of(call.in, info->loop, info->requester));
  u.actor_name = text_or(call.in, "name", call.actor.login);
  u.actor_role = text_or(call.in, "role");
  const std::pair<const char*, std::string*> fields[] = {
      {"reason_class", &u.reason_class}, {"reason", &u.reason}, {"text", &u.text}, {"callback", &u.callback}, {"expected_at", &u.expected_at}, {"place", &u.place},
      {"appointment_at", &u.appointment_at}, {"outcome", &u.outcome}, {"hold_until", &u.hold_until}, {"next_action", &u.next_action},
      {"last_attempt_at", &u.last_attempt_at}, {"safety_alert", &u.safety_alert}};
  for (const auto& [key, value] : fields) *value = text_or(call.in, key);
  TRY_ASSIGN(const std::uint64_t attempts, number_of(call.in, "attempts", 0, 1000));
  if (call.in.contains("attempts")) u.attempts = static_cast<std::int32_t>(attempts);
  TRY_ASSIGN(const std::uint64_t days, number_of(call.in, "est_days", 0, 3650));
  if (call.in.contains("est_days")) u.est_days = static_cast<std::int32_t>(days);
  for (const Json& one : call.in.value("alternatives", Json::array())) u.alternatives.push_back(one.get<std::string>());
  TRY_ASSIGN(Submission s, into_thread(call, id));
  s.dedupe_key = dedupe_of(call);
  TRY(o.store.read([&](keep::Tx& tx) {
    if (const auto r = mail::opening_of(tx, id)) u.in_reply_to_ref = r->source_ref.empty() ? r->incident_ref : r->source_ref;
    return base::Status{};
  }));
  s.body.payload = std::move(u);
  TRY(take_paper(call.in, s.body));
  TRY_ASSIGN(const Submitted done, call.agent.host().submit(std::move(s)));
  return act_answer(call, done, out);
}

}  // namespace adapters::agent::api
