// Who may do what, on the socket and over HTTP: each operation has a rule, and those who try to get past it.
#include "tests/unit/api/kit.h"

using namespace rig;
using agent::api::Rule;
using ledger::Access;

namespace {

const std::string kNobody = "0199a1b2-0000-7000-8000-00000000ffff";
const std::set<std::string, std::less<>> kActions = {"create", "accept", "decline", "handoff", "reassign", "view_timeline", "break_glass", "review", "audit", "policy", "keys"};

std::string word(const ledger::LedgerRow& r) { return std::string(ledger::name(r.access)) + " " + r.login + " " + r.words; }

}  // namespace

TEST_CASE("every operation says what it needs, in actions that a policy can give, and what it concerns") {
  std::set<std::string_view> names;
  for (const agent::api::OpRow& op : agent::api::ops()) {
    INFO(op.name);
    CHECK(names.insert(op.name).second);
    CHECK(agent::api::find_op(op.name) == &op);
    const Rule& rule = op.rule;
    std::string_view actions = rule.actions(Json::object());
    while (!actions.empty()) {
      const auto end = std::min(actions.find(' '), actions.size());
      CHECK(kActions.contains(actions.substr(0, end)));
      actions.remove_prefix(std::min(end + 1, actions.size()));
    }
    // Whatever a person does is on record; what shows nothing of anybody need not be.
    const bool quiet = rule.access() == Access{};
    if (rule.who() == Rule::Who::kPerson && rule.about_threads() && quiet) {
      const std::set<std::string_view> without_content = {"message", "timers", "reroute.list", "policy.explain"};
      CHECK_MESSAGE(without_content.contains(op.name), "shows or does something and leaves no row");
    }
  }
  CHECK(names.size() > 50);
}

TEST_CASE("while there are no accounts the Unix user may do everything; with the first account what the machine needs, and login is named") {
  Desk d;
  const std::string thread = d.arrived(d.stb, d.harbor);
  CHECK(Counter::ask(d.harbor, {{"op", "inbox.show"}, {"thread", thread}})["ok"] == true);
  const Browser mo = d.enter(d.harbor, "m.okafor", {"intake"});
  for (const Json& in : {Json{{"op", "inbox.show"}, {"thread", thread}}, Json{{"op", "inbox.list"}}, Json{{"op", "inbox.act"}, {"thread", thread}, {"action", "accept"}}, Json{{"op", "ledger.list"}}}) {
    const Json no = Counter::ask(d.harbor, in);
    CHECK(no["error"]["kind"] == "denied");
    CHECK(no["error"]["mend"].get<std::string>().find("handoff login") != std::string::npos);
  }
  for (const char* op : {"status", "doctor", "quarantine.list", "feed.report", "directory"}) CHECK_MESSAGE(Counter::ask(d.harbor, {{"op", op}})["ok"] == true, op);
  CHECK(d.harbor.phase(*base::parse_uuid(thread)) == schemas::Phase::kReceived);

  SUBCASE("a bearer is its person, also on the socket, and no operator") {
    CHECK(Counter::ask(d.harbor, {{"op", "inbox.show"}, {"thread", thread}, {"bearer", mo.token}})["ok"] == true);
    CHECK(Desk::rows(d.harbor, Access::kOpen).back().login == "m.okafor");
    CHECK(Counter::ask(d.harbor, {{"op", "quarantine.list"}, {"bearer", mo.token}})["error"]["kind"] == "denied");
    d.harbor->people().leave(mo.token);
    CHECK(Counter::ask(d.harbor, {{"op", "inbox.show"}, {"thread", thread}, {"bearer", mo.token}})["error"]["kind"] == "denied");
  }
}

