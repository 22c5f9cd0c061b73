// handoff people: the accounts of one's agency.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/admin/commands.h"
#include "cli/counter/bearer.h"
#include "cli/counter/print.h"

namespace cli::admin {
namespace {

using counter::Json;

Json lines_of(const std::string& text) {
  Json out = Json::array();
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end == std::string::npos ? text.size() : end + 1;
  }
  return out;
}

base::Result<Json> request_of(const counter::Call& call, const char* op) {
  Json request{{"op", op}, {"login", call.get("login")}};
  for (const char* key : {"name", "phone", "email", "language"}) {
    if (call.has(key)) request[key] = call.get(key);
  }
  if (call.has("role")) request["roles"] = lines_of(call.get("role"));
  if (call.has("sign-on")) request["sign_on"] = lines_of(call.get("sign-on"));
  if (call.has("factor")) request["factor"] = call.get("factor");
  if (call.has("password-file")) {
    TRY_ASSIGN(request["password"], counter::secret_from(call, call.get("password-file"), ""));
  }
  return request;
}

counter::Exit done(const counter::Call& call, const base::Result<Json>& request, const char* words) {
  TRY(request);
  TRY_ASSIGN(const auto answer, counter::ask(call, *request));
  if (call.json()) {
    counter::print_json(call.out, *answer);
    return counter::kWorked;
  }
  counter::wrap(call.out, 0, counter::text(*answer, "login") + " " + words);
  if (const std::string password = counter::text(*answer, "password"); !password.empty()) {
    counter::wrap(call.out, 0, "First password, shown this once: " + password);
    counter::wrap(call.out, 0, "It is changed at the first sign-in.");
  }
  return counter::kWorked;
}

}  // namespace

counter::Exit people_list(const counter::Call& call) {
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "people.list"}}));
  TRY_ASSIGN(const Json* people, counter::list_in(*answer, "people"));
  if (counter::print_data(call, *answer, *people, {"login", "name", "roles", "password", "totp", "passkeys", "sign_on", "disabled", "locked_s", "last_seen"})) return counter::kWorked;
  counter::Table table({{"login"}, {"name", true}, {"roles", true}, {"signs in with", true}, {"state"}, {"last seen"}});
  for (const Json& p : *people) {
    std::string roles, ways;
    for (const Json& r : p.value("roles", Json::array())) roles += (roles.empty() ? "" : " ") + counter::plain(r.is_string() ? r.get<std::string>() : "");
    const auto add = [&](bool has, const char* way) { ways += has ? (ways.empty() ? "" : ", ") + std::string(way) : ""; };
    add(p.value("password", false), "password");
    add(p.value("totp", false), "code");
    add(p.value("passkeys", 0) > 0, "passkey");
    add(!p.value("sign_on", Json::array()).empty(), "sign-on");
    const char* state = p.value("disabled", false) ? "disabled" : p.value("locked_s", 0) > 0 ? "locked out" : p.value("change_password", false) ? "first password" : "";
    table.add({counter::text(p, "login"), counter::text(p, "name"), roles, ways, state, counter::seconds(counter::text(p, "last_seen"))});
  }
  table.print(call.out);
  return counter::kWorked;
}

counter::Exit people_add(const counter::Call& call) { return done(call, request_of(call, "people.add"), "has an account"); }
counter::Exit people_set(const counter::Call& call) { return done(call, request_of(call, "people.set"), "is changed"); }
counter::Exit people_disable(const counter::Call& call) { return done(call, request_of(call, "people.disable"), "may not sign in any more; open sessions have ended"); }
counter::Exit people_enable(const counter::Call& call) {
  auto request = request_of(call, "people.disable");
  if (request.ok()) request.value()["enable"] = true;
  return done(call, request, "may sign in again");
}
counter::Exit people_reset(const counter::Call& call) { return done(call, request_of(call, "people.reset"), "has a first password again, and is not locked out"); }
counter::Exit people_recover(const counter::Call& call) {
  const std::string file = call.get("unlock-file");
  TRY_ASSIGN(const std::string secret, file.empty() ? counter::secret_from(call, "", "Passphrase of the agent's keys: ") : counter::read_file(call, file));
  return done(call, Json{{"op", "people.recover"}, {"login", call.get("login")}, {"unlock", base::base64(base::view(secret))}},
              "has a first password again and no second factor; it is on record");
}
counter::Exit people_sessions(const counter::Call& call) {
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "people.sessions"}}));
  TRY_ASSIGN(const Json* sessions, counter::list_in(*answer, "sessions"));
  if (counter::print_data(call, *answer, *sessions, {"login", "name", "device", "since", "last"})) return counter::kWorked;
  counter::Table table({{"login"}, {"name", true}, {"device", true}, {"since"}, {"last asked"}});
  for (const Json& s : *sessions)
    table.add({counter::text(s, "login"), counter::text(s, "name"), counter::text(s, "device"), counter::seconds(counter::text(s, "since")), counter::seconds(counter::text(s, "last"))});
  table.print(call.out);
  return counter::kWorked;
}
counter::Exit people_sign_out(const counter::Call& call) { return done(call, request_of(call, "people.sign_out"), "is signed out everywhere"); }
counter::Exit people_remove_factor(const counter::Call& call) { return done(call, request_of(call, "people.remove_factor"), "signs in without it now"); }
counter::Exit people_remove(const counter::Call& call) { return done(call, request_of(call, "people.remove"), "has no account any more"); }

}  // namespace cli::admin
