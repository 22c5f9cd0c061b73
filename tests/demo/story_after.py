"""Alder County, steps 9 to 12: what may be shared and what may not, the days after, and the loops that close."""
import json

from stage import Failed, eventually
from story_crisis import loop, phase
from telling import CANARY, CARD, scene, tell


def consent_story(county, referral):
    county.to("15:10")
    scene("9. A treatment program's records: with consent, to whom it names, and no further")
    asked = county.handoff("stb", "send", "--to", "river", "--kind", "SecureMessage", "--purpose", "TREAT", "--basis", "treatment",
                           "--text", "We have your patient here. Current dose, last visit?", "--role", "clinician_md")["thread"]
    eventually("the question at Rivermark", lambda: county.thread_of("river", asked))
    without = county.fails("river", "send", "--thread", asked, "--kind", "SecureMessage", "--purpose", "TREAT", "--basis", "consent", "--text", "On methadone.", "--role", "clinician")
    tell("Rivermark", f"without a consent: rule {without['where']}: refused before it is sealed")
    county.handoff("river", "consent", "add", county.file("consent.json", {
        "id": "C-2041", "form_version": "2024", "discloser": "river", "recipients": ["stb"], "scope": ["part2"], "purposes": ["TREAT"],
        "granted_at": county.at("15:05"), "expires": county.at("15:05", days=90), "method": "written", "signer": "patient", "part2": True,
        "subject": {"name": {"family": CANARY, "given": "Jordan"}, "dob": "1992-02-14"},
        "text": "I agree that Rivermark Recovery tells St. Brigid Hospital about my treatment, for my treatment there."}))
    sent = county.handoff("river", "send", "--thread", asked, "--kind", "SecureMessage", "--purpose", "TREAT", "--basis", "consent", "--consent", "C-2041",
                          "--text", "Methadone 80 mg daily, last dose this morning.", "--role", "clinician")
    seen = eventually("the answer at St. Brigid", lambda: county.message("stb", asked, sent["message"]))["body"]
    if "42 CFR part 2" not in seen.get("notice", "") or seen.get("consent_copy", {}).get("id") != "C-2041" or seen.get("labels") != ["part2"]:
        raise Failed("a Part 2 disclosure arrived without its notice, its consent or its label")
    tell("Rivermark", "with the patient's consent for St. Brigid: sent, with the notice of 42 CFR 2.32 and a copy of the consent inside")
    denied = county.fails("stb", "forward", sent["message"], "--to", "apd", "--basis", "emergency")
    tell("St. Brigid", f"tries to pass it on to the police: {denied['what'].split(' (')[0]} (42 CFR)")
    listed = county.handoff("stb", "audit", "denials")["denials"]
    if not listed or listed[0]["to"] != "apd":
        raise Failed("the denial is not on record")
    tell("St. Brigid", f"audit denials: the refusal is on record, rule {listed[0]['rule']}")
    view = json.dumps(county.handoff("apd", "inbox", "show", referral))
    if "ethadone" in view or "dose" in view:
        raise Failed("the police read the treatment record")
    tell("Alder PD", "asks its own system what happened: accepted, handed over. Nothing else is there to be found")


def next_day(county, hospital, referral):
    county.to("09:00", days=1)
    scene("10. Tuesday: discharge, an outcome, and an appointment at the crisis center")
    county.discharge(hospital)
    county.handoff("stb", "inbox", "complete", referral, "--outcome", "TRANSFERRED", "--role", "clinician_md")
    eventually("the outcome at Alder PD", lambda: phase(county, "apd", referral) == "completed")
    tell("St. Brigid", "the system's discharge only proposes; a clinician confirms: completed, TRANSFERRED")
    county.handoff("apd", "inbox", "close", referral)
    tell("Alder PD", "takes note of the outcome: the loop is closed")
    message = county.referral_message("STB20261006-0001")
    if "MSA|AA" not in hospital.send(county.mllp_port, message) or "MSA|AA" not in hospital.send(county.mllp_port, message):
        raise Failed("the referral by HL7 got no positive ACK")
    tell("St. Brigid", "REF^I12 over MLLP from its own system: AA, on disk; the same again: AA, and nothing is sent twice")
    name, bundle = eventually("the referral as FHIR at Harborlight", lambda: county.clinic.find("Bundle", CARD))
    resources = [e["resource"] for e in bundle["entry"]]
    patient = next(r for r in resources if r["resourceType"] == "Patient")
    task = next(r for r in resources if r["resourceType"] == "Task")
    if patient["name"][0]["family"] != CANARY:
        raise Failed("the patient did not arrive")
    tell("Harborlight", f"finds a FHIR R4 Bundle in its folder: {', '.join(dict.fromkeys(r['resourceType'] for r in resources))}", file=name)
    county.clinic.answer({**county.clinic.task(task["id"], "accepted", "Peer will call the evening before."), "identifier": task["identifier"]})
    rri = eventually("the acceptance in HL7", lambda: next((m for m in hospital.received if "RRI^I12" in m and "|accepted|" in m), None))
    thread = next(s for s in rri.split("\r") if s.startswith("ZCR")).split("|")[2]
    tell("St. Brigid", "RRI^I12 over MLLP: accepted. The hospital's own system knows", thread=thread)
    county.handoff("harbor", "inbox", "schedule", thread, "--appointment-at", county.at("10:00", days=2), "--place", "Harborlight, room 4")
    eventually("the appointment", lambda: phase(county, "stb", thread) == "scheduled")
    tell("Harborlight", "an appointment: Wednesday 10:00")
    return thread