TEST_CASE("the only keeper of accounts who cannot sign in is let in by whoever can unlock the agent's keys, and by nobody else") {
  Desk d;
  const Browser keeper = d.enter(d.harbor, "k.ito", {"keeper"}), mo = d.enter(d.harbor, "m.okafor", {"intake"});
  const auto recover = [&](const std::string& login, const std::string& secret) {
    return Counter::ask(d.harbor, {{"op", "people.recover"}, {"login", login}, {"unlock", base::base64(base::view(secret))}});
  };
  CHECK(recover("k.ito", "wrong horse")["error"]["kind"] == "denied");
  CHECK(recover("k.ito", "")["error"]["kind"] == "usage");
  CHECK(recover("m.okafor", "correct horse")["error"]["mend"] == "whoever keeps them resets it: handoff people reset m.okafor");
  CHECK(keeper.refused("people.recover", {{"login", "k.ito"}, {"unlock", base::base64(base::view("correct horse"))}}, 404)["kind"] == "unsupported");  // not from the web
  REQUIRE(keeper.ok("people.sessions")["sessions"].size() == 2);

  const Json done = recover("k.ito", "correct horse\n");
  REQUIRE_MESSAGE(done["ok"] == true, done.dump());
  const std::string first = done["password"];
  CHECK(keeper.post("people.sessions").status == 401);  // the old session is over
  CHECK(Counter::ask(d.harbor, {{"op", "login"}, {"login", "k.ito"}, {"password", first}})["next"] == "password");
  CHECK(Counter::ask(d.harbor, {{"op", "login"}, {"login", "k.ito"}, {"password", first}, {"new", "nine green bottles hanging"}})["ok"] == true);
  const auto rows = Desk::rows(d.harbor, Access::kAccount);
  CHECK(std::any_of(rows.begin(), rows.end(), [](const ledger::LedgerRow& r) { return r.words == "recovered with what unlocks the agent's keys: k.ito" && !r.login.empty(); }));
  CHECK(mo.ok("inbox.list")["ok"] == true);  // nobody else is touched
}

TEST_CASE("whoever keeps the accounts sees who is signed in, and signs a person out on every device") {
  Desk d;
  const Browser keeper = d.enter(d.harbor, "k.ito", {"keeper"}), phone = d.enter(d.harbor, "m.okafor", {"intake"}), desk = d.enter(d.harbor, "m.okafor", {"intake"});
  const Json all = keeper.ok("people.sessions")["sessions"];
  std::multiset<std::string> logins;
  for (const Json& s : all) {
    logins.insert(s["login"]);
    CHECK(s["device"] == "Chromium on Linux");
    CHECK(base::parse_rfc3339(s["since"].get<std::string>()));
  }
  CHECK(logins == std::multiset<std::string>{"k.ito", "m.okafor", "m.okafor"});
  CHECK(phone.refused("people.sessions", Json::object(), 403)["mend"] == "it needs: keys");
  CHECK(keeper.ok("people.sign_out", {{"login", "m.okafor"}})["ended"] == 2);
  CHECK(phone.post("inbox.list").status == 401);
  CHECK(desk.post("inbox.list").status == 401);
  CHECK(keeper.ok("people.sessions")["sessions"].size() == 1);
  CHECK(Desk::rows(d.harbor, Access::kSignOut).back().words == "signed out by whoever keeps the accounts");
}

TEST_CASE("a role without the action is refused, and the ledger has who tried what") {
  Desk d;
  const std::string thread = d.arrived(d.stb, d.harbor);
  const Browser clerk = d.enter(d.harbor, "c.clerk", {"clerk"}), adult = d.enter(d.harbor, "a.adult", {"adult"});
  CHECK(clerk.refused("inbox.show", {{"thread", thread}}, 403)["kind"] == "denied");
  CHECK(clerk.refused("inbox.list", Json::object(), 403)["mend"] == "it needs: view_timeline");
  CHECK(adult.refused("inbox.act", {{"thread", thread}, {"action", "decline"}, {"reason_class", "capacity"}}, 403)["kind"] == "denied");
  CHECK(adult.refused("inbox.act", {{"thread", thread}, {"action", "status"}, {"status", "rejected"}}, 403)["kind"] == "denied");
  CHECK(adult.refused("send", {{"thread", thread}, {"kind", "StatusUpdate"}, {"body", {{"kind", "StatusUpdate"}, {"status_update", {{"status", "rejected"}}}}}}, 403)["kind"] == "denied");
  CHECK(adult.refused("audit.search", Json::object(), 403)["kind"] == "denied");
  CHECK(adult.refused("ledger.list", {{"thread", thread}}, 403)["kind"] == "denied");
  CHECK(d.harbor.phase(*base::parse_uuid(thread)) == schemas::Phase::kReceived);
  const auto denied = Desk::rows(d.harbor, Access::kDenied);
  REQUIRE(denied.size() == 7);
  CHECK(word(denied[0]) == "denied c.clerk inbox.show: needs view_timeline");
  CHECK(denied[0].thread_id == *base::parse_uuid(thread));
  CHECK(denied[0].role == "clerk");
  CHECK(denied[0].device == "Chromium on Linux");
  CHECK(word(denied[2]) == "denied a.adult inbox.act decline: needs decline");
}

