#!/usr/bin/env python3
"""Alder County, first cut: real processes on this machine's loopback play one hospital referral and one police referral to a crisis
center, and then a compliance officer asks the questions. Everything is fictional. Exit 0 only if every step held."""
import argparse
import json
import os
import shutil
import sys
import tempfile

from county import County
from stage import Failed, HospitalSystem, eventually, files_hold, memory_holds

CANARY = "Quillfeather-Zephyrine"  # the subject's made-up family name, looked for wherever it must not be
CARD = "MRN-7731-ALDER"
STORY = {}


def tell(who, words, **facts):
    print(f"  {who:<12} {words}", flush=True)
    STORY.setdefault("steps", []).append({"who": who, "what": words, **facts})


def scene(title):
    print(f"\n{title}", flush=True)


def referral(control_id):
    return "\r".join([
        f"MSH|^~\\&|EHR|STBRIGID|HANDOFF|HARBOR|20261005140200-0600||REF^I12^REF_I12|{control_id}|P|2.5.1|||||USA|UNICODE UTF-8",
        "RF1|P^Pending|S^Stat|PSY^Psychiatric||I|STB-REF-2041^STBRIGID|20261005140200-0600||||",
        "PRD|RP|Okafor^Amara^^^Dr|||+1-555-0110",
        "PRD|RT|^^^^^^Harborlight Crisis Center|||+1-555-0142",
        f"PID|1||{CARD}^^^STBRIGID^MR||{CANARY}^Jordan^^^||19920214|X|||12 Example Way^^Alder^CO^80000||+1-555-0177|||||||",
        "DG1|1||R45.851^Suicidal ideations^I10||20261005|A",
        "AL1|1|DA|70618^Penicillin^RXNORM|SV|Hives",
        "OBX|1|NM|8867-4^Heart rate^LN||96|/min|||||F",
        "NTE|1||Asked for help. Lives alone. Wants to talk to someone today.",
        ""])


