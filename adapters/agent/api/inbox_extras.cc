// What one thread shows beside its events: safety first, whom to call, who was told, who was asked before, what was withheld, what may be
// done now.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "adapters/agent/api/inbox.h"
#include "adapters/agent/disclose/ruling.h"
#include "adapters/agent/loop/routing.h"
#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/threads.h"
#include "adapters/agent/people/phones.h"
#include "schemas/body.h"
#include "schemas/policy/statute.h"

namespace adapters::agent::api {
namespace {

using keep::Table;
using schemas::Phase;
using schemas::Party;

constexpr unsigned kLongestChain = 64;
constexpr std::size_t kMostTimers = 5'000;

// The thread's messages with what they say, once.
struct Said {
  keep::Message message;
  schemas::Body body;
};
std::vector<Said> said_in(keep::Tx& tx, const base::Id& thread) {
  std::vector<Said> out;
  for (const std::uint64_t seq : mail::thread_messages(tx, thread)) {
    auto m = mail::message(tx, seq);
    auto body = m ? schemas::decode_body(m->body) : base::Result<schemas::Body>(base::malformed("none", ""));
    if (body.ok()) out.push_back({std::move(*m), std::move(*body)});
  }
  return out;
}

template <class T>
const T* newest(const std::vector<Said>& said, const std::function<bool(const Said&, const T&)>& wanted) {
  for (auto it = said.rbegin(); it != said.rend(); ++it) {
    const T* p = std::get_if<T>(&it->body.payload);
    if (p != nullptr && it->message.why.empty() && wanted(*it, *p)) return p;
  }
  return nullptr;
}

// --- safety

bool known(const std::string& word) { return !word.empty() && word != "unknown"; }

Json cell(const char* what, bool is_known, bool danger, const std::string& words, base::Instant at = {}) {
  return {{"what", what}, {"known", is_known}, {"danger", danger}, {"words", is_known ? words : ""}, {"at", time_json(at)}};
}

// "knife, secured": what it is, if that was said, and whether somebody has it in hand.
std::string weapon_words(const schemas::Referral* r) {
  if (r == nullptr) return {};
  const std::string& has = r->risk.weapons;
  if (has != "yes") return has;
  const std::string what = known(r->risk.means) ? r->risk.means : has;
  const std::string& secured = r->risk.weapons_secured;
  return what + (secured == "yes" ? ", secured" : secured == "no" ? ", not secured" : "");
}

// Weapons first. What was not said is "not known", which is not "no".
Json safety_json(const mail::Desk& desk, const Entry& e, const std::vector<Said>& said) {
  const auto* r = e.referral();
  const auto* h = newest<schemas::HandoffReport>(said, [](const Said&, const schemas::HandoffReport&) { return true; });
  const std::string weapons = r != nullptr ? r->risk.weapons : "";
  const std::string others = r != nullptr ? r->risk.others : "";
  std::string restraint = r != nullptr ? r->restraint : "";
  if (h != nullptr && !h->restraint.empty()) restraint = h->restraint;
  const bool armed = known(weapons) && weapons != "no";
  Json out = Json::array({cell("weapons", known(weapons), armed, weapon_words(r))});
  const base::Instant end = e.loop ? e.loop->row.hold_end : base::Instant{};
  const std::string form = r != nullptr && !r->hold.form.empty() ? r->hold.form : h != nullptr ? h->hold.form : "";
  out.push_back(cell("hold", end.ms != 0 || !form.empty(), end.ms != 0 && desk.now >= end, form, end));
  const bool asks = r != nullptr && r->subject.interpreter;
  const std::string language = r != nullptr ? r->subject.language : "";
  out.push_back(cell("interpreter", asks || !language.empty(), false, language));
  if (known(others)) out.push_back(cell("risk_others", true, others != "no", others));
  if (known(restraint)) out.push_back(cell("restraint", true, restraint != "no" && restraint != "none", restraint));
  return out;
}

// --- people

std::string name_of(const schemas::Contact& c) { return c.name.given.empty() ? c.name.family : c.name.given + " " + c.name.family; }

Json call_json(const mail::Desk& desk, const Entry& e, const std::vector<Said>& said) {
  const auto person = [](const std::string& name, const std::string& role, const std::string& phone) {
    return name.empty() && phone.empty() ? Json() : Json{{"name", name}, {"role", role}, {"phone", phone}};
  };
  const auto theirs = [&](const Said& s, const auto&) { return s.message.sender != desk.self; };
  if (!to_us(desk, e)) {
    const auto* s = newest<schemas::StatusUpdate>(said, [&](const Said& m, const schemas::StatusUpdate& u) { return theirs(m, u) && !u.callback.empty(); });
    return s == nullptr ? Json() : person(s->actor_name, s->actor_role, s->callback);
  }
  const auto* h = newest<schemas::HandoffReport>(said, theirs);
  if (h != nullptr && !h->person.phone.empty()) return person(name_of(h->person), h->person.role, h->person.phone);
  const auto* r = e.referral();
  return r == nullptr ? Json() : person(name_of(r->requester), r->requester.role, r->requester.phone);
}

std::int32_t level_of(std::string_view name) { return name.starts_with("escalate:") && name.size() == 10 ? name[9] - '0' : 0; }

// Who was told that something is late: here, by our own timers; the levels that the other side raised come as events.
Json told_json(keep::Tx& tx, const mail::Desk& desk, const Entry& e) {
  Json out = Json::array();
  if (!e.loop) return out;
  const auto agency = [&](std::string_view tell) {
    if (tell.starts_with("target.")) return slug_or_none(desk.directory, e.loop->row.asked);
    return tell.starts_with("requester.") ? slug_or_none(desk.directory, e.loop->row.asker) : std::string();
  };
  std::set<std::int32_t> levels;
  std::vector<Json> rows;
  std::size_t looked_at = 0;
  tx.scan_back(Table::kTimer, {}, [&](base::View, base::View v) {
    const auto t = keep::unpack<keep::TimerRow>(v);
    if (!t || t->at < e.thread.created || ++looked_at > kMostTimers) return false;
    if (t->thread_id != e.thread.thread_id) return true;
    levels.insert(level_of(t->name));
    rows.push_back({{"at", base::rfc3339(t->at)}, {"tell", t->tell}, {"agency", agency(t->tell)}, {"words", t->name + ": " + t->did}, {"level", level_of(t->name)}});
    return true;
  });
  for (const schemas::Event& event : e.loop->state.applied) {
    if (event.esc_level == 0 || levels.contains(event.esc_level)) continue;
    rows.push_back({{"at", base::rfc3339(event.at)}, {"tell", ""}, {"agency", ""}, {"words", "raised to level " + std::to_string(event.esc_level)}, {"level", event.esc_level}});
  }
  std::ranges::sort(rows, {}, [](const Json& j) { return j["at"].get<std::string>(); });
  for (Json& row : rows) out.push_back(std::move(row));
  return out;
}

// Along the parents of this thread, as far as they are ours.
Json asked_before_json(keep::Tx& tx, const mail::Desk& desk, const AgentHost& host, const Entry& e) {
  Json out = Json::array();
  base::Id at = e.loop ? e.loop->row.parent : base::Id{};
  for (unsigned i = 0; i < kLongestChain && !base::all_zero(at); ++i) {
    const auto row = mail::thread(tx, at);
    const auto loop = mail::loop_row(tx, at);
    if (!row || !loop) break;
    const schemas::Loop state = mail::loop_of(tx, desk.self, *row);
    const std::string slug = slug_or_none(desk.directory, loop->asked);
    const schemas::Event* last = nullptr;
    for (const schemas::Event& event : state.applied) {
      if (event.to != Phase::kNone) last = &event;
    }
    out.push_back({{"thread", base::uuid(at)},
                   {"agency", slug},
                   {"name", host.display_of(slug)},
                   {"phase", schemas::name(state.phase)},
                   {"reason_class", last != nullptr ? last->reason_class : ""},
                   {"reason", last != nullptr ? last->reason : ""},
                   {"at", base::rfc3339(state.since)}});
    at = loop->parent;
  }
  return out;
}

Json next_json(keep::Tx& tx, const mail::Desk& desk, const AgentHost& host, const Entry& e) {
  Json out = Json::array();
  if (desk.policy == nullptr || !e.loop || e.thread.opening == 0) return out;
  const auto list = e.thread.requester ? loop::candidates(tx, desk, e.thread.thread_id) : loop::others(tx, desk, e.thread.thread_id);
  for (const loop::Candidate& c : list) {
    out.push_back({{"agency", c.slug}, {"name", host.display_of(c.slug)}, {"capacity", c.capacity}, {"allowed", c.allowed}, {"why", c.why}});
  }
  return out;
}

// --- what was kept back

// A rule's own words, of the version that decided. A flow has none: its view is a list of fields.
std::string rule_words(const schemas::policy::Policy& p, const std::string& id) {
  const auto of = [&](const auto& rules) -> std::string {
    for (const schemas::policy::LabelRule& r : rules) {
      if (r.id == id) return r.words.empty() ? r.cite : r.words;
    }
    return {};
  };
  std::string words = of(p.label_rules);
  if (words.empty()) words = of(schemas::policy::statute_rules());
  if (const auto* pack = schemas::policy::state_pack(p.state_pack); words.empty() && pack != nullptr) words = of(pack->rules);
  return words;
}

Json withheld_json(keep::Tx& tx, const mail::Desk& desk, const std::vector<Said>& said) {
  Json out = Json::array();
  const auto add = [&](const Said& s, const std::vector<std::string>& what, const std::string& rule, std::uint32_t version) {
    const auto p = desk.shelf != nullptr ? desk.shelf->version(version) : nullptr;
    const std::string words = p != nullptr ? rule_words(*p, rule) : "";
    for (const Json& j : out) {
      if (j["rule"] == rule && j["what"] == what && j["outgoing"] == s.message.outgoing) return;
    }
    out.push_back({{"what", what}, {"rule", rule}, {"words", words}, {"outgoing", s.message.outgoing}});
  };
  for (const Said& s : said) {
    const auto d = keep::find<keep::DecisionRow>(tx, Table::kDecision, keep::key_of(s.message.seq));
    const std::string rule = d && !d->rules.empty() ? d->rules[0] : "";
    if (d && (!d->withheld.empty() || !d->allowed)) add(s, d->withheld, rule, d->version);
    if (!s.message.outgoing && !s.body.view.empty() && s.body.view != "*") add(s, {}, s.body.rules.empty() ? rule : s.body.rules[0], s.message.policy_version);
  }
  return out;
}

bool cut_for_us(const std::vector<Said>& said) {
  return std::ranges::any_of(said, [](const Said& s) { return !s.message.outgoing && !s.body.view.empty() && s.body.view != "*"; });
}

// --- what may be done

class Moves {
 public:
  Moves(const mail::Desk& desk, const people::Actor& actor, const Entry& e) : actor_(actor), e_(e), self_(desk.self), phase_(static_cast<Phase>(e.thread.phase)) {}