TEST_CASE("a thread that a role is kept from is not there: not in lists, not by its id, not by its messages, not to act on") {
  Desk d;
  const std::string minor = d.arrived(d.stb, d.harbor, {{"labels", {"minor"}}}), other = d.arrived(d.stb, d.harbor);
  const std::string message = base::uuid(d.harbor.messages(*base::parse_uuid(minor))[0].msg_id);
  const Browser adult = d.enter(d.harbor, "a.adult", {"adult"}), intake = d.enter(d.harbor, "m.okafor", {"intake"});
  CHECK(intake.ok("inbox.list")["threads"].size() == 2);
  const Json list = adult.ok("inbox.list")["threads"];
  REQUIRE(list.size() == 1);
  CHECK(list[0]["thread"] == other);
  const Json loops = adult.ok("loops")["loops"], timers = adult.ok("timers")["timers"];
  for (const Json& row : loops) CHECK(row["thread"] != minor);
  for (const Json& row : timers) CHECK(row["thread"] != minor);
  const Json hidden = adult.refused("inbox.show", {{"thread", minor}}, 404), made_up = adult.refused("inbox.show", {{"thread", kNobody}}, 404);
  CHECK(hidden == made_up);
  CHECK(adult.refused("inbox.act", {{"thread", minor}, {"action", "accept"}}, 404) == made_up);
  CHECK(adult.refused("timers", {{"thread", minor}}, 404) == made_up);
  CHECK(adult.refused("ledger.printed", {{"thread", minor}}, 404) == made_up);
  CHECK(adult.refused("attachment.save", {{"message", message}}, 404) == adult.refused("attachment.save", {{"message", kNobody}}, 404));
  CHECK(adult.refused("message", {{"message", message}}, 404)["kind"] == "not_found");
  CHECK(adult.call("GET", "/api/v1/file/" + message + "/1").status == 404);
  CHECK(d.harbor.phase(*base::parse_uuid(minor)) == schemas::Phase::kReceived);
  const auto denied = Desk::rows(d.harbor, Access::kDenied);
  REQUIRE_FALSE(denied.empty());
  CHECK(denied[0].thread_id == *base::parse_uuid(minor));
  CHECK(denied[0].words == "inbox.show: not to be seen");

  SUBCASE("a role of one service") {
    const std::string bed = d.arrived(d.stb, d.harbor, {{"service", {{"code", "CSU_BED"}}}});
    const Browser beds = d.enter(d.harbor, "b.beds", {"beds"});
    const Json mine = beds.ok("inbox.list")["threads"];
    REQUIRE(mine.size() == 1);
    CHECK(mine[0]["thread"] == bed);
    CHECK(beds.refused("inbox.show", {{"thread", other}}, 404) == made_up);
  }
  SUBCASE("in a tell, which is another way to name a thread") {
    CHECK(intake.post("handoff", {{"to", "stb"}, {"phase", "offer"}, {"tell", {minor}}}).status != 403);
    CHECK(adult.post("handoff", {{"thread", other}, {"phase", "take"}, {"tell", {minor}}}).status == 404);
  }
}

TEST_CASE("operators' operations are not for the web, whoever asks") {
  Desk d;
  const Browser keeper = d.enter(d.harbor, "k.keeper", {"keeper", "intake", "privacy"});
  for (const agent::api::OpRow& op : agent::api::ops()) {
    if (op.rule.who() != Rule::Who::kOperator) continue;
    CHECK(keeper.refused(std::string(op.name), {{"dir", "/tmp/none"}}, 404) == keeper.refused("no.such", Json::object(), 404));
  }
}

