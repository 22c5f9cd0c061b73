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
    tell("auditor", county.handoff_text("auditor", "audit", "verify").strip().splitlines()[0])
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


def shelf_story(county, thread):
    """What only the agency itself can answer: who opened it, what the person may be told, what is kept, what a lost key would cost."""
    scene("The hospital's own shelf")
    access = county.handoff("stb", "audit", "access", "--thread", thread)["rows"]
    tell("privacy officer", f"audit access: {len(access)} times somebody opened, answered or sent something of that referral; person, role, fields and basis of each")
    account = county.handoff("stb", "accounting", "--patient", CARD)
    told = sorted({d["to"] for d in account["disclosures"]})
    if not told or CANARY in json.dumps(account):
        raise Failed(f"the account of one person: {account}")
    tell("privacy officer", f"accounting: of this one person {len(account['disclosures'])} disclosures, to {' and '.join(told)}; which parts of the record, why, on which basis. No name in it")
    police = county.handoff("stb", "audit", "flows", "--to-kind", "police")
    if police["part2"] or police["chri"]:
        raise Failed(f"what left for the police: {police}")
    tell("privacy officer", f"audit flows: {police['messages']} messages left for the police, none with records of substance use treatment")
    ledger = eventually("the ledger's head in the hub's log", lambda: (lambda v: v if v["logged"] else None)(county.handoff("stb", "audit", "ledger", "--verify")))
    if not ledger["holds"]:
        raise Failed(f"the ledger: {ledger}")
    tell("privacy officer", f"audit ledger: {ledger['size']} rows, whole, and its head is entry #{ledger['logged'][-1]['index']} of the hub's log: not even the hospital can rewrite it")
    scope = county.handoff_any("stb", "incident", "scope", "--key", "harbor")
    tell("privacy officer", f"incident scope: if Harborlight's keys were stolen, {len(scope['threads'])} of our threads would be exposed; retention: {county.handoff('stb', 'retention', 'status')['due']} threads past their time")


def quarterly(county):
    """The funder's report of the story's days: few people, so every count but zero is hidden."""
    scene("The program reports")
    days = f"{county.monday:%Y-%m-%d}..{county.moment('12:00', days=4):%Y-%m-%d}"
    page = county.stage.path("quarterly.html")
    county.handoff_text("county", "report", "run", "quarterly", "--period", days, "--format", "html", "-o", page)
    report = county.handoff("county", "report", "run", "quarterly", "--period", days, "--preview")
    table = next(t for t in report["tables"] if t["id"] == "acceptance-partner")
    shown = [row["label"] + ": " + ", ".join(f"{name} {cell['shown']}" for name, cell in zip(table["columns"], row["cells"])) for row in table["rows"]]
    print("\n".join("      " + line for line in shown))
    cells = [cell for t in report["tables"] for row in t["rows"] for cell in row["cells"]]
    if not any(c["shown"] == "1-10" for c in cells) or any(c["value"] is not None and 1 <= c["value"] <= 10 for c in cells):
        raise Failed("a count of 1 to 10 is told, or none is hidden")
    with open(page) as f:
        html = f.read()
    if "1-10" not in html or CANARY in html or "<script" in html:
        raise Failed("the printed report is not as it should be")
    tell("Coordinator", f"report run quarterly: {sum(c['suppressed'] for c in cells)} numbers not told, because so few people are behind them; written as one page to print")


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