def follow_up(county, referral, mark):
    body = {"kind": "FollowUp", "follow_up": {"mark": mark, "result": "reached", "attempts": 1, "by_role": "peer"}, "authority_basis": "consent", "consent_ref": "C-17"}
    county.handoff("stb", "send", "--thread", referral, "--kind", "FollowUp", "--purpose", "COORD", "--file", county.file("follow-up.json", body))


def no_show(county, referral, thread):
    county.to("08:40", days=2)
    county.handoff("stb", "consent", "add", county.file("consent-17.json", {
        "id": "C-17", "form_version": "1", "discloser": "stb", "recipients": ["apd"], "scope": ["*"], "purposes": ["COORD"],
        "granted_at": county.at("08:30", days=1), "expires": county.at("08:30", days=60), "method": "written", "signer": "patient",
        "text": "The officers who brought me may hear how I am."}))
    follow_up(county, referral, "FU24")
    eventually("the follow-up at Alder PD", lambda: any(e["kind"] == "FollowUp" for e in county.handoff("apd", "inbox", "show", referral)["events"]))
    tell("St. Brigid", "follow-up at 24 hours: reached. The officers hear of it, because the person agreed that they may")
    county.to("10:20", days=2)
    scene("11. Wednesday: nobody comes; two calls later somebody does")
    county.status("harbor", thread, {"status": "no-show", "attempts": 2, "next_action": "peer calls again", "actor_role": "peer"})
    eventually("the no-show at St. Brigid", lambda: phase(county, "stb", thread) == "no-show")
    tell("Harborlight", "no-show; the peer calls twice")
    county.handoff("harbor", "inbox", "schedule", thread, "--appointment-at", county.at("15:00", days=2))
    county.to("15:00", days=2)
    county.handoff("harbor", "inbox", "start", thread, "--role", "clinician")
    eventually("the attendance", lambda: phase(county, "stb", thread) == "in-progress")
    tell("Harborlight", "15:00: the person is there. In progress, at both ends and on the county's board")


def closing(county, first, second, third):
    county.to("14:02", days=3)
    scene("12. Thursday, 72 hours after the call: reached, engaged, closed")
    follow_up(county, second, "FU72")
    county.handoff("harbor", "inbox", "complete", third, "--outcome", "ENGAGED", "--role", "clinician")
    county.handoff("harbor", "inbox", "follow-up", third, "--mark", "FU72", "--result", "reached", "--attempts", "1", "--role", "peer")
    eventually("the outcome at St. Brigid", lambda: phase(county, "stb", third) == "completed")
    county.handoff("stb", "inbox", "close", third)
    tell("Harborlight", "follow-up at 72 hours: reached. Outcome: ENGAGED")
    eventually("the closing at the county", lambda: (loop(county, "county", third) or {}).get("loop") == "closed")
    rows = {row["thread"]: row for row in county.handoff_any("county", "loops")["loops"]}
    states = [rows[t]["loop"] for t in (first, second, third)]
    if states[1:] != ["closed", "closed"] or rows[first]["phase"] != "rejected" or rows[first]["child"] != second:
        raise Failed(f"not every loop closed: {states}")
    print(county.handoff_text("county", "loops"))
    tell("Coordinator", "every loop is closed; the one that was declined went on as another, and that one closed")


def play(county, hospital, first, second):
    consent_story(county, second)
    third = next_day(county, hospital, second)
    no_show(county, second, third)
    closing(county, first, second, third)
    return third


def policy_story(county):
    scene("What if somebody changed the rules? Version 15: let the ambulance see Part 2 records without a consent")
    done = county.stage.run("handoff", "policy", "lint", county.version_15(), expect=1)
    print("\n".join("      " + line for line in done.strip().splitlines()[:4]))
    tell("authority", "policy lint refuses it, with line and reason; nobody can sign it. Version 14 stays in force")