TEST_CASE("what was shown, done, printed and reviewed is in the ledger with person, role, device, fields and basis") {
  Desk d;
  const std::string thread = d.arrived(d.stb, d.harbor);
  const auto id = *base::parse_uuid(thread);
  const Browser mo = d.enter(d.harbor, "m.okafor", {"intake"}), privacy = d.enter(d.harbor, "p.privacy", {"privacy"});
  mo.ok("inbox.list");
  mo.ok("inbox.show", {{"thread", thread}});
  mo.ok("ledger.printed", {{"thread", thread}});
  const Json accepted = mo.ok("inbox.act", {{"thread", thread}, {"action", "accept"}, {"name", "M. Okafor"}, {"role", "RN"}, {"callback", "+1-555-0142"}, {"expected_at", "2026-10-05T16:00:00Z"}});
  const auto open = Desk::rows(d.harbor, Access::kOpen);
  REQUIRE(open.size() == 1);
  CHECK(open[0].thread_id == id);
  CHECK(open[0].login == "m.okafor");
  CHECK(open[0].role == "intake");
  CHECK(open[0].device == "Chromium on Linux");
  CHECK(open[0].basis == "emergency");
  CHECK(std::ranges::find(open[0].fields, "referral.subject") != open[0].fields.end());
  CHECK(std::ranges::find(open[0].fields, "referral.risk") == open[0].fields.end());
  CHECK(Desk::rows(d.harbor, Access::kList).back().words == "inbox.list 1 threads");
  CHECK(Desk::rows(d.harbor, Access::kPrint)[0].thread_id == id);
  const auto acts = Desk::rows(d.harbor, Access::kAct);
  REQUIRE(acts.size() == 1);
  CHECK(acts[0].words == "inbox.act accept");
  CHECK(base::uuid(acts[0].msg_id) == accepted["message"].get<std::string>());

  SUBCASE("the privacy officer reads it, newest first, and no content with it") {
    const Json rows = privacy.ok("ledger.list", {{"thread", thread}})["rows"];
    REQUIRE(rows.size() == 3);
    CHECK(rows[0]["access"] == "act");
    CHECK(rows[2]["person"] == "m.okafor");
    CHECK(rows.dump().find("Canaryworth") == std::string::npos);
    CHECK(privacy.ok("ledger.list", {{"thread", thread}, {"access", "print"}})["rows"].size() == 1);
    const Json page = privacy.ok("ledger.list", {{"thread", thread}, {"limit", 2}});
    CHECK(page["rows"].size() == 2);
    CHECK(privacy.ok("ledger.list", {{"thread", thread}, {"limit", 2}, {"after", page["next"]}})["rows"].size() == 1);
    CHECK(privacy.ok("ledger.verify")["holds"] == true);
    CHECK(privacy.refused("inbox.show", {{"thread", thread}}, 403)["kind"] == "denied");
  }
  SUBCASE("what the policy or the referral's life refuses is on record too") {
    CHECK(mo.post("inbox.act", {{"thread", thread}, {"action", "accept"}, {"name", "x"}, {"callback", "+1-555-0142"}}).status != 200);
  }
}

TEST_CASE("an act and its row are one commit; an act that came to nothing leaves no row of having been done") {
  Desk d;
  const std::string thread = d.arrived(d.stb, d.harbor);
  const Browser mo = d.enter(d.harbor, "m.okafor", {"intake"});
  const std::size_t before = Desk::rows(d.harbor, Access::kAct).size();
  CHECK(mo.post("follow_up", {{"thread", thread}, {"mark", "FU24"}, {"result", "no such code"}}).status == 400);
  CHECK(Desk::rows(d.harbor, Access::kAct).size() == before);
  const Json sent = mo.ok("send", {{"to", "stb"}, {"kind", "SecureMessage"}, {"purpose", "TREAT"}, {"body", {{"kind", "SecureMessage"}, {"authority_basis", "treatment"}, {"secure_message", {{"text", "Canaryworth"}}}}}});
  const auto acts = Desk::rows(d.harbor, Access::kAct);
  REQUIRE(acts.size() == before + 1);
  CHECK(base::uuid(acts.back().thread_id) == sent["thread"].get<std::string>());  // a thread that did not exist when it was asked for
  CHECK(base::uuid(acts.back().msg_id) == sent["message"].get<std::string>());
}
