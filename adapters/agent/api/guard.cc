// Rules applied.
#include "adapters/agent/api/guard.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/agent/ledger/fields.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/body.h"

namespace adapters::agent::api {
namespace {

using keep::Table;
using ledger::Access;
using ledger::LedgerRow;

struct Said {  // in a thread: what sight and the ledger go by
  std::string service, basis;
  std::vector<std::string> labels;
};

Said said_in(keep::Tx& tx, const base::Id& thread_id, bool labels) {
  Said out;
  const auto row = mail::thread(tx, thread_id);
  if (!row) return out;
  const auto add = [&](const schemas::Body& body) {
    const auto* r = std::get_if<schemas::Referral>(&body.payload);
    out.labels.insert(out.labels.end(), body.labels.begin(), body.labels.end());
    if (r != nullptr) {
      out.labels.insert(out.labels.end(), r->labels.begin(), r->labels.end());
      if (out.service.empty()) out.service = r->service.code;
    }
    if (out.basis.empty()) out.basis = r != nullptr && !r->authority_basis.empty() ? r->authority_basis : body.authority_basis;
  };
  const auto seqs = labels ? mail::thread_messages(tx, thread_id) : std::vector<std::uint64_t>{row->opening != 0 ? row->opening : row->first};
  for (const std::uint64_t seq : seqs) {
    const auto m = mail::message(tx, seq);
    const auto body = m ? schemas::decode_body(m->body) : base::Result<schemas::Body>(base::malformed("none", ""));
    if (body.ok()) add(*body);
  }
  return out;
}

bool has_one(const people::Actor& actor, std::string_view actions) {
  if (actions.empty()) return true;
  while (!actions.empty()) {
    const auto end = std::min(actions.find(' '), actions.size());
    if (actor.can(actions.substr(0, end))) return true;
    actions.remove_prefix(std::min(end + 1, actions.size()));
  }
  return false;
}

bool plain_word(std::string_view text) {
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_-") == std::string_view::npos;
}

base::Error not_here(const Json& in) {
  if (in.contains("thread")) return {base::Kind::kNotFound, "there is no such thread here", "thread", "see: handoff inbox list"};
  return {base::Kind::kNotFound, "there is no such message here", in.contains("message") ? "message" : "id", "see: handoff inbox show"};
}

class Guard {
 public:
  Guard(Agent& agent, const OpRow& row, const Json& in, const people::Actor& actor)
      : agent_(agent), row_(row), in_(in), actor_(actor), sight_(actor, row.rule.headers()) {}

  // Roles.
  base::Status may() {
    if (actor_.everything) return {};
    const bool unix_user = base::all_zero(actor_.person);
    const auto who = row_.rule.who();
    if (who == Rule::Who::kAnybody || (who == Rule::Who::kOperator && unix_user)) return {};
    if (unix_user) return base::Error{base::Kind::kDenied, "this is for people with an account", "op", "sign in first: handoff login"};
    if (who == Rule::Who::kOperator) return refuse({base::Kind::kDenied, "this is for the machine's operators", "op", "ask without a bearer, on the agent's machine"}, "operators only");
    const std::string_view needed = row_.rule.actions(in_);
    if (has_one(actor_, needed)) return {};
    return refuse({base::Kind::kDenied, "your role does not allow this", "op", "it needs: " + std::string(needed)}, "needs " + std::string(needed));
  }

  // Threads. Whoever does not see one is told what somebody is told who made its id up.
  base::Status see() {
    if (!row_.rule.about_threads()) return {};
    bool hidden = false;
    TRY(agent_.office().store.read([&](keep::Tx& tx) {
      Rule::Threads named;
      row_.rule.threads(tx, in_, named);
      hidden = !sight_.all() && (in_.contains("thread") || in_.contains("message")) && named.empty() && !usage();
      for (const base::Id& id : named) hidden = !(sight_(tx, id) && (sight_.all() || mail::thread(tx, id))) || hidden;
      threads_ = std::move(named);
      return base::Status{};
    }));
    return hidden ? refuse(not_here(in_), "not to be seen") : base::Status{};
  }

  base::Status run(const Reply& reply, Json& out) {
    const Call call{agent_, in_, actor_, reply};
    if (row_.rule.access() == Access{} || row_.rule.shows()) {
      TRY(noted(row_.call(call, out)));
      TRY(leave_out(out));
      return row_.rule.access() == Access{} ? base::Status{} : record_shown(out);
    }
    bool done = false;
    const keep::Job also = [&](keep::Tx& tx) { return record_act(tx); };
    {
      keep::Store::Along along(agent_.office().store, also);
      TRY(noted(row_.call(call, out)));
      done = along.written();
    }
    if (!done) TRY(agent_.office().store.write(also));
    return leave_out(out);
  }

 private:
  // A thread or message that is no id at all: the operation says what is wrong with it.
  [[nodiscard]] bool usage() const {
    for (const char* key : {"thread", "message"}) {
      if (in_.contains(key) && !id_of(in_, key).ok()) return true;
    }
    return false;
  }

  [[nodiscard]] std::string words() const {
    for (const char* key : {"action", "phase", "finding"}) {
      if (const std::string more = text_or(in_, key); !more.empty() && more.size() <= 24 && plain_word(more)) return std::string(row_.name) + " " + more;
    }
    return std::string(row_.name);
  }

  void put(keep::Tx& tx, Access access, const base::Id& thread, const base::Id& message, std::vector<std::string> fields, std::string words) {
    LedgerRow r;
    r.access = access;
    r.thread_id = thread;
    r.msg_id = message;
    r.fields = std::move(fields);
    r.basis = base::all_zero(thread) ? std::string() : said_in(tx, thread, false).basis;
    if (r.basis.empty()) r.basis = "operations";
    r.words = std::move(words);
    ledger::record(tx, actor_, agent_.office().clock(), std::move(r));
  }

