#!/usr/bin/env python3
"""The county that the browser suite looks at: hub, police, hospital, crisis center and coordinator as real processes on loopback, each with the
inbox and with people who may sign in. Prints one line of JSON when all is there, then obeys: one JSON object a line in, one a line out. When its
standard input ends, everything it started ends."""
import argparse
import contextlib
import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "demo"))
import stage  # noqa: E402, F401 (it says where the agencies' own systems are)

import county as alder  # noqa: E402
from desks import add_people, free_port, open_desk, sign_in, PEOPLE  # noqa: E402
from hospital import HospitalSystem  # noqa: E402
from rms import RecordsSystem  # noqa: E402
from stage import Failed, eventually, files_hold  # noqa: E402

AGENCIES = ("apd", "stb", "harbor", "county")


class Small(alder.County):
    """Four agencies and no hospital system; time is the machine's own until a test moves it."""

    def __init__(self, bin_dir, folder, oidc=False, push=None, ehr=False):
        for slug in [s for s in alder.AGENCIES if s not in AGENCIES]:
            alder.AGENCIES.pop(slug)
        super().__init__(bin_dir, folder, 0)
        self.desks, self.peopled, self.push, self.ehr = {}, False, push, HospitalSystem() if ehr else None
        self.oidc = {"port": free_port(), "client": "handoff-stb", "secret": "only-for-this-test-0123456789abcdef"} if oidc else None

    def adapters(self):
        for way in ("in", "out"):
            os.makedirs(self.stage.path(f"apd-{way}"))
        mapping = os.path.join(alder.SOURCE, "tests", "corpus", "samples", "police", "alder_cad.toml")
        self.add_adapter("apd", f'type = "police-folder"\nin = "{self.stage.path("apd-in")}"\nout = "{self.stage.path("apd-out")}"\nmapping = "{mapping}"\nto = "stb"\n')
        if self.ehr:
            self.mllp_port = free_port()
            self.add_adapter("stb", f'type = "hospital-mllp"\nlisten = "127.0.0.1:{self.mllp_port}"\nanswer_to = "127.0.0.1:{self.ehr.port}"\nto = "harbor"\n')
        for slug in AGENCIES:
            self.desks[slug] = open_desk(self, slug, "password_mb = 8\n" + (self.more() if slug == "stb" else ""))

    def more(self):
        """What the hospital has besides when a test asks for it: a provider to sign in with, push."""
        text = ""
        if self.oidc:
            with open(os.open(self.stage.path("stb", "oidc.secret"), os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
                f.write(self.oidc["secret"] + "\n")
            text += f'''[[inbox.oidc]]\nid = "city"\nlabel = "City account"\nissuer = "http://127.0.0.1:{self.oidc["port"]}"\nclient_id = "{self.oidc["client"]}"\nclient_secret_file = "oidc.secret"\naccounts = "linked"\n'''
        if self.push:
            text += '[notify]\nvapid_subject = "mailto:it@agency.example"\npush_hosts = ["localhost"]\npush_ca = "' + self.push + '"\n'
        return text

    @staticmethod
    def policy_text(text):
        """The county's policy, and a role that sees only what asks for detox, for the test of what a role may not see."""
        return text + ('\n[[role]]\nid = "detox_desk"\nwords = "The detox desk takes those who need to withdraw, and sees no others."\n'
                       'may = ["accept", "decline", "view_timeline"]\nservices = ["DETOX"]\n')

    # ---- what a test asks for ---------------------------------------------------------------------------------------------------------

    def do_clock(self, ask):
        """Time passes: `ahead_s` seconds, all at once, for every program."""
        self.ahead(ask["ahead_s"])
        return {"offset_ms": self.offset}

    def handoff_text(self, who, *words):
        """Whoever sits at the terminal signs in anew where time has ended the session."""
        for _ in range(2):
            done = subprocess.run([os.path.join(self.stage.bin, "handoff"), "--agent", self.stage.path(who), *words], capture_output=True, text=True)
            if "handoff login" not in done.stderr or not self.peopled:
                break
            sign_in(self, who)
        if done.returncode and not done.stdout.strip():
            raise Failed(f"handoff {' '.join(words)}: {done.stderr}")
        return done.stdout

    def do_handoff(self, ask):
        """A command of `handoff` at an agency's agent."""
        return json.loads(self.handoff_text(ask["who"], *ask["words"], "--json") or "{}")

    def do_send(self, ask):
        """`body` (JSON form of the model) from `who` to `to`, or into `thread`."""
        where = ["--thread", ask["thread"]] if "thread" in ask else ["--to", ask["to"]]
        return self.handoff(ask["who"], "send", *where, "--kind", ask["body"]["kind"], "--purpose", ask.get("purpose", "CRISIS"),
                            "--file", self.file("body.json", ask["body"]))

    def do_drop(self, ask):
        """Alder Police's records system exports a call; `changed` columns differ from the sample."""
        rms = RecordsSystem(self.stage.path("apd-in"))
        rms.call(ask["incident"], **ask.get("changed", {}))
        now = int(time.time() * 1000)
        rms.drop(ask["incident"] + ".csv")
        return {"dropped_ms": now}

    def do_hl7(self, ask):
        """The hospital's own system sends a message of the corpus; `changed`: pairs of texts, what stands there and what shall."""
        text = self.sample("hl7v2", ask["sample"])
        for there, new in ask["changed"]:
            text = text.replace(there, new)
        answer = self.ehr.send(self.mllp_port, text)
        if "MSA|AA" not in answer:
            raise Failed(f"the message got no positive ACK: {answer}")
        return {}

    def do_committed(self, ask):
        """When the hub took the first message of a thread into its log."""
        row = self.handoff(ask["who"], "audit", "trail", ask["thread"])["rows"][0]
        return {"at_ms": int(datetime.datetime.fromisoformat(row["time"].replace("Z", "+00:00")).timestamp() * 1000), "row": row}

    def do_send_many(self, ask):
        """`count` copies of a body, each its own thread, over the agent's socket at once; done when the other agency has them all."""
        for number in range(ask["count"]):
            self.do_send({**ask, "body": {**ask["body"], "referral": {**ask["body"]["referral"], "incident_ref": f"26-{600000 + number}"}}})
        eventually("all of them", lambda: len(self.threads(ask["to"])) >= ask["count"], 120)
        return {}

    def threads(self, who):
        """All rows of its inbox."""
        rows, after = [], None
        while True:
            page = self.handoff(who, "inbox", "list", "--limit", "500", *(["--after", str(after)] if after else []))
            rows += page["threads"]
            after = page["next"]
            if not after:
                return rows

    def do_write(self, ask):
        return {"path": self.file(ask["name"], ask["value"])}

    def do_stop(self, ask):
        self.stage.stop(ask["name"])
        self.stage.running = [(n, p) for n, p in self.stage.running if n != ask["name"]]
        return {}

    def do_start(self, ask):
        if ask["name"] == "hub":
            self.stage.start("hub", "handoff-hub", "run", self.stage.path("hub"), "--listen", self.endpoint, ready="listening ")
        else:
            self.stage.start(ask["name"], "handoff-agent", "run", self.stage.path(ask["name"]), ready="ready ")
        return {}

    def do_files_hold(self, ask):
        """Is this text in that file, or in any of that folder?"""
        path = self.stage.path(*ask["path"])
        if os.path.isfile(path):
            with open(path, "rb") as f:
                return {"path": path if ask["text"].encode() in f.read() else None}
        if not os.path.isdir(path):
            raise Failed(f"{path}: nothing is there")
        return {"path": files_hold(path, ask["text"].encode())}

    def obey(self, ask):
        return getattr(self, "do_" + ask["do"])(ask)


def serve(small):
    for line in sys.stdin:
        try:
            with contextlib.redirect_stdout(sys.stderr):
                answer = {"ok": True, **small.obey(json.loads(line))}
        except Exception as failure:  # whatever it was, the test shall hear of it
            answer = {"ok": False, "why": f"{type(failure).__name__}: {failure}"}
        print(json.dumps(answer), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True, help="folder of the programs")
    parser.add_argument("--oidc", action="store_true", help="the hospital has a provider to sign in with, who knows M. Okafor")
    parser.add_argument("--push", metavar="CA_FILE", help="the hospital has push, by a service at localhost that this authority vouches for")
    parser.add_argument("--ehr", action="store_true", help="the hospital has a system of its own, which speaks HL7 v2")
    args = parser.parse_args()
    folder, small = tempfile.mkdtemp(prefix="handoff-browser-"), None
    good = False
    try:
        with contextlib.redirect_stdout(sys.stderr):
            small = Small(os.path.abspath(args.bin), folder, args.oidc, args.push, args.ehr)
            small.set_up()
            add_people(small, keepers_also=("officer", "clinician", "supervisor", "privacy_officer", "program_manager"))
            small.peopled = True
            if small.oidc:
                small.handoff_text("stb", "people", "set", "m.okafor", "--sign-on", "city=okafor-sub")
            eventually("every desk answers", lambda: all(d.answers() for d in small.desks.values()))
        print(json.dumps({"folder": folder, "desks": {s: d.url for s, d in small.desks.items()}, "people": PEOPLE, "oidc": small.oidc}), flush=True)
        serve(small)
        good = True
    except (Failed, OSError) as failure:
        print(f"{failure}\nlogs: {folder}", file=sys.stderr)
    finally:
        if small:
            small.stage.stop()
    if good and not os.environ.get("HANDOFF_KEEP"):
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
