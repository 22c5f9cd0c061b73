// login, logout, people.*: accounts, for whoever keeps them (action `keys`), or the machine's operators as long as there are none.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"
#include "adapters/agent/people/rules.h"
#include "adapters/agent/people/totp.h"

namespace adapters::agent::api {
namespace {

using base::Error;
using base::Kind;
using people::PersonRow;

base::Result<PersonRow> person_of(const Call& call) {
  TRY_ASSIGN(const std::string login, text_of(call.in, "login"));
  auto row = call.agent.people().find(login);
  if (!row) return Error{Kind::kNotFound, "there is no such account", "login", "see: handoff people list"};
  return std::move(*row);
}

base::Result<std::vector<std::string>> texts_of(const Json& in, const char* key) {
  std::vector<std::string> out;
  for (const Json& one : in.at(key).is_array() ? in.at(key) : Json::array({in.at(key)})) {
    if (!one.is_string()) return Error{Kind::kUsage, "is a list of texts", key};
    out.push_back(one.get<std::string>());
  }
  return out;
}

// "ID=SUBJECT", with the id of an [[inbox.oidc]], as the row keeps it: "ISSUER SUBJECT".
base::Result<std::vector<std::string>> links_of(const Call& call) {
  TRY_ASSIGN(const auto given, texts_of(call.in, "sign_on"));
  std::vector<std::string> out;
  for (const std::string& one : given) {
    const auto eq = one.find('=');
    const auto& providers = call.agent.settings().inbox.oidc;
    const auto p = std::ranges::find(providers, one.substr(0, eq), &people::OidcSettings::id);
    if (eq == std::string::npos || eq + 1 == one.size() || p == providers.end()) return Error{Kind::kUsage, "is ID=SUBJECT, with the id of an [[inbox.oidc]] of agent.toml", "sign_on"};
    out.push_back(p->issuer + " " + one.substr(eq + 1));
    for (const PersonRow& other : call.agent.people().all()) {
      if (other.login != people::login_of(text_or(call.in, "login")) && std::ranges::find(other.oidc, out.back()) != other.oidc.end()) return Error{Kind::kConflict, "another account has this sign-on", "sign_on"};
    }
  }
  return out;
}

base::Status read_fields(const Call& call, PersonRow& row) {
  const std::pair<const char*, std::string*> texts[] = {{"name", &row.name}, {"phone", &row.phone}, {"email", &row.email}, {"language", &row.language}};
  for (const auto& [key, field] : texts) {
    if (!call.in.contains(key)) continue;
    TRY_ASSIGN(*field, text_of(call.in, key));
  }
  if (call.in.contains("roles")) {
    TRY_ASSIGN(row.roles, texts_of(call.in, "roles"));
  }
  if (call.in.contains("sign_on")) {
    TRY_ASSIGN(row.oidc, links_of(call));
  }
  return {};
}

// Nobody may shut the last door to the accounts behind them.
base::Status keeper_stays(const Call& call, const PersonRow& row) {
  people::People& people = call.agent.people();
  if ((!row.disabled && people.actor(row, "").can("keys")) || people.keeper_left(row.id)) return {};
  return Error{Kind::kConflict, "nobody could keep the accounts then", "roles", "first give another account a role with the action keys (it_admin)"};
}

// A password for the first day, easy to read out: "k3fd-w2qa-...".
std::string first_password(crypto::Random& random) {
  std::string out;
  for (const char c : people::totp_base32(random.bytes<10>())) {
    if (out.size() % 5 == 4) out += '-';
    out += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  }
  return out;
}

base::Status give_password(const Call& call, const PersonRow& row, Json& out) {
  std::string password = text_or(call.in, "password");
  const bool made = password.empty();
  if (made) password = first_password(call.agent.office().random);
  TRY(call.agent.people().set_password(row.id, password, true, call.actor));
  if (made) out["password"] = password;  // this once
  return {};
}

}  // namespace

base::Status op_login(const Call& call, Json& out) {
  people::People& people = call.agent.people();
  TRY_ASSIGN(const std::string login, text_of(call.in, "login"));
  TRY_ASSIGN(const std::string password, text_of(call.in, "password"));
  TRY_ASSIGN(auto entry, people.enter(login, password, "terminal"));
  if (entry.token.empty()) {
    if (!call.in.contains("code")) {
      out["next"] = "totp";
      return {};
    }
    TRY_ASSIGN(const std::string code, text_of(call.in, "code"));
    TRY_ASSIGN(entry, people.enter_code(entry.ticket, code));
  }
  auto session = people.session(entry.token, true);
  if (!session) return Error{Kind::kDenied, "the session has ended", "login"};
  if (session->change_password) {
    const std::string fresh = text_or(call.in, "new");
    const base::Status changed = fresh.empty() ? base::Status{} : people.change_password(session->actor.person, password, fresh, session->actor);
    if (fresh.empty() || !changed.ok()) {
      people.leave(entry.token);
      TRY(changed);
      out["next"] = "password";
      return {};
    }
    people.end_all(session->actor.person, "the password was changed", entry.token);
    session = people.session(entry.token, true);
  }
  out.update({{"bearer", entry.token}, {"login", session->actor.login}, {"name", session->actor.name}, {"roles", session->actor.roles}, {"ends", base::rfc3339(session->ends)},
              {"needs_factor", session->needs_factor}});
  return {};
}

base::Status op_logout(const Call& call, Json&) {
  TRY_ASSIGN(const std::string bearer, text_of(call.in, "bearer"));
  call.agent.people().leave(bearer);
  return {};
}

base::Status op_people_list(const Call& call, Json& out) {
  out["people"] = Json::array();
  people::People& people = call.agent.people();
  for (const PersonRow& r : people.all()) {
    out["people"].push_back({{"login", r.login},
                             {"name", r.name},
                             {"roles", r.roles},
                             {"phone", r.phone},
                             {"email", r.email},
                             {"language", r.language},
                             {"disabled", r.disabled},
                             {"locked_s", (people.locked_for(r.login) + 999) / 1000},
                             {"password", !r.password.empty()},
                             {"change_password", r.change_password},
                             {"totp", !r.totp.empty()},
                             {"passkeys", r.passkeys.size()},
                             {"sign_on", r.oidc},
                             {"created", time_json(r.created)},
                             {"last_seen", time_json(r.last_seen)}});
  }
  return {};
}

base::Status op_people_add(const Call& call, Json& out) {
  people::People& people = call.agent.people();
  PersonRow row;
  TRY_ASSIGN(row.login, text_of(call.in, "login"));
  TRY(read_fields(call, row));
  TRY(keeper_stays(call, row));
  const std::string password = text_or(call.in, "password");
  if (!password.empty()) TRY(people::check_password(password, people::login_of(row.login)));  // before there is an account
  TRY(people.save(row, call.actor));
  const auto kept = people.find(row.login);
  if (!kept) return Error{Kind::kCorrupt, "the account was not kept", "login"};
  out["login"] = kept->login;
  return kept->oidc.empty() || !password.empty() ? give_password(call, *kept, out) : base::Status{};
}

base::Status op_people_set(const Call& call, Json& out) {
  TRY_ASSIGN(PersonRow row, person_of(call));
  TRY(read_fields(call, row));
  TRY(keeper_stays(call, row));
  TRY(call.agent.people().save(row, call.actor));
  out["login"] = row.login;
  return {};
}

base::Status op_people_disable(const Call& call, Json& out) {
  TRY_ASSIGN(PersonRow row, person_of(call));
  row.disabled = !flag_or(call.in, "enable", false);
  TRY(keeper_stays(call, row));
  TRY(call.agent.people().save(row, call.actor));
  out["login"] = row.login, out["disabled"] = row.disabled;
  return {};
}

base::Status op_people_reset(const Call& call, Json& out) {
  people::People& people = call.agent.people();
  TRY_ASSIGN(const PersonRow row, person_of(call));
  TRY(give_password(call, row, out));
  TRY(people.unlock(row.login));
  people.end_all(row.id, "the password was reset");
  out["login"] = row.login;
  return {};
}

// The way back for an agency whose only keeper of accounts has lost password or telephone: whoever holds what unlocks the agent's keys could read
// everything here anyway. For a keeper alone; the others have a keeper to ask.
base::Status op_people_recover(const Call& call, Json& out) {
  people::People& people = call.agent.people();
  TRY_ASSIGN(const PersonRow row, person_of(call));
  TRY_ASSIGN(const std::string text, text_of(call.in, "unlock"));
  const auto secret = base::unbase64(text);
  if (!secret || secret->empty()) return Error{Kind::kUsage, "is what unlocks the agent's keys, in base64", "unlock"};
  if (row.disabled || !people.actor(row, "").can("keys"))
    return Error{Kind::kUsage, "this account keeps no accounts", "login", "whoever keeps them resets it: handoff people reset " + row.login};
  const agent::Settings& s = call.agent.settings();
  if (const auto vault = Vault::open(s.dir, without_line_end(*secret, s.unlock), call.agent.office().random); !vault.ok())
    return Error{Kind::kDenied, "this does not unlock the agent's keys", "unlock", "give the passphrase or the key file that the agent starts with"};
  TRY(people.change(row.id, call.actor, "recovered with what unlocks the agent's keys:", [](PersonRow& r) -> base::Status {
    r.totp.clear();
    r.passkeys.clear();
    return {};
  }));
  return op_people_reset(call, out);
}

base::Status op_people_sessions(const Call& call, Json& out) {
  people::People& people = call.agent.people();
  out["sessions"] = Json::array();
  for (const people::People::Open& s : people.sessions()) {
    const auto row = people.by_id(s.person);
    if (row) out["sessions"].push_back({{"login", row->login}, {"name", row->name}, {"device", s.device}, {"since", time_json(s.began)}, {"last", time_json(s.last)}});
  }
  return {};
}

base::Status op_people_sign_out(const Call& call, Json& out) {
  TRY_ASSIGN(const PersonRow row, person_of(call));
  const auto is_theirs = [&](const people::People::Open& s) { return s.person == row.id; };
  const auto open = call.agent.people().sessions();
  call.agent.people().end_all(row.id, "signed out by whoever keeps the accounts");
  out["login"] = row.login, out["ended"] = std::ranges::count_if(open, is_theirs);
  return {};
}

base::Status op_people_remove_factor(const Call& call, Json& out) {
  TRY_ASSIGN(const PersonRow row, person_of(call));
  TRY_ASSIGN(const std::string factor, text_of(call.in, "factor"));
  if (factor != "totp" && factor != "passkeys") return Error{Kind::kUsage, "is totp or passkeys", "factor"};
  TRY(call.agent.people().change(row.id, call.actor, "no " + factor + " any more for", [&](PersonRow& r) -> base::Status {
    if (factor == "totp") r.totp.clear();
    else r.passkeys.clear();
    return {};
  }));
  call.agent.people().end_all(row.id, "a factor was removed");
  out["login"] = row.login;
  return {};
}

base::Status op_people_remove(const Call& call, Json& out) {
  TRY_ASSIGN(PersonRow row, person_of(call));
  row.disabled = true;
  TRY(keeper_stays(call, row));
  TRY(call.agent.people().remove(row.id, call.actor));
  out["login"] = row.login;
  return {};
}

}  // namespace adapters::agent::api
