// The referral story from a terminal: what is asked of the agent, and what a person sees. Names appear only where they were asked for.
#include <filesystem>
#include <fstream>

#include "schemas/json.h"
#include "tests/unit/cli/kit.h"

#include <doctest/doctest.h>  // last: its CHECK takes the place of crypto/base/check.h's

using namespace cli_kit;

namespace {

const char* const kName = "Quillfeather";

std::vector<std::string> typed(std::vector<std::string> more = {}) {
  std::vector<std::string> words{"send",       "--to",           "harbor",    "--kind",      "Referral",    "--urgency", "urgent",
                                 "--reason",   "WELFARE",        "--service", "CRISIS_EVAL", "--family",    kName,       "--given",
                                 "Jordan",     "--dob",          "1992-02",   "--callback",  "+1-555-0199", "--basis",   "emergency",
                                 "--location", "12 Example Way", "--ref",     "APD-1"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Json taken(bool repeat = false) { return {{"ok", true}, {"thread", kThread}, {"message", kMessage}, {"repeat", repeat}}; }

Json thread(const std::string& subject) {
  return {{"thread", kThread},
          {"from", "apd"},
          {"to", "harbor"},
          {"kind", "Referral"},
          {"phase", "received"},
          {"loop", "open"},
          {"urgency", "urgent"},
          {"subject", subject},
          {"reason", "seen with " + subject},
          {"updated", "2026-10-05T14:00:00.000Z"},
          {"unread", true},
          {"expired", false}};
}

}  // namespace

TEST_CASE("a typed referral becomes a body that the model accepts") {
  Desk desk(taken());
  const Ran r = desk.handoff(typed({"--purpose", "CRISIS", "--dedupe-key", "k1", "--test"}));
  REQUIRE(r.code == 0);
  CHECK(holds(r.out, kThread));
  const Json q = desk.agent.requests().at(0);
  CHECK(q["op"] == "send");
  CHECK(q["to"] == "harbor");
  CHECK(q["purpose"] == "CRISIS");
  CHECK(q["dedupe_key"] == "k1");
  CHECK(q["test"] == true);
  const auto body = schemas::body_from_json(q["body"]);
  REQUIRE_MESSAGE(body.ok(), (body.ok() ? "" : body.error().message()));
  const auto& referral = std::get<schemas::Referral>(body->payload);
  CHECK(referral.subject.name.family == kName);
  CHECK(referral.subject.dob == "1992-02");
  CHECK(referral.reasons.at(0).code == "WELFARE");
  CHECK(referral.service.code == "CRISIS_EVAL");
  CHECK(referral.requester.phone == "+1-555-0199");
  CHECK(referral.incident_ref == "APD-1");
}

TEST_CASE("an unknown person has a descriptor instead of a name; half a referral is refused here") {
  Desk desk(taken());
  CHECK(desk.handoff({"send", "--to", "harbor", "--kind", "Referral", "--urgency", "urgent", "--service", "CRISIS_EVAL", "--callback", "1",
                      "--unknown", "--descriptor", "grey coat"})
            .code == 0);
  const Json q = desk.agent.requests().at(0);
  CHECK(q["body"]["referral"]["subject"] == Json{{"unknown", true}, {"descriptor", "grey coat"}});
  CHECK(schemas::body_from_json(q["body"]).ok());
  const Ran nobody =
      desk.handoff({"send", "--to", "harbor", "--kind", "Referral", "--urgency", "urgent", "--service", "CRISIS_EVAL", "--callback", "1"});
  CHECK(nobody.code == 2);
  CHECK(holds(nobody.err, "--family"));
  const Ran mixed = desk.handoff(typed({"--text", "hello"}));
  CHECK(mixed.code == 2);
  CHECK(holds(mixed.err, "--text"));
  CHECK(desk.agent.requests().size() == 1);
}

TEST_CASE("the same key again is told as such") {
  Desk desk(taken(true));
  CHECK(holds(desk.handoff(typed()).out, "nothing is sent twice"));
  CHECK(desk.handoff(typed({"--json"})).json() == taken(true));
}

TEST_CASE("a message goes on with a thread") {
  Desk desk(taken());
  CHECK(desk.handoff({"send", "--thread", "0199a1b2000070008000000000000001", "--kind", "SecureMessage", "--text", "on our way"}).code ==
        0);
  const Json q = desk.agent.requests().at(0);
  CHECK(q["thread"] == kThread);
  CHECK_FALSE(q.contains("to"));
  CHECK(schemas::body_from_json(q["body"]).ok());
}

TEST_CASE("a file is a body, an HL7 message, a FHIR bundle or standard input") {
  Desk desk(taken());
  const std::string body = R"({"kind":"SecureMessage","secure_message":{"text":"hello"}})";
  const std::string hl7 = "MSH|^~\\&|A|B|C|D|20261005||REF^I12|1|P|2.5.1\r", fhir = R"({"resourceType":"Bundle","type":"message"})";
  CHECK(desk.handoff({"send", "--to", "h", "--kind", "SecureMessage", "--file", desk.home.put("body.json", body)}).code == 0);
  CHECK(desk.handoff({"send", "--to", "h", "--kind", "Referral", "--file", desk.home.put("a.hl7", hl7)}).code == 0);
  CHECK(desk.handoff({"send", "--to", "h", "--kind", "Referral", "--file", "-"}, fhir).code == 0);
  const auto asked = desk.agent.requests();
  REQUIRE(asked.size() == 3);
  CHECK(asked[0]["body"] == Json::parse(body));
  CHECK(asked[1]["format"] == "hl7v2");
  CHECK(asked[1]["text"] == hl7);
  CHECK(asked[2]["format"] == "fhir-r4");
}

TEST_CASE("a file that is no such thing is refused by its place, without quoting it") {
  Desk desk(taken());
  const std::string broken = desk.home.put("broken.json", std::string("{\"kind\": \"Referral\", ") + kName),
                    wrong = desk.home.put(
                        "wrong.json", std::string(R"({"kind":"Referral","referral":{"subject":{"dob":["NAME"]}}})").replace(48, 4, kName));
  for (const std::string& path : {broken, wrong, desk.home.path + "/none.json"}) {
    const Ran r = desk.handoff({"send", "--to", "h", "--kind", "Referral", "--file", path});
    CHECK(r.code == 2);
    CHECK(holds(r.err, path));
    CHECK_FALSE(holds(r.err, kName));
  }
  CHECK(desk.agent.requests().empty());
}

TEST_CASE("the list names nobody unless asked, not even as JSON") {
  Desk desk(Json{{"ok", true}, {"threads", {thread(kName)}}, {"next", 41}});
  const Ran plain = desk.handoff({"inbox", "list", "--open", "--limit", "3", "--after", "90"}),
            json = desk.handoff({"inbox", "list", "--json"});
  CHECK(desk.agent.requests().at(0) == Json{{"op", "inbox.list"}, {"open", true}, {"limit", 3}, {"after", 90}});
  CHECK(plain.code == 0);
  CHECK(holds(plain.out, kThread));
  CHECK(holds(plain.out, "--after 41"));
  CHECK_FALSE(holds(plain.out + json.out, kName));
  CHECK(json.json()["threads"][0]["thread"] == kThread);
  CHECK(holds(desk.handoff({"inbox", "list", "--names"}).out, kName));
  CHECK(desk.handoff({"inbox", "list", "--names", "--json"}).json()["threads"][0]["subject"] == kName);
}

TEST_CASE("the list keeps its width and its lines whatever the other side wrote") {
  Json odd = thread("\x1b[31m" + std::string(200, 'x') + "\r\nfake line");
  odd["from"] = std::string(80, 'f');
  Desk desk(Json{{"ok", true}, {"threads", {odd, thread("日本")}}, {"next", nullptr}});
  const Ran r = desk.handoff({"inbox", "list", "--names"});
  CHECK(widest_line(r.out) <= 100);
  CHECK_FALSE(holds(r.out, "\x1b"));
  CHECK_FALSE(holds(r.out, "\nfake"));
  Desk empty(Json{{"ok", true}, {"threads", Json::array()}, {"next", nullptr}});
  CHECK(empty.handoff({"inbox", "list"}).out == "nothing here\n");
}

TEST_CASE("show prints one thread whole; files are counted, machines' fields left out") {
  const Json body{{"kind", "Referral"},
                  {"referral",
                   {{"subject", {{"name", {{"family", kName}}}}},
                    {"notes", {"one", "two"}},
                    {"attachments", {{{"title", "scan"}, {"data", std::string(400, 'Q')}}}}}},
                  {"seen", {{"size", 7}}}};
  Desk desk(Json{{"ok", true},
                 {"thread", kThread},
                 {"phase", "received"},
                 {"loop", "open"},
                 {"requester", false},
                 {"other", "apd"},
                 {"events",
                  {{{"message", kMessage},
                    {"kind", "Referral"},
                    {"from", "apd"},
                    {"outgoing", false},
                    {"at", "2026-10-05T14:00:00.000Z"},
                    {"state", "received"},
                    {"body", body}}}}});
  const Ran r = desk.handoff({"inbox", "show", kThread});
  CHECK(r.code == 0);
  CHECK(holds(r.out, std::string("referral.subject.name.family: ") + kName));
  CHECK(holds(r.out, "notes[2]: two"));
  CHECK(holds(r.out, "data: (300 bytes)"));
  CHECK_FALSE(holds(r.out, "seen"));
  CHECK(holds(r.out, "referred to us by apd"));
  CHECK(widest_line(r.out) <= 100);
}

TEST_CASE("each answer to a referral is one action with the fields that belong to it") {
  Desk desk(Json{{"ok", true}, {"thread", kThread}, {"message", kMessage}, {"phase", "accepted"}});
  const std::vector<std::pair<std::vector<std::string>, Json>> acts{
      {{"accept", "--name", "M. Okonjo", "--role", "clinician", "--callback", "1", "--expected-at", "2026-10-05T15:00:00Z", "--place",
        "east door"},
       {{"action", "accept"},
        {"name", "M. Okonjo"},
        {"role", "clinician"},
        {"callback", "1"},
        {"expected_at", "2026-10-05T15:00:00.000Z"},
        {"place", "east door"}}},
      {{"decline", "--class", "capacity", "--reason", "CAP_NO_BED"},
       {{"action", "decline"}, {"reason_class", "capacity"}, {"reason", "CAP_NO_BED"}}},
      {{"info", "--text", "any allergies?"}, {{"action", "info"}, {"text", "any allergies?"}}},
      {{"answer", "--text", "none"}, {{"action", "status"}, {"status", "received"}, {"text", "none"}}},
      {{"close"}, {{"action", "status"}, {"status", "completed"}}},
      {{"schedule", "--appointment-at", "2026-10-07"}, {{"action", "schedule"}, {"appointment_at", "2026-10-07T00:00:00.000Z"}}},
      {{"start"}, {{"action", "start"}}},
      {{"hold", "--reason", "in-surgery"}, {{"action", "hold"}, {"reason", "in-surgery"}}},
      {{"complete", "--outcome", "ENGAGED"}, {{"action", "complete"}, {"outcome", "ENGAGED"}}},
      {{"cancel", "--reason", "IMPROVED"}, {{"action", "cancel"}, {"reason", "IMPROVED"}}}};
  for (const auto& [typed_words, expected] : acts) {
    std::vector<std::string> words{"inbox", typed_words[0], kThread};
    words.insert(words.end(), typed_words.begin() + 1, typed_words.end());
    const Ran r = desk.handoff(words);
    CAPTURE(typed_words[0]);
    CHECK(r.code == 0);
    CHECK(holds(r.out, "is now accepted"));
    Json whole = expected;
    whole["op"] = "inbox.act";
    whole["thread"] = kThread;
    CHECK(desk.agent.requests().back() == whole);
  }
  CHECK(desk.handoff({"inbox", "start", kThread, "--outcome", "x"}).code == 2);  // an option of another answer
}

TEST_CASE("files go along with a message, each with its name and its type") {
  Desk desk(taken());
  const std::string pdf = desk.home.put("form.pdf", "%PDF"), odd = desk.home.put("note", "hello");
  REQUIRE(desk.handoff(typed({"--attach", pdf, "--attach", odd + ":text/plain"})).code == 0);
  REQUIRE(desk.handoff({"send", "--thread", kThread, "--kind", "SecureMessage", "--attach", pdf}).code == 0);
  const auto asked = desk.agent.requests();
  const auto body = schemas::body_from_json(asked.at(0)["body"]);
  REQUIRE_MESSAGE(body.ok(), (body.ok() ? "" : body.error().message()));
  const auto& files = std::get<schemas::Referral>(body->payload).attachments;
  REQUIRE(files.size() == 2);
  CHECK(files[0].title == "form.pdf");
  CHECK(files[0].media_type == "application/pdf");
  CHECK(base::to_string(files[0].data) == "%PDF");
  CHECK(files[1].title == "note");
  CHECK(files[1].media_type == "text/plain");
  CHECK(asked.at(1)["body"]["secure_message"]["attachments"].size() == 1);
  CHECK(desk.handoff(typed({"--attach", desk.home.path + "/none"})).code == 2);
  CHECK(desk.handoff({"send", "--to", "h", "--kind", "StatusUpdate", "--file", desk.home.put("s.json", R"({"kind":"StatusUpdate","status_update":{}})"), "--attach", pdf}).code == 2);
  CHECK(desk.agent.requests().size() == 2);
}

TEST_CASE("an attachment is written to a new file, in pieces, for its owner alone") {
  Desk desk([](const Json& q) {
    const bool first = q["from"] == 0;
    Json answer{{"ok", true}, {"media_type", "text/plain"}, {"data", base::base64(base::view(first ? "hello " : "world"))}, {"next", first ? Json(6) : Json()}};
    return std::vector<std::string>{answer.dump()};
  });
  const std::string path = desk.home.path + "/got.txt";
  const Ran r = desk.handoff({"inbox", "attachment", kMessage, "2", "-o", path});
  REQUIRE(r.code == 0);
  CHECK(holds(r.out, "wrote 11 bytes"));
  CHECK(desk.agent.requests().at(0) == Json{{"op", "attachment.save"}, {"message", kMessage}, {"number", 2}, {"from", 0}});
  CHECK(desk.agent.requests().at(1)["from"] == 6);
  std::ifstream in(path);
  CHECK(std::string(std::istreambuf_iterator<char>(in), {}) == "hello world");
  CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::all) == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  CHECK(desk.handoff({"inbox", "attachment", kMessage, "2", "-o", path}).code == 2);  // it is there already
  Desk refused(Json{{"ok", false}, {"error", {{"kind", "denied"}, {"what", "the virus scan refused this attachment"}, {"where", "attachment"}, {"mend", ""}}}});
  CHECK(refused.handoff({"inbox", "attachment", kMessage, "1", "-o", refused.home.path + "/x"}).code == 1);
  CHECK_FALSE(std::filesystem::exists(refused.home.path + "/x"));
}
