#!/usr/bin/env python3
"""A plugin for Handoff in under a hundred lines (docs/guide/plugins.md): rows of CSV files become referrals, statuses go to a webhook.

[[adapter]]
type = "plugin"
name = "bridge"
command = ["python3", "bridge.py"]
folder = "/etc/handoff/bridge"
config = { in = "/srv/bridge/in", to = "harbor", webhook = "http://127.0.0.1:8080/status" }

Columns: id,family,given,dob,reason,service,urgency,callback. A file is written beside and moved in whole; once every row is with the
agent it is renamed to NAME.done, with what was refused in NAME.refused."""
import csv
import json
import os
import select
import sys
import time
import urllib.request

CONFIG, FILES, ROWS = {}, {}, {}  # FILES: name -> rows not settled; ROWS: request id -> [file, submit line, when to (re)send]


def say(**line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def referral(row):
    return {"kind": "Referral", "referral": {
        "subject": {"name": {"family": row["family"], "given": row["given"]}, "dob": row["dob"]},
        "reasons": [{"code": row["reason"]}], "service": {"code": row["service"]}, "urgency": row["urgency"],
        "requester": {"phone": row["callback"]}, "authority_basis": "treatment", "source_ref": row["id"]}}


def look():
    """New files become rows to send; rows that are due are sent."""
    for name in sorted(n for n in os.listdir(CONFIG["in"]) if n.endswith(".csv") and n not in FILES):
        with open(os.path.join(CONFIG["in"], name), newline="", encoding="utf-8-sig") as f:
            rows = list(csv.DictReader(f))
        FILES[name] = {row["id"] for row in rows}
        for row in rows:
            ROWS[f"{name}:{row['id']}"] = [name, dict(to=CONFIG["to"], dedupe_key="csv:" + row["id"], body=referral(row)), 0.0]
        settle(name, None)
    for number, row in ROWS.items():
        if row[2] <= time.monotonic():
            row[2] = time.monotonic() + 3600  # until its answer
            say(op="submit", id=number, **row[1])


def settle(name, row_id):
    FILES[name].discard(row_id)
    if not FILES[name]:
        os.rename(os.path.join(CONFIG["in"], name), os.path.join(CONFIG["in"], name + ".done"))
        del FILES[name]


def answered(line):
    row = ROWS.get(line.get("id"))
    if row is None:
        return
    error = line.get("error", {})
    if error.get("kind") == "busy":  # try again, under the same key
        row[2] = time.monotonic() + 2
        return
    if line["op"] == "refused":
        with open(os.path.join(CONFIG["in"], row[0] + ".refused"), "a", encoding="utf-8") as f:
            f.write(f"{row[1]['dedupe_key']}: {error.get('where', '')} {error.get('what', '')}; {error.get('mend', '')}\n")
    del ROWS[line["id"]]
    settle(row[0], row[1]["dedupe_key"].removeprefix("csv:"))


def deliver(delivery):
    status = delivery.get("body", {}).get("status_update", {})
    if delivery.get("kind") != "StatusUpdate" or not CONFIG.get("webhook"):
        return {"verdict": "unsupported"}
    opening = delivery.get("opening", {}).get("body", {}).get("referral", {})
    data = json.dumps({"message": delivery["message"], "thread": delivery["thread"], "ref": opening.get("source_ref", ""), **status}).encode()
    request = urllib.request.Request(CONFIG["webhook"], data, {"Content-Type": "application/json", "Idempotency-Key": delivery["message"]})
    try:
        urllib.request.urlopen(request, timeout=5).close()
        return {"verdict": "ok"}
    except OSError:
        return {"verdict": "busy", "error": {"what": "the webhook does not answer", "mend": "look at it"}}


def main():
    held = b""
    while True:
        if select.select([0], [], [], 0.5)[0]:
            piece = os.read(0, 1 << 20)
            if not piece:
                return
            *lines, held = (held + piece).split(b"\n")
            for line in map(json.loads, lines):
                if line["op"] == "hello":
                    CONFIG.update(line["config"])
                    say(op="hello", v=1, name="bridge.py")
                elif line["op"] == "deliver":
                    say(op="result", id=line["id"], **deliver(line["delivery"]))
                elif line["op"] == "health":
                    say(op="health", id=line["id"], ok=True, words=f"{len(ROWS)} rows on their way")
                elif line["op"] in ("submitted", "refused"):
                    answered(line)
                elif line["op"] == "stop":
                    return
        if CONFIG:
            look()


main()