def hospital_story(county, hospital):
    scene("1. St. Brigid's emergency department refers a person to Harborlight, in the language its system speaks")
    message = referral("STB20261005-0001")
    answer = hospital.send(county.mllp_port, message)
    if "MSA|AA|STB20261005-0001" not in answer:
        raise Failed(f"the referral got no positive ACK: {answer}")
    tell("St. Brigid", "sends REF^I12 over MLLP; gets AA: the referral is on disk at its own agent")
    again = hospital.send(county.mllp_port, message)
    if "MSA|AA" not in again:
        raise Failed("a repeat of the same message was not acknowledged")
    tell("St. Brigid", "sends the very same message again (systems do); gets AA, and nothing is sent twice")
    name, bundle = eventually("the referral as FHIR at Harborlight", lambda: county.fhir_out("Bundle"))
    resources = sorted(e["resource"]["resourceType"] for e in bundle["entry"])
    task = next(e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Task")
    patient = next(e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Patient")
    if patient["name"][0]["family"] != CANARY:
        raise Failed("the patient's name did not arrive")
    tell("Harborlight", f"finds a FHIR R4 Bundle in its folder: {', '.join(dict.fromkeys(resources))}", file=name)
    update = {"resourceType": "Task", "id": task["id"], "identifier": task["identifier"], "status": "accepted", "intent": "order",
              "businessStatus": {"text": "Bed held until 16:00"}, "note": [{"text": "Come to the east door; ask for intake."}]}
    county.answer_with(update)
    tell("Harborlight", "drops a Task into its folder: accepted")
    rri = eventually("the acceptance in HL7 at St. Brigid", lambda: next((m for m in hospital.received if "RRI^I12" in m and "|accepted|" in m), None))
    zcr = next(s for s in rri.split("\r") if s.startswith("ZCR"))
    tell("St. Brigid", f"receives RRI^I12 over MLLP; RF1-1 says {field(rri, 'RF1', 1).split('^')[0]}, and {zcr.split('|')[1]!r} in ZCR: the loop is acknowledged")
    return zcr.split("|")[2]


def field(message, segment, n):
    line = next(s for s in message.split("\r") if s.startswith(segment + "|"))
    return line.split("|")[n]


def police_story(county):
    scene("2. Alder Police refer from the command line; Harborlight's clinician answers from hers")
    sent = county.handoff("apd", "send", "--to", "harbor", "--kind", "Referral", "--urgency", "urgent", "--reason", "WELFARE", "--service", "CRISIS_EVAL",
                          "--family", CANARY, "--given", "Jordan", "--dob", "1992-02-14", "--callback", "+1-555-0199", "--basis", "emergency",
                          "--location", "12 Example Way", "--ref", "APD-26-10441")
    thread = sent["thread"]
    tell("Alder PD", f"handoff send --to harbor --kind Referral: thread {thread}", thread=thread)
    eventually("the referral in Harborlight's inbox", lambda: thread in [t["thread"] for t in county.handoff("harbor", "inbox", "list")["threads"]])
    shown = county.handoff("harbor", "inbox", "show", thread)
    tell("Harborlight", f"handoff inbox show: {shown['phase']} from {shown['other']}")
    county.handoff("harbor", "inbox", "accept", thread, "--name", "M. Okonjo", "--role", "clinician", "--callback", "+1-555-0142", "--expected-at", "2026-10-05T15:00:00Z")
    tell("Harborlight", "handoff inbox accept")
    eventually("the acceptance at Alder PD", lambda: county.handoff("apd", "inbox", "show", thread)["phase"] == "accepted")
    tell("Alder PD", "sees: accepted. Both agencies reduce the same events to the same state")
    return thread


def officer_story(county, thread, hub):
    scene("3. The compliance officer asks")
    trail = county.handoff("auditor", "audit", "trail", thread)
    rows = trail["rows"]
    if not rows or any(r["proof"] != "ok" for r in rows):
        raise Failed("the trail does not hold")
    print(county.handoff_text("auditor", "audit", "trail", thread))
    tell("auditor", f"audit trail: {len(rows)} messages, each proved against the signed log; the question itself is entry #{trail['access_index']}")
    eventually("everything logged", lambda: county.handoff("auditor", "audit", "verify")["ok"])
    tell("auditor", county.handoff_text("auditor", "audit", "verify").strip().splitlines()[-1])
    bundle = county.stage.path("proof.json")
    county.handoff_text("apd", "audit", "prove", rows[0]["message"] if rows[0]["from"] == "apd" else rows[-1]["message"], "-o", bundle)
    verdict = county.stage.run("handoff-verify", bundle)
    print("\n".join("      " + line for line in verdict.strip().splitlines()))
    tell("a court", "handoff-verify, offline, no hub code: the proof holds")
    forged = json.load(open(bundle))
    flip_deep(forged)
    json.dump(forged, open(bundle + ".forged", "w"))
    county.stage.run("handoff-verify", bundle + ".forged", expect=1)
    tell("a court", "the same proof with one character changed: refused")


def flip_deep(bundle):
    """Changes one hex or base64 character of the first long text it finds."""
    for key, value in bundle.items():
        if isinstance(value, dict) and flip_deep(value):
            return True
        if isinstance(value, str) and len(value) > 100 and "\n" not in value:
            at = len(value) // 2
            bundle[key] = value[:at] + ("A" if value[at] != "A" else "B") + value[at + 1:]
            return True
    return False


def blind_hub(county, hub):
    scene("4. What does the hub hold of the person?")
    for needle in (CANARY, CARD):
        if memory_holds(hub.pid, needle.encode()):
            raise Failed("the hub's memory holds the name")
    if not memory_holds(hub.pid, b"name harbor"):  # of a certificate: the hub got it at run time, so it is no constant of the program
        raise Failed("the search of the hub's memory does not even find what the hub must hold: it does not search")
    tell("intruder", "searches every page of the hub's memory for the name and the record number: not there")
    hub_files = county.stage.path("hub")
    for needle in (CANARY, CARD):
        if found := files_hold(hub_files, needle.encode()) or files_hold(county.stage.path("hub.log"), needle.encode()):
            raise Failed(f"the hub's files hold it: {found}")
    tell("intruder", "searches the hub's data folder and logs: not there")
    for slug in county.slugs:
        if found := files_hold(county.stage.path(slug, "store"), CANARY.encode()):
            raise Failed(f"an agent's store holds it in the clear: {found}")
    tell("intruder", "searches the agents' own stores, as a laptop thief would: sealed, not there")


def tamper(county):
    scene("5. One byte of the log, changed in a copy")
    copy = county.stage.path("hub-copy")
    county.stage.run("handoff-hub", "backup", county.stage.path("hub"), copy)
    whole = county.stage.run("handoff", "audit", "verify", "--store", copy, "--json")
    size = json.loads(whole)["entries"]
    index = flip_log_byte(copy, size // 2)
    out = county.stage.run("handoff", "audit", "verify", "--store", copy, "--json", expect=1)
    bad = json.loads(out)["first_bad"]["index"]
    if bad != index:
        raise Failed(f"entry {index} was changed, {bad} was named")
    tell("auditor", f"audit verify on the copy: entry #{bad} of {size} does not match the signed log. The real log still verifies")


def flip_log_byte(store, wanted):
    """Flips one bit inside the stored bytes of an ENT1 (they begin with SFE1) and returns that entry's index."""
    path = next(os.path.join(top, "data.mdb") for top, _, names in os.walk(store) if "data.mdb" in names and not top.endswith("index"))
    data = bytearray(open(path, "rb").read())
    places, at = [], data.find(b"SFE1")
    while at >= 0:
        key = int.from_bytes(data[at - 8:at], "big")
        if key < 1 << 32:
            places.append((abs(key - wanted), key, at))
        at = data.find(b"SFE1", at + 4)
    _, index, at = min(places)
    for _, other, where in places:  # a copy may keep an old page: change each one
        if other == index:
            data[where + 40] ^= 1
    open(path, "wb").write(data)
    return index


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True, help="folder with the built programs")
    parser.add_argument("--keep", action="store_true", help="leave everything running until Enter")
    parser.add_argument("--json", help="write the story's facts to this file")
    args = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="alder-county-")
    county = None
    try:
        print("Alder County: a hub that can read nothing, three agencies, and an auditor. All names are made up.")
        hospital = HospitalSystem()
        county = County(os.path.abspath(args.bin), folder, hospital.port)
        scene("0. The county sets itself up")
        hub = county.set_up(tell)
        hospital_story(county, hospital)
        thread = police_story(county)
        officer_story(county, thread, hub)
        blind_hub(county, hub)
        tamper(county)
        print("\nEvery loop was acknowledged, the log verified, and the hub knew no name.")
        STORY["ok"] = True
        if args.keep:
            county.invite()
    except Failed as failure:
        STORY["ok"] = False
        print(f"\nThe demo failed: {failure}", file=sys.stderr)
        print(f"Logs are in {folder}", file=sys.stderr)
    finally:
        if county:
            county.stage.stop()
        if args.json:
            json.dump(STORY, open(args.json, "w"), indent=2)
    if STORY.get("ok"):
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if STORY.get("ok") else 1


if __name__ == "__main__":
    sys.exit(main())