  base::Status refuse(base::Error e, const std::string& why) {
    TRY(agent_.office().store.write([&](keep::Tx& tx) {
      Rule::Threads named = threads_;
      if (named.empty()) row_.rule.threads(tx, in_, named);
      std::erase_if(named, [&](const base::Id& id) { return !mail::thread(tx, id); });
      if (named.empty()) named.insert(base::Id{});
      for (const base::Id& id : named) put(tx, Access::kDenied, id, {}, {}, words() + ": " + why);
      return base::Status{};
    }));
    return e;
  }

  // What policy or the life of a referral refuses is on record too.
  base::Status noted(base::Status s) {
    if (s.ok() || s.error().kind != base::Kind::kDenied || actor_.everything) return s;
    return refuse(s.error(), "rule " + s.error().where);
  }

  base::Status leave_out(Json& out) {
    if (sight_.all()) return {};
    bool hidden = false;
    TRY(agent_.office().store.read([&](keep::Tx& tx) {
      hidden = unseen(tx, out);
      if (!hidden) strip(tx, out);
      return base::Status{};
    }));
    if (!hidden) return {};
    out = Json::object();
    return refuse(not_here(in_), "not to be seen");
  }
  bool unseen(keep::Tx& tx, const Json& j) {
    const auto id = j.is_object() ? base::parse_uuid(text_or(j, "thread")) : std::nullopt;
    return id && !sight_(tx, *id);
  }
  void strip(keep::Tx& tx, Json& j) {
    if (j.is_array()) std::erase_if(*j.get_ptr<Json::array_t*>(), [&](const Json& e) { return unseen(tx, e); });
    if (!j.is_structured()) return;
    for (Json& inner : j) strip(tx, inner);
  }

  base::Status record_shown(const Json& out) {
    std::vector<std::string> fields = ledger::fields_in(out);
    std::string what = words();
    if (row_.rule.access() == Access::kList) {
      for (const auto& [key, value] : out.items()) {
        if (value.is_array() && !value.empty()) what += " " + std::to_string(value.size()) + " " + key;
      }
    }
    return agent_.office().store.write([&](keep::Tx& tx) {
      Rule::Threads named = threads_;
      if (named.empty()) named.insert(base::parse_uuid(text_or(out, "thread")).value_or(base::Id{}));
      const auto message = id_of(in_, "message");
      for (const base::Id& id : named) put(tx, row_.rule.access(), id, message.ok() ? *message : base::Id{}, fields, what);
      return base::Status{};
    });
  }

  // Inside the act's own transaction.
  base::Status record_act(keep::Tx& tx) {
    Rule::Threads named = threads_;
    if (row_.rule.opens()) {
      tx.scan_back(Table::kRecent, {}, [&](base::View, base::View id) {
        if (id.size() == 16) named.insert(base::fixed<16>(id));
        return false;
      });
    }
    const auto asked = id_of(in_, "message");
    if (named.empty()) put(tx, row_.rule.access(), {}, asked.ok() ? *asked : base::Id{}, {}, words());
    for (const base::Id& id : named) {
      base::Id message = asked.ok() ? *asked : base::Id{};
      const auto thread = mail::thread(tx, id);
      const auto last = thread && !asked.ok() ? mail::message(tx, thread->last) : std::nullopt;
      if (last && last->outgoing && row_.rule.access() == Access::kAct) message = last->msg_id;
      put(tx, row_.rule.access(), id, message, {}, words());
    }
    return {};
  }

  Agent& agent_;
  const OpRow& row_;
  const Json& in_;
  const people::Actor& actor_;
  Sight sight_;
  Rule::Threads threads_;
};

}  // namespace

Sight::Sight(const people::Actor& actor, bool headers) : actor_(actor) {
  if (headers) actor_.may.insert("view_timeline");
  const auto open = [](const people::Actor::Sight& s) { return s.services.empty() && s.without_labels.empty(); };
  const bool kept_from_none = std::ranges::any_of(actor_.sights, open) || (headers && actor_.sights.empty());  // who may not read has no sights
  all_ = actor_.everything || (actor_.can("view_timeline") && kept_from_none);
}

bool Sight::operator()(keep::Tx& tx, const base::Id& thread_id) {
  if (all_) return true;
  const auto [it, fresh] = known_.try_emplace(thread_id, false);
  if (!fresh) return it->second;
  const Said said = said_in(tx, thread_id, true);
  return it->second = people::sees(actor_, said.service, said.labels);
}

base::Status perform(Agent& agent, std::string_view op, const Json& in, const people::Actor& actor, bool web, const Reply& reply, Json& out) {
  const OpRow* row = find_op(op);
  if (row == nullptr || (web && row->rule.who() == Rule::Who::kOperator)) {
    return base::Error{base::Kind::kUnsupported, "there is no such operation", "op", "see docs/spec/agent-socket.md"};
  }
  Guard guard(agent, *row, in, actor);
  TRY(guard.may());
  TRY(guard.see());
  return guard.run(reply, out);
}

base::Result<people::Actor> asker(Agent& agent, const Json& in, const Peer& peer) {
  if (in.contains("bearer")) {  // one that is no session's is nobody's, not the Unix user's
    TRY_ASSIGN(const std::string bearer, text_of(in, "bearer"));
    const auto session = agent.people().session(bearer, true);
    if (!session) return base::Error{base::Kind::kDenied, "the session has ended", "bearer", "sign in again: handoff login"};
    return session->actor;
  }
  people::Actor actor = people::unix_user(peer.name);
  actor.everything = !agent.people().any();
  return actor;
}

}  // namespace adapters::agent::api
