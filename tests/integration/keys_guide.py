"""Every command of docs/guide/keys.md, typed as it stands there, in a small county of real processes: a hub, two agents that write to each other all the
time, and an authority. Folders and file names of the page become this county's; nothing else. The second certificate comes in by the running agent, the
third while the agent is away; and at the end its keys are locked."""
import json
import os
import shlex
import signal
import subprocess
import sys
import urllib.error
import urllib.request

from guide import Failed, Unwitnessed, eventually, lines_of, page, run, type_all
from restore_guide import Drill


class Keys(Drill):
    def __init__(self, two):
        super().__init__(two)
        self.folder = self.s.path("stb")
        self.swaps["rotate.note"] = self.s.path("stb", "rotate.note")
        self.swaps["alder"] = self.s.path("authority")
        for serial in (2, 3):
            self.swaps[f"mercy-{serial}.cert"] = os.path.join(self.home, f"mercy-{serial}.cert")
            self.swaps[f"/var/lib/handoff/mercy/cert-{serial}.note"] = self.s.path("stb", f"cert-{serial}.note")
        os.environ["HANDOFF_PASSPHRASE"] = "only-for-this-demo"

    def run(self, line, codes=(0,)):
        words = [self.swaps.get(w, w) for w in shlex.split(line)]
        done = subprocess.run([os.path.join(self.s.bin, words[0]), *words[1:]], cwd=self.home, capture_output=True, text=True)
        if done.returncode not in codes:
            raise Failed(f"{line}\n  exit {done.returncode}: {done.stdout[-500:]}{done.stderr[-500:]}")
        return done.stdout

    def process(self):
        return next(p for n, p in self.s.running if n == "stb" and p.poll() is None)

    def serial(self):
        done = subprocess.run([os.path.join(self.s.bin, "handoff"), "--agent", self.folder, "status", "--json"], capture_output=True, text=True)
        return json.loads(done.stdout)["certificate"]["serial"] if done.returncode == 0 else None

    def taken_over(self, serial):
        eventually(f"certificate {serial} is the agent's", lambda: self.serial() == serial and not os.path.exists(os.path.join(self.folder, "keys.pending")))
        self.refer()

    def type(self, line):
        verb = line.split()[1]
        if "cert-3.note" in line:
            return self.while_away(line)
        if verb == "doctor":  # a test consortium is never all well
            out = self.run(line, (0, 1))
            if "certificate: stb until" not in out or "epoch keys: published until" not in out:
                raise Failed(out)
            return None
        pid = self.process().pid
        self.run(line)
        if verb == "rotate":
            self.refer()  # mail goes on under the present keys
        if verb == "enroll":
            self.taken_over(2)
            if self.process().pid != pid:
                raise Failed("another process runs now")
        return None

    def end(self, how):
        process = self.process()
        process.send_signal(how)
        process.wait(20)

    def while_away(self, line):
        self.end(signal.SIGKILL)
        self.run("handoff-agent rotate /var/lib/handoff/mercy")
        self.run("handoff-authority issue alder rotate.note -o mercy-3.cert")
        self.run("handoff-agent enroll /var/lib/handoff/mercy --cert mercy-3.cert")
        self.run(line)
        self.s.start("stb", "handoff-agent", "run", self.folder, ready="ready ")
        self.taken_over(3)

    def health(self, address):
        try:
            with urllib.request.urlopen(f"http://{address}/healthz", timeout=5) as r:
                return r.status, json.load(r)["status"]
        except urllib.error.HTTPError as e:
            return e.code, json.load(e)["status"]
        except OSError:
            return None, None

    def locked(self):
        address = f"127.0.0.1:{19000 + os.getpid() % 900}"
        self.end(signal.SIGTERM)
        with open(os.path.join(self.folder, "agent.toml"), "a") as f:
            f.write(f'\n[http]\nlisten = "{address}"\n')
        self.s.start("stb", "handoff-agent", "run", self.folder, ready="ready ")
        eventually("/healthz answers", lambda: self.health(address)[0] is not None)
        os.rename(self.s.path("passphrase"), self.s.path("passphrase.away"))
        self.run("handoff-agent lock /var/lib/handoff/mercy")
        eventually("/healthz says that the keys are locked", lambda: self.health(address) == (503, "locked"))
        if "LOCKED" not in self.run("handoff-agent doctor /var/lib/handoff/mercy", (1,)):
            raise Failed("doctor does not say that the keys are locked")
        os.rename(self.s.path("passphrase.away"), self.s.path("passphrase"))
        eventually("it is back", lambda: self.health(address)[1] not in (None, "locked"))


def play(two):
    keys = Keys(two)
    keys.refer()
    said = type_all(keys, lines_of(page("keys.md"), r"handoff-\S+"))
    keys.locked()
    return said


if __name__ == "__main__":
    sys.exit(run(play, county=Unwitnessed))
