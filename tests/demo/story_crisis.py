"""Alder County, steps 1 to 8: a call, a full crisis bed, the next agency, silence, escalation, acceptance, and the handing over at the door."""
import json

from stage import Failed, eventually
from telling import CANARY, scene, tell


def phase(county, who, thread):
    return county.handoff(who, "inbox", "show", thread)["phase"]


def loop(county, who, thread):
    return next((row for row in county.handoff_any(who, "loops")["loops"] if row["thread"] == thread), None)


def free_bed(county):
    scene("1. Monday afternoon: Harborlight has a bed, and says so to everybody; nobody's name is in it")
    county.handoff("harbor", "capacity", "set", "--service", "CSU_BED", "--state", "has", "--count", "1", "--minutes", "60")
    row = eventually("the bed at Alder PD", lambda: county.bed_at("apd", "harbor"))
    tell("Harborlight", "capacity set: CSU_BED, one free, good for 60 minutes")
    tell("Alder PD", f"sees it before anybody is named: {row['state']} ({row['count']})")


def refer(county):
    scene("2. A suicide call: the officer's report becomes a referral")
    thread = county.report_of_the_call()
    eventually("the machine's receipt", lambda: phase(county, "apd", thread) == "received")
    scene("3. It is there: delivered and opened is proved, not hoped")
    tell("Harborlight", "the agent opened it and said so: received. The officer's system knows within seconds", thread=thread)
    facts = eventually("the facts at the county", lambda: loop(county, "county", thread))
    tell("Coordinator", f"sees {facts['from']} -> {facts['to']}, {facts['urgency']}, {facts['service']}; decide by {county.local(facts['next']['at'])}. No name, no reason, no word of the report")
    return thread


def decline(county, thread):
    county.to("14:09")
    scene("4. The bed is gone: a coded no, in three taps, with a better idea")
    county.handoff("harbor", "inbox", "decline", thread, "--class", "capacity", "--reason", "CAP_NO_BED", "--text", "Taken ten minutes ago. St. Brigid has a quiet room.")
    county.handoff("harbor", "capacity", "set", "--service", "CSU_BED", "--state", "none", "--minutes", "60")
    eventually("the decline at Alder PD", lambda: phase(county, "apd", thread) == "rejected")
    tell("Harborlight", "declines: CAP_NO_BED; and takes its bed off the board")
    seen = county.handoff("apd", "inbox", "show", thread)
    if "quiet room" in json.dumps(seen):
        raise Failed("the police were told more than the policy allows")
    tell("Alder PD", "sees: declined, for want of room. The free words stayed at Harborlight: the police's view has no place for them")


def reroute(county, thread):
    county.to("14:10")
    scene("5. One tap: the next agency of the county's order")
    offered = eventually("the offer", lambda: [n for n in county.handoff("apd", "notices")["notices"] if n["what"] == "offer_next"])
    tell("Alder PD", f"is offered: {offered[0]['words']}")
    child = county.handoff("apd", "reroute", thread, "--to", "stb")["thread"]
    eventually("the receipt at the hospital", lambda: phase(county, "apd", child) == "received")
    facts = eventually("the child at the county", lambda: loop(county, "county", child))
    if facts["parent"] != thread:
        raise Failed("the coordinator does not see that the second referral follows from the first")
    tell("Alder PD", "refers on to St. Brigid; the second referral knows its parent, so a hop is counted as a hop", thread=child)
    return child


def silence(county, thread):
    scene("6. Nobody looks. The clock does not forget, on either side")
    county.to("14:26")
    eventually("level 1", lambda: all((loop(county, who, thread) or {}).get("esc_level") == 1 for who in ("apd", "stb", "county")))
    tell("everybody", "escalation level 1: the charge nurse's supervisor is told. The referral itself is still what it was: received")
    county.to("14:36")
    eventually("level 2", lambda: (loop(county, "county", thread) or {}).get("esc_level") == 2)
    call = [n for n in county.handoff("stb", "notices")["notices"] if n["phone"]]
    if not call:
        raise Failed("no telephone number was shown: software must never be the only path")
    tell("Coordinator", "escalation level 2: an open loop past its time is on the county's board; and everyone is shown a telephone")


def accept(county, thread):
    county.to("14:37")
    scene("7. Two taps, late, and the report will say so")
    county.handoff("stb", "inbox", "accept", thread, "--name", "Charge nurse", "--role", "clinician_rn", "--callback", "+1-555-0111",
                   "--expected-at", county.at("15:00"), "--place", "Ambulance bay 2")
    eventually("the acceptance at Alder PD", lambda: phase(county, "apd", thread) == "accepted")
    shown = county.handoff("apd", "inbox", "show", thread)
    last = next(e for e in reversed(shown["events"]) if e["kind"] == "StatusUpdate")["body"]["status_update"]
    if last.get("place") != "Ambulance bay 2" or last.get("callback") != "+1-555-0111" or "actor_name" in last:
        raise Failed(f"the police learned the wrong things of the acceptance: {sorted(last)}")
    tell("St. Brigid", "accepts: bay 2, at 15:00, call +1-555-0111")
    tell("Alder PD", "learns where to drive and whom to call; not the clinician's name")


def warm_handoff(county, referral):
    county.to("14:58")
    scene("8. At the door: two signatures, and responsibility passes at the second")
    thread = county.ambulance_arrives()
    offered = eventually("the offer at St. Brigid", lambda: county.thread_of("stb", thread))
    if offered["responsible"] != "ace":
        raise Failed("responsibility passed before anybody took it")
    tell("County EMS", "offers the person: calm, screened for weapons, hold form attached. Responsible: still the crew")
    county.to("15:03")
    county.handoff("stb", "handoff", "take", thread, "--name", "Charge nurse", "--role", "clinician_rn", "--condition", "calm, cooperative", "--tell", referral)
    eventually("the take at the crew", lambda: county.thread_of("ace", thread)["responsible"] == "stb")
    tell("St. Brigid", "takes: from 15:03 on the hospital is responsible, and the crew's and the hospital's systems agree on it")
    seen = eventually("the release at Alder PD", lambda: next((e for e in county.handoff("apd", "inbox", "show", referral)["events"] if e["kind"] == "HandoffReport"), None))
    if set(seen["body"]["handoff_report"]) - {"phase", "at"}:
        raise Failed("the police saw more of the handing over than phase and time")
    tell("Alder PD", f"is released: handed over at {county.local(seen['body']['handoff_report']['at'])}. That is all its view shows")
    county.handoff("stb", "inbox", "start", referral, "--role", "clinician_rn")
    return thread


def play(county):
    free_bed(county)
    first = refer(county)
    decline(county, first)
    second = reroute(county, first)
    silence(county, second)
    accept(county, second)
    warm_handoff(county, second)
    if CANARY not in json.dumps(county.handoff("stb", "inbox", "show", second)):
        raise Failed("the hospital does not know who the person is")
    return first, second