  Json all(bool cut) {
    if (e_.thread.opening != 0 && e_.thread.requester) requester();
    if (e_.thread.opening != 0 && !e_.thread.requester && e_.loop && e_.loop->row.asked == self_) target();
    if (e_.loop && e_.loop->row.handoff_offered.ms != 0) {
      add("handoff_take", "handoff", e_.loop->row.handoff_by != self_);
    } else {
      add("handoff_offer", "handoff", !schemas::terminal(phase_));
    }
    add("follow_up", "create accept handoff", phase_ == Phase::kCompleted);
    add("message", "create accept decline", true);
    add("break_glass", "break_glass", cut);
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool can(std::string_view actions) const {
    for (std::string_view rest = actions; !rest.empty();) {
      const auto end = std::min(rest.find(' '), rest.size());
      if (actor_.can(rest.substr(0, end))) return true;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
  }
  void add(const char* move, std::string_view actions, bool so) {
    if (so && can(actions)) out_.push_back(move);
  }
  [[nodiscard]] bool may(Phase to, Party who) const { return schemas::may_move(phase_, to, who).ok(); }

  void target() {
    const std::pair<const char*, Phase> steps[] = {{"info", Phase::kInfoRequested},  {"start", Phase::kInProgress},   {"schedule", Phase::kScheduled}, {"hold", Phase::kOnHold},
                                                   {"complete", Phase::kCompleted}, {"no-show", Phase::kNoShow},     {"cancel", Phase::kCancelled}};
    add("accept", "accept", may(Phase::kAccepted, Party::kTarget));
    add("decline", "decline", may(Phase::kRejected, Party::kTarget));
    for (const auto& [move, to] : steps) add(move, "accept", may(to, Party::kTarget));
  }
  void requester() {
    add("info", "create", may(Phase::kReceived, Party::kRequester));  // the answer to their question
    add("complete", "create accept", may(Phase::kCompleted, Party::kRequester));
    add("cancel", "create", may(Phase::kCancelled, Party::kRequester) || may(Phase::kCancelRequested, Party::kRequester));
    const bool open = phase_ == Phase::kRequested || phase_ == Phase::kReceived || phase_ == Phase::kInfoRequested;
    const bool over = phase_ == Phase::kRejected || phase_ == Phase::kExpired || phase_ == Phase::kCancelled;
    add("reroute", "create reassign", (open || over) && e_.loop && base::all_zero(e_.loop->row.child));
  }

  const people::Actor& actor_;
  const Entry& e_;
  base::Id self_;
  Phase phase_;
  Json out_ = Json::array();
};

}  // namespace

void add_extras(keep::Tx& tx, const Call& call, const mail::Desk& desk, const Entry& e, Json& out) {
  const AgentHost& host = call.agent.host();
  const std::vector<Said> said = said_in(tx, e.thread.thread_id);
  const std::string other = slug_of(desk.directory, e.thread.other);
  const auto* agency = desk.policy != nullptr ? desk.policy->agency(other) : nullptr;
  std::set<std::string> labels;
  std::string notice;
  for (const Said& s : said) {
    labels.insert(s.body.labels.begin(), s.body.labels.end());
    if (const auto* r = std::get_if<schemas::Referral>(&s.body.payload)) labels.insert(r->labels.begin(), r->labels.end());
    if (notice.empty()) notice = s.body.notice;
  }
  if (notice.empty() && labels.contains("part2")) notice = disclose::notice_2_32();
  out["now"] = base::rfc3339(desk.now);
  out["row"] = row_json(tx, desk, host, e);
  out["other_name"] = host.display_of(other);
  out["safety"] = safety_json(desk, e, said);
  out["call"] = call_json(desk, e, said);
  out["desk_phone"] = agency != nullptr ? people::number_in(agency->on_call) : "";
  out["told"] = told_json(tx, desk, e);
  out["asked_before"] = asked_before_json(tx, desk, host, e);
  out["next_agencies"] = next_json(tx, desk, host, e);
  out["withheld"] = withheld_json(tx, desk, said);
  out["part2_notice"] = notice.empty() ? Json() : Json(notice);
  out["labels"] = labels;
  out["read_only"] = desk.stale.empty() ? Json() : Json(desk.stale);
  out["moves"] = desk.stale.empty() ? Moves(desk, call.actor, e).all(cut_for_us(said)) : Json::array();
}

}  // namespace adapters::agent::api
