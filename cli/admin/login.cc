// handoff login, logout: one's own session with the agent, from a terminal.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/admin/commands.h"
#include "cli/counter/bearer.h"
#include "cli/counter/print.h"
#include "cli/counter/profile.h"

namespace cli::admin {
namespace {

// Without the bearer of whoever was here before.
base::Result<std::shared_ptr<counter::Json>> ask_as_nobody(const counter::Call& call, const counter::Json& request) {
  TRY_ASSIGN(const counter::Profile whom, counter::whom_to_ask(call));
  if (whom.agent.empty()) return base::Error{base::Kind::kUsage, "people sign in to an agent", "--profile", "an auditor's profile has a key of its own"};
  TRY_ASSIGN(auto agent, counter::Agent::connect(whom.agent));
  return agent.ask(request);
}

}  // namespace

counter::Exit login(const counter::Call& call) {
  TRY_ASSIGN(const std::string password, counter::secret_from(call, call.get("password-file"), "Password: "));
  counter::Json request{{"op", "login"}, {"login", call.get("login")}, {"password", password}};
  if (call.has("code")) request["code"] = call.get("code");
  for (int asked = 0;; ++asked) {
    TRY_ASSIGN(const auto answer, ask_as_nobody(call, request));
    const std::string next = counter::text(*answer, "next");
    if (next.empty()) {
      TRY(counter::keep_bearer(call, counter::text(*answer, "bearer")));
      counter::Json shown = *answer;
      shown.erase("bearer");
      if (call.json()) counter::print_json(call.out, shown);
      else counter::wrap(call.out, 0, "signed in as " + counter::text(shown, "login") + "; it ends by itself when nothing is asked for");
      return counter::kWorked;
    }
    if (asked == 2) return base::Error{base::Kind::kDenied, "that did not sign you in", "login"};
    if (next == "totp") {
      if (call.has("password-file")) return base::Error{base::Kind::kUsage, "this account needs a code", "--code", "add the code that your app shows"};
      TRY_ASSIGN(request["code"], counter::secret_from(call, {}, "Code of your app: "));
    } else {
      TRY_ASSIGN(request["new"], counter::secret_from(call, call.get("new-password-file"), "A password of your own (at least 12 characters): "));
    }
  }
}

counter::Exit logout(const counter::Call& call) {
  const auto answer = counter::kept_bearer(call).empty() ? base::Result<std::shared_ptr<counter::Json>>(std::make_shared<counter::Json>()) : counter::ask(call, {{"op", "logout"}});
  counter::drop_bearer(call);
  if (!answer.ok() && answer.error().kind != base::Kind::kDenied) return answer.error();
  if (!call.json()) counter::wrap(call.out, 0, "signed out");
  else counter::print_json(call.out, {{"ok", true}});
  return counter::kWorked;
}

}  // namespace cli::admin
