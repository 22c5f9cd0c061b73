#!/usr/bin/env python3
"""A plugin that does everything right, or with --fault one thing wrong: for the tests of the agent's side and of the conformance kit.
It takes every delivery, and submits a capacity update for each file NAME.bed in the folder --in, with the file's name as its key."""
import argparse
import json
import os
import select
import sys
import time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--in", dest="folder", help="folder of *.bed files to submit")
parser.add_argument("--fault", default="", help="what to do wrong")
args = parser.parse_args()
FAULT, KINDS = args.fault, ["Referral", "StatusUpdate", "SecureMessage", "HandoffReport", "EncounterNotification", "CapacityUpdate", "Consent",
                            "FollowUp", "Correction", "CapacityInquiry", "CapacityReply", "Acknowledgement", "BreakGlass", "LoopFacts"]


def say(**line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def die():
    os._exit(3)


class Desk:
    """What is on its way to the agent: key -> (time of the next try, tries)."""

    def __init__(self):
        self.waiting, self.asked = {}, {}

    def look(self):
        for name in sorted(os.listdir(args.folder)) if args.folder else []:
            if name.endswith(".bed") and name not in self.waiting:
                self.waiting[name] = (0.0, 0)
        for name, (due, tries) in self.waiting.items():
            if due <= time.monotonic():
                self.waiting[name] = (time.monotonic() + 3600, tries + 1)
                self.send(name, tries)

    def send(self, name, tries):
        key = name + {"new_key": f".{tries}", "new_key_after_restart": f".{os.getpid()}"}.get(FAULT, "")
        count = 3 if FAULT != "changes" else 3 + tries
        self.asked[f"{name}/{tries}"] = name
        say(op="submit", id=f"{name}/{tries}", to="*", purpose="CAPACITY", dedupe_key=key,
            body={"kind": "CapacityUpdate", "capacity": {"service": "CSU_BED", "state": "has", "count": count, "phone": name}})

    def answered(self, line):
        name = self.asked.pop(line.get("id"), None)
        if name is None:
            return
        kind = line.get("error", {}).get("kind")
        again = line["op"] == "refused" and (kind == "busy" and FAULT != "gives_up" or kind == "conflict" and FAULT == "never_gives_up")
        if again:
            self.waiting[name] = (time.monotonic() + 0.05, self.waiting[name][1])
        else:
            if args.folder and os.path.exists(os.path.join(args.folder, name)):
                os.remove(os.path.join(args.folder, name))
            self.waiting.pop(name, None)


def deliver(line, seen):
    delivery, number = line["delivery"], line["id"]
    if FAULT == "strict" and set(line) - {"op", "id", "delivery"}:
        die()
    if delivery.get("kind") not in KINDS:
        if FAULT == "dies_of_unknown":
            die()
        return say(op="result", id=number, verdict="unsupported", error={"what": "a kind of its own"})
    if FAULT == "dies_of_same" and delivery["message"] in seen or FAULT == "dies":
        die()
    seen.add(delivery["message"])
    if FAULT == "hangs":
        return None
    if FAULT == "busy":
        return say(op="result", id=number, verdict="busy", error={"what": "later"})
    if FAULT == "fails":
        return say(op="result", id=number, verdict="failed", error={"kind": "denied", "what": "not here", "where": "body.kind", "mend": "ask"})
    if FAULT == "garbage":
        sys.stdout.write(f"printing {delivery['body']}\n")
    if FAULT == "flood":
        while True:
            say(op="say", words="x")
    if FAULT == "memory":
        return say(op="result", id=number, verdict=bytes(1 << 30).decode())
    if FAULT == "huge":
        sys.stdout.write("x" * (20 << 20))
    if FAULT == "stderr":
        print(delivery["body"], file=sys.stderr)
    if FAULT == "asks":
        say(op="ask", id="t", what="slug", name="Harborlight")
        say(op="ask", id="n", what="nothing")
        say(op="quarantine", id="q", format="bed", bytes="AAEC", error={"kind": "malformed", "what": "unreadable", "where": "line 1"})
    say(op="result", id=number, verdict="ok")
    if FAULT == "twice":
        say(op="result", id=number, verdict="ok")
    return None


def lines():
    """Whole lines of standard input, None when there is nothing now, "" at its end."""
    held = b""
    while True:
        ready, _, _ = select.select([0], [], [], 0.02)
        if not ready:
            yield None
            continue
        piece = os.read(0, 1 << 20)
        if not piece:
            while FAULT == "ignores_end":
                time.sleep(0.1)
            yield ""
            return
        held += piece
        if FAULT == "small_lines" and len(held) > 1 << 20 and b"\n" not in held:
            die()
        *whole, held = held.split(b"\n")
        for line in whole:
            yield line.decode()


def main():
    desk, seen = Desk(), set()
    for text in lines():
        if text is None:
            desk.look()
            continue
        if text == "":
            return 0
        line = json.loads(text)
        op = line.get("op")
        if op == "hello":
            if FAULT == "silent":
                time.sleep(3600)
            if FAULT == "fork" and os.fork() == 0:
                time.sleep(3600)
            version = 2 if FAULT == "version" else 1
            say(op="hello", v=version, name="puppet", version="1.0", **({"kinds": ["CapacityUpdate"]} if FAULT == "picky" else {}))
            if FAULT == "fork":
                say(op="say", words="forked")
        elif op == "deliver":
            deliver(line, seen)
        elif op == "health" and FAULT != "no_health":
            say(op="health", id=line["id"], ok=FAULT != "sick", words=f"{len(seen)} seen")
        elif op in ("submitted", "refused", "kept", "answer"):
            desk.answered(line)
            if FAULT == "asks":
                say(op="say", words=json.dumps(line))
        elif op == "stop" and FAULT != "ignores_stop":
            return 0
        elif FAULT == "dies_of_unknown" and op not in ("stop", "health"):
            die()


if __name__ == "__main__":
    sys.exit(main())
