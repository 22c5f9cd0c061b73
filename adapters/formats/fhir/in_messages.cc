// Communication and DocumentReference -> SecureMessage; Encounter -> EncounterNotification; Consent -> Consent.
#include <nlohmann/json.hpp>

#include "adapters/formats/fhir/in.h"
#include "adapters/formats/fhir/parts.h"

namespace adapters::formats::fhir {
namespace {

void add(std::string& text, const std::string& line) {
  if (!line.empty()) text += (text.empty() ? "" : "\n") + line;
}
std::string full_name(const schemas::Name& n) { return n.given.empty() ? n.family : n.family.empty() ? n.given : n.given + " " + n.family; }

base::Instant instant_in(const Node& n, Read& r) {
  std::string text = n.text();
  if (text.empty()) return {};
  if (is_date(text) && text.size() < 10) text += text.size() == 4 ? "-01-01" : "-01";
  if (is_date(text)) text += "T00:00:00Z";
  const auto t = base::parse_rfc3339(text);
  if (!t) warn(r, n, "not a date, or before 1970");
  return t.value_or(base::Instant{});
}

}  // namespace

void communication_in(const Node& n, Read& r) {
  r.kind = "SecureMessage";
  schemas::SecureMessage m;
  for (const char* about : {"about", "basedOn", "partOf", "inResponseTo"}) {
    for (const Node& reference : n[about].each()) ref_in(reference, r);
  }
  refs_in(n["identifier"], r);
  labels_in(n, r.body.labels, r);
  const std::string status = n["status"].text();
  if (status == "not-done" || status == "entered-in-error" || status == "stopped")
    r.error = base::Error{base::Kind::kUnsupported, "a communication that did not take place", n["status"].path(), "send status completed"};
  add(m.text, words_in(n["topic"]));
  for (const Node& p : n["payload"].each()) {
    add(m.text, p["contentString"].text());
    for (auto& a : attachment_in(p["contentAttachment"], r)) m.attachments.push_back(std::move(a));
    if (const Node reference = p["contentReference"]; reference) {
      const Node there = n.document()->resolve(reference);
      for (const Node& c : there["content"].each()) {
        for (auto& a : attachment_in(c["attachment"], r)) m.attachments.push_back(std::move(a));
      }
      if (there && there.is() == "DocumentReference") there["status"].pass();
      if (!there) add(m.text, reference["display"].text());
    }
  }
  add(m.text, note_in(n["note"]));
  std::string agency;
  const schemas::Contact sender = person_in(n["sender"], r, &agency);
  m.author_name = full_name(sender.name), m.author_role = sender.role;
  r.from = agency;
  if (n["recipient"]) r.to = agency_in(n["recipient"].first());
  for (const char* known : {"subject", "sent", "received", "category", "medium", "priority"}) n[known].pass();
  if (m.text.empty() && m.attachments.empty() && !r.error)
    r.error = base::malformed("a message without text and without attachment", n["payload"].path(), "put the text into payload.contentString");
  r.body.payload = std::move(m);
}

void document_in(const Node& n, Read& r) {
  r.kind = "SecureMessage";
  schemas::SecureMessage m;
  for (const Node& related : n["context"]["related"].each()) ref_in(related, r);
  refs_in(n["identifier"], r);
  labels_in(n, r.body.labels, r);
  for (const Node& s : n["securityLabel"].each()) {
    if (const std::string code = code_in(s).code; code == "42CFRPart2") r.body.labels.emplace_back("part2");
  }
  if (n["status"].text() == "entered-in-error") r.error = base::Error{base::Kind::kUnsupported, "a document entered in error", n["status"].path()};
  add(m.text, n["description"].text());
  const std::string type = words_in(n["type"]);
  if (m.text.empty()) m.text = type;
  for (const Node& c : n["content"].each()) {
    for (auto& a : attachment_in(c["attachment"], r)) m.attachments.push_back(std::move(a));
    c["format"].pass();
  }
  if (const Node author = n["author"].first(); author) {
    const schemas::Contact who = person_in(author, r, &r.from);
    m.author_name = full_name(who.name), m.author_role = who.role;
  }
  for (const char* known : {"subject", "date", "category", "docStatus"}) n[known].pass();
  if (m.attachments.empty() && !r.error)
    r.error = base::malformed("a document without content", n["content"].path(), "put it into content.attachment.data, or its Binary into the Bundle");
  r.body.payload = std::move(m);
}

void encounter_in(const Node& n, Read& r) {
  r.kind = "EncounterNotification";
  schemas::EncounterNotification e;
  for (const Node& based : n["basedOn"].each()) ref_in(based, r);
  e.visit = identifier_in(n["identifier"]);
  if (e.visit.empty()) e.visit = n["id"].text();
  refs_in(n["identifier"], r);
  labels_in(n, r.body.labels, r);
  const std::string status = n["status"].text(), where = n["class"]["code"].text();
  n["class"].pass();
  const bool inpatient = where == "IMP" || where == "ACUTE" || where == "NONAC";
  if (status == "arrived" || status == "triaged") {
    e.event = "arrived";
  } else if (status == "in-progress" || status == "onleave") {
    e.event = inpatient ? "admitted" : "arrived";
  } else if (status == "finished") {
    e.event = "discharged";
  } else {
    r.error = base::Error{base::Kind::kUnsupported, "an encounter in this state has not taken place", n["status"].path(),
                          "use arrived, triaged, in-progress or finished"};
  }
  const std::string start = moment_in(n["period"]["start"], r), end = moment_in(n["period"]["end"], r);
  e.at = e.event == "discharged" && !end.empty() ? end : start;
  if (n["serviceProvider"]) e.facility = agency_in(n["serviceProvider"]);
  for (const Node& l : n["location"].each()) {
    const std::string place = display_in(l["location"]);
    if (e.facility.empty()) e.facility = place;
  }
  e.disposition = words_in(n["hospitalization"]["dischargeDisposition"]);
  e.subject = subject_in(n["subject"], n, r);
  if (!r.refs.empty()) e.in_reply_to_ref = r.refs.front();
  r.body.payload = std::move(e);
}

void consent_in(const Node& n, Read& r) {
  r.kind = "Consent";
  schemas::Consent c;
  c.id = identifier_in(n["identifier"]);
  if (c.id.empty()) c.id = n["id"].text();
  refs_in(n["identifier"], r);
  c.subject = subject_in(n["patient"], n, r);
  c.granted_at = instant_in(n["dateTime"], r);
  const std::string status = n["status"].text(), rule = code_in(n["policyRule"]).code;
  std::vector<std::string> labels;
  const std::string changed = n["meta"]["lastUpdated"].text();
  labels_in(n, labels, r);
  const Node p = n["provision"];
  c.discloser = n["organization"] ? agency_in(n["organization"].first()) : "";
  for (const Node& a : p["actor"].each()) {
    const std::string role = code_in(a["role"]).code, who = agency_in(a["reference"]);
    if (role == "CST" || role == "DELEGATEE" || role == "AUT") {
      if (c.discloser.empty()) c.discloser = who;
    } else if (!who.empty()) {
      c.recipients.push_back(who);
    }
  }
  for (const Node& purpose : p["purpose"].each()) c.purposes.push_back(purpose["code"].text()), purpose["system"].pass(), purpose["display"].pass();
  for (const Node& s : p["securityLabel"].each()) {
    const std::string code = s["code"].text();
    s["system"].pass(), s["display"].pass();
    if (code == "42CFRPart2" || code == "ETH" || code == "ETHUD" || code == "SUD") c.scope.emplace_back("part2"), c.part2 = true;
    if (code == "PSY" || code == "MH" || code == "BH") c.scope.emplace_back("mh");
    if (code == "HIV") c.scope.emplace_back("hiv");
  }
  (void)instant_in(p["period"]["start"], r);
  c.expires = instant_in(p["period"]["end"], r);
  c.method = n["sourceAttachment"] || n["sourceReference"] ? "written" : "";
  c.text = n["sourceAttachment"]["title"].text();
  c.signer = n["performer"] ? display_in(n["performer"].first()) : "";
  const std::string about = code_in(n["scope"]).code;
  for (const char* known : {"scope", "category"}) n[known].pass();
  p["action"].pass();
  if (status == "inactive") {
    c.revoked_at = base::parse_rfc3339(changed).value_or(base::Instant{});
    if (c.revoked_at.ms == 0) r.error = base::malformed("a consent that is no longer in force needs the time of its revocation", "Consent.meta.lastUpdated");
  } else if (status != "active") {
    r.error = base::Error{base::Kind::kUnsupported, "a consent that is not in force", n["status"].path(), "send it once it is active, or inactive when revoked"};
  }
  // A consent that forbids must never be carried as one that allows.
  if (p["type"].text() == "deny" || rule == "OPTOUT" || p["provision"])
    r.error = base::Error{base::Kind::kUnsupported, "a consent that denies, or allows with exceptions, cannot be carried", p["provision"] ? p["provision"].path() : n["policyRule"].path(),
                          "send what it allows as a Consent of its own, without nested provisions"};
  for (const char* narrower : {"data", "class", "code", "dataPeriod"}) {
    if (p[narrower] && !r.error) r.error = base::Error{base::Kind::kUnsupported, "a limit that a consent here cannot say", p[narrower].path(), "name the scope by provision.securityLabel"};
  }
  if (!about.empty() && about != "patient-privacy" && !r.error) r.error = base::Error{base::Kind::kUnsupported, "not a consent to disclosure", n["scope"].path()};
  if (c.recipients.empty() && !r.error) warn(r, p["actor"], "no recipient is named");
  if (c.scope.empty() && !r.error) warn(r, p["securityLabel"], "the scope is not named: it covers nothing that is labelled");
  r.body.payload = std::move(c);
}

}  // namespace adapters::formats::fhir
