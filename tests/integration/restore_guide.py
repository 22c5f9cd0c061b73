"""Every command of the sections "Backup and restore" and "Locking" in docs/guide/hub-operator.md and agency-it.md, typed as it stands there, in a
small county of real processes. Folders, file names and numbers of the page become this county's; nothing else. Between the lines happens what the page
tells of: the disks die."""
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys

from guide import Failed, Unwitnessed, eventually, lines_of, page, run, type_all


def sections(name, *titles):
    parts = [re.search(rf"^## {title}$(.*?)(?=^## |\Z)", page(name), re.M | re.S).group(1) for title in titles]
    return [line for part in parts for line in lines_of(part, "handoff-(?:hub|agent)")]


class Drill:
    def __init__(self, two):
        self.two, self.s = two, two.stage
        self.home = self.s.path("operator")
        os.makedirs(self.home)
        self.n = 0
        self.lost = False
        self.swaps = {"/var/lib/handoff-hub": self.s.path("hub"), "/backup/hub-2026-10-05": self.s.path("hub-backup"),
                      "/var/lib/handoff/mercy": self.s.path("stb"), "/backup/mercy-2026-10-05": self.s.path("stb-backup"),
                      "/etc/handoff/passphrase": self.s.path("passphrase")}

    def refer(self):
        """One referral, to the other side and receipted."""
        self.n += 1
        body = {"kind": "Referral", "referral": {
            "subject": {"name": {"family": "Doe", "given": "Sam"}, "dob": "1992-02-14"}, "reasons": [{"code": "SI"}], "service": {"code": "CRISIS_EVAL"},
            "urgency": "urgent", "authority_basis": "treatment", "source_ref": f"R-{self.n}",
            "requester": {"name": {"family": "Reyes", "given": "N."}, "role": "clinician", "phone": "+1-555-0142"}}}
        file = self.two.file(f"refer-{self.n}.json", body)
        thread = eventually("the hospital may write", lambda: self.try_send(file))
        eventually(f"referral {self.n} is delivered", lambda: self.two.thread_of("harbor", thread) and (self.two.thread_of("stb", thread) or {}).get("phase") == "received")
        return thread

    def try_send(self, file):
        done = subprocess.run([os.path.join(self.s.bin, "handoff"), "--agent", self.s.path("stb"), "send", "--to", "harbor", "--kind", "Referral", "--purpose", "TREAT",
                               "--file", file, "--json"], capture_output=True, text=True)
        return json.loads(done.stdout)["thread"] if done.returncode == 0 else None

    def size(self, slug):
        done = subprocess.run([os.path.join(self.s.bin, "handoff"), "--agent", self.s.path(slug), "audit", "verify", "--json"], capture_output=True, text=True)
        return json.loads(done.stdout)["entries"] if done.returncode == 0 else 0

    def quiet(self):
        """Both agents hold the same log, twice in a row: nothing is under way."""
        seen = []

        def same():
            a, b = self.size("stb"), self.size("harbor")
            seen.append((a, b))
            return a and a == b and seen[-2:] == [(a, b), (a, b)]
        eventually("the log comes to rest", same)

    def kill(self, name):
        process = next(p for n, p in self.s.running if n == name and p.poll() is None)
        process.send_signal(signal.SIGKILL)
        process.wait(20)

    def lose_hub(self):
        self.refer()
        self.quiet()
        self.kill("hub")
        shutil.copy(self.s.path("hub", "hub.toml"), self.s.path("hub.toml"))
        shutil.rmtree(self.s.path("hub"))
        entries = json.loads(self.s.run("handoff-hub", "check", self.s.path("hub-backup"), "--json"))["entries"]
        self.swaps["4711"] = str(entries)
        self.s.run("handoff-agent", "return", self.s.path("harbor"), "-o", os.path.join(self.home, "harbor.return"))
        self.lost = True

    def lose_agent(self):
        if any(n == "stb" and p.poll() is None for n, p in self.s.running):
            self.kill("stb")
        shutil.rmtree(self.s.path("stb"))

    def start_agent(self):
        self.s.start("stb", "handoff-agent", "run", self.s.path("stb"), ready="ready ")
        self.refer()

    def before(self, words):
        verb = words[1]
        if verb == "return":
            self.lose_hub()
        if verb == "backup":
            self.refer()
        if verb == "restore":
            if "--kit" not in words:
                self.refer()  # the backup has not heard of it
            self.quiet()
            self.lose_agent()
        if verb == "lock":
            os.rename(self.s.path("passphrase"), self.s.path("passphrase.away"))

    def after(self, words):
        if words[1] == "check" and self.lost and words[2] == self.s.path("hub"):
            shutil.copy(self.s.path("hub.toml"), self.s.path("hub", "hub.toml"))
            self.s.start("hub", "handoff-hub", "run", self.s.path("hub"), "--listen", self.two.endpoint, ready="listening ")
            self.refer()
        if words[1] == "restore" and "--kit" in words:
            self.start_agent()
        if words[1] == "lock":
            said = lambda: subprocess.run([os.path.join(self.s.bin, "handoff"), "--agent", self.s.path("stb"), "status"], capture_output=True, text=True).stderr  # noqa: E731
            eventually("it says that it is locked", lambda: "locked" in said())
            os.rename(self.s.path("passphrase.away"), self.s.path("passphrase"))
            self.refer()

    def type(self, line):
        words = [self.swaps.get(w, w) for w in shlex.split(line)]
        self.before(words)
        words = [self.swaps.get(w, w) for w in words]
        if words[:2] == ["handoff-agent", "run"]:
            return self.start_agent()
        done = subprocess.run([os.path.join(self.s.bin, words[0]), *words[1:]], cwd=self.home, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f"{line}\n  exit {done.returncode}: {done.stdout[-500:]}{done.stderr[-500:]}")
        self.after(words)
        return None


if __name__ == "__main__":
    todo = sections("hub-operator.md", "Backup and restore") + sections("agency-it.md", "Backup and restore", "Locking")
    sys.exit(run(lambda two: type_all(Drill(two), todo), county=Unwitnessed))
