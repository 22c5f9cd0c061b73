"""After the story: the compliance officer's questions, an intruder's search for the name, and a tampered copy of the log."""
import json
import os

from stage import Failed, eventually, files_hold, memory_holds
from telling import CANARY, CARD, scene, tell


def officer_story(county, thread):
    scene("The compliance officer asks")
    trail = county.handoff("auditor", "audit", "trail", thread)
    rows = trail["rows"]
    if not rows or any(r["proof"] != "ok" for r in rows):
        raise Failed("the trail does not hold")
    print(county.handoff_text("auditor", "audit", "trail", thread))
    tell("auditor", f"audit trail: {len(rows)} messages, each proved against the signed log; the question itself is entry #{trail['access_index']}")
    eventually("everything logged", lambda: county.handoff("auditor", "audit", "verify")["ok"])
    tell("auditor", county.handoff_text("auditor", "audit", "verify").strip().splitlines()[-1])
    bundle = county.stage.path("proof.json")
    county.handoff_text("stb", "audit", "prove", next(r["message"] for r in rows if r["from"] == "stb"), "-o", bundle)
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
    scene("What does the hub hold of the person?")
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
    scene("One byte of the log, changed in a copy")
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


