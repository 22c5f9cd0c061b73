"""Every command of docs/guide/incidents.md, typed as it stands there, in a small county of real processes: a stolen laptop, a stolen hub disk, an
authority that has to go. Folders, addresses and keys of the page become this county's; nothing else. Between the lines happens what the page tells
of: the hub is away when a suspension is handed out, an agent is away when the hub's keys change."""
import json
import os
import shlex
import subprocess
import sys
import time

from guide import Failed, Unwitnessed, eventually, lines_of, page, run, type_all


class Drill:
    def __init__(self, county):
        self.county, self.s = county, county.stage
        self.home = self.s.path("desk")
        os.makedirs(self.home)
        self.n, self.asked = 0, "stb"
        shown = json.loads(self.s.run("handoff-authority", "anchor", "show", self.s.path("authority"), "--json"))
        old = json.loads(self.s.run("handoff-authority", "request", "show", self.s.path("harbor", "request.note"), "--json"))
        self.swaps = {"alder": self.s.path("authority"), "/var/lib/handoff-hub": self.s.path("hub"), "/backup/hub-after": self.s.path("hub-after"),
                      "/var/lib/handoff/harbor-2": self.s.path("harbor-2"), "/var/lib/handoff/harbor-2/request.note": self.s.path("harbor-2", "request.note"),
                      "/etc/handoff/passphrase": self.s.path("passphrase"), "tcp://hub.alder.example:7780": county.endpoint,
                      "tcp://0.0.0.0:7780": county.endpoint, "anchor.note": self.s.path("authority", "anchor.note"), "AGENCY": old["agency"], "HASH": shown["hash"]}

    def handoff(self, who, *words):
        done = subprocess.run([os.path.join(self.s.bin, "handoff"), "--agent", self.s.path(who), *words, "--json"], capture_output=True, text=True)
        return json.loads(done.stdout) if done.stdout else {}

    def member(self, who, slug):
        return next((m for m in self.handoff(who, "directory", "list")["members"] if m["slug"] == slug), {})

    def refer(self, to):
        """One referral from the hospital, receipted."""
        self.n += 1
        body = {"kind": "Referral", "referral": {
            "subject": {"name": {"family": "Doe", "given": "Sam"}, "dob": "1992-02-14"}, "reasons": [{"code": "SI"}], "service": {"code": "CRISIS_EVAL"},
            "urgency": "urgent", "authority_basis": "treatment", "source_ref": f"R-{self.n}",
            "requester": {"name": {"family": "Reyes", "given": "N."}, "role": "clinician", "phone": "+1-555-0142"}}}
        file = self.county.file(f"refer-{self.n}.json", body)
        thread = eventually(f"the hospital may write to {to}", lambda: self.handoff("stb", "send", "--to", to, "--kind", "Referral", "--purpose", "TREAT", "--file", file).get("thread"))
        eventually(f"referral {self.n} is delivered", lambda: self.county.thread_of(to, thread) and (self.county.thread_of("stb", thread) or {}).get("phase") == "received")

    def start_hub(self):
        self.s.start("hub", "handoff-hub", "run", self.s.path("hub"), "--listen", self.county.endpoint, ready="listening ")

    def before(self, words):
        if words[:2] == ["handoff-authority", "suspend"]:
            self.refer("harbor")
            self.began = time.monotonic()
        if words[1:] == ["directory", "offer", "suspend.note"]:
            self.s.stop("hub")  # away, or it says so
        if words[:2] == ["handoff-hub", "add"] and words[3] == "anchor-2.note":
            self.s.stop("apd")  # away while the hub's keys change
        if words[1:] == ["directory", "offer", "anchor-2.note"]:
            self.s.start("apd", "handoff-agent", "run", self.s.path("apd"), ready="ready ")
            self.asked = "apd"

    def after(self, words, printed):
        if words[1:] == ["directory", "offer", "suspend.note"]:
            if "The hub is away" not in printed or self.member("stb", "harbor").get("known_by") != "file":
                raise Failed(f"the suspension by file did not take effect: {printed}")
            refused = subprocess.run([os.path.join(self.s.bin, "handoff"), "--agent", self.s.path("stb"), "can-send", "--to", "harbor", "--kind", "Referral"], capture_output=True)
            if refused.returncode != 1:
                raise Failed("something may still be sealed to the stolen keys")
        if words[1:] == ["directory", "list"] and self.n == 1:
            if "suspension of harbor" not in printed:
                raise Failed(f"the list does not show what is known by file: {printed}")
            self.start_hub()
            for who in ("stb", "apd"):
                eventually(f"{who} reads it in the log", lambda w=who: self.member(w, "harbor").get("standing") == "suspended" and self.member(w, "harbor")["known_by"] == "log")
        if words[:2] == ["handoff-hub", "keygen"]:
            keys = self.s.json("handoff-hub", "keygen", self.s.path("hub"), "--next", "--json")
            self.swaps["LOG_KEY"], self.swaps["TRANSPORT_KEY"] = keys["vkey"], keys["transport"]
            if keys["vkey"] not in printed or keys["transport"] not in printed:
                raise Failed("asked again, the hub says other keys")
        if words[:2] == ["handoff-hub", "add"] and words[3].startswith("anchor-"):
            version = int(words[3][7])
            for who in ("stb", "harbor-2"):
                eventually(f"{who} reads anchor {version}", lambda w=who: self.handoff(w, "directory", "list").get("anchor", {}).get("version") == version)
        if words[1:] == ["directory", "offer", "anchor-2.note"]:
            eventually("the police department is back", lambda: self.handoff("apd", "status")["hub"]["connected"])
            self.asked = "stb"
        if words[:2] == ["handoff-hub", "backup"]:
            self.refer("harbor-2")

    def run_agent(self, words):
        self.s.start("harbor-2", *words, ready="ready ")
        self.refer("harbor-2")
        print(f"suspended, revoked and replaced in {time.monotonic() - self.began:.1f} s")

    def type(self, line):
        words = [self.swaps.get(w, w) for w in shlex.split(line)]
        self.before(words)
        if words[:2] == ["handoff-agent", "run"]:
            return self.run_agent(words)
        if words[:2] == ["handoff-hub", "run"]:
            self.s.stop("hub")
            self.start_hub()
            return eventually("the agents are back", lambda: all(self.handoff(w, "status")["hub"]["connected"] for w in ("stb", "harbor-2")))
        extra = ["--agent", self.s.path(self.asked)] if words[0] == "handoff" else []
        extra += ["--low-cost-kdf"] if words[:2] == ["handoff-agent", "init"] else []
        done = subprocess.run([os.path.join(self.s.bin, words[0]), *words[1:], *extra], cwd=self.home, capture_output=True, text=True,
                              env={**os.environ, "HANDOFF_PASSPHRASE": "only-for-this-demo"})
        if done.returncode != 0 and not (words[1] == "incident" and done.returncode == 1):
            raise Failed(f"{line}\n  exit {done.returncode}: {done.stdout[-500:]}{done.stderr[-500:]}")
        self.after(words, done.stdout)
        return None


if __name__ == "__main__":
    sys.exit(run(lambda county: type_all(Drill(county), lines_of(page("incidents.md")), least=20), county=Unwitnessed))
