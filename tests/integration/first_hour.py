"""The first hour of docs/guide/agency-it.md, run as it is written: every `$ command` of that part against a real hub, a real authority and real
agents in a temporary folder. What the page says a command prints must be printed, in that order; "..." stands for anything. Paths, the hub's
address and the anchor's hash are exchanged for those of the test; `run` stays in the background. Between two commands the test is the rest of
the world: the authority that certifies, the operator who imports, the editor of agent.toml."""
import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(SOURCE, "tests", "demo"))

from county import AGENCIES, County  # noqa: E402
from stage import Failed, eventually  # noqa: E402

HERO = "apd"
OTHERS = [a for a in AGENCIES if a != HERO]


def blocks(page):
    """(command, the lines it prints) of the part, in order; and the table for agent.toml where it stands."""
    part = page[page.index("## The first hour"):]
    part = part[:part.index("\n## ", 4)]
    out = []
    for block in re.findall(r"(?:^    .*\n|^\n(?=    ))+", part, re.M):
        lines = [line[4:] for line in block.strip("\n").splitlines()]
        if lines[0].startswith("[["):
            out.append(("agent.toml", lines))
            continue
        for line in lines:
            if line.startswith("$ "):
                out.append((line[2:], []))
            elif line and out and out[-1][0] != "agent.toml":
                out[-1][1].append(line)
    return out


def check_printed(command, printed, expected):
    """Each expected line is printed, and none before the one that stands before it."""
    at, lines = 0, printed.splitlines()
    for line in expected:
        pattern = re.compile(".*".join(re.escape(p) for p in line.rstrip().split("...")) + r"\s*$")
        while at < len(lines) and not pattern.match(re.sub(r" +", " ", lines[at])) and not pattern.match(lines[at]):
            at += 1
        if at == len(lines):
            raise Failed(f"{command}\n  did not print: {line}\n  but:\n{printed}")
        at += 1


class Hour(County):
    """Alder County but for one agency, which is the reader's."""

    def __init__(self, bin_dir, folder):
        super().__init__(bin_dir, folder, 0)
        self.home = self.stage.path(HERO)

    def enrol(self, slug, endpoint, secret, anchor, shown):
        self.endpoint, self.secret, self.anchor, self.shown = endpoint, secret, anchor, shown
        if slug != HERO:
            super().enrol(slug, endpoint, secret, anchor, shown)

    def adapters(self):
        pass

    def knows(self, slug, other):
        return HERO in (slug, other) or super().knows(slug, other)

    def ready(self, slug, other):
        """Policy and keys have arrived; before that the answer is a refusal."""
        try:
            return super().knows(slug, other)
        except ValueError:
            return False

    def here(self, text):
        """What stands on the page, as it is in this folder."""
        for there, mine in (("/var/lib/handoff", self.stage.folder), ("/etc/handoff/passphrase", self.secret), ("/etc/handoff/cad", self.stage.path("cad")),
                            ("/srv/handoff/cad", self.stage.path("srv")), ("tcp://hub.alder.example:7780", self.endpoint), ("9b06...", self.shown["hash"]),
                            (" apd.cert", " " + self.stage.path("apd.cert")), (" anchor.note", " " + self.anchor)):
            text = text.replace(there, mine)
        return text

    def before(self, words):
        """What others do before the reader types that."""
        s = self.stage
        if words[:2] == ["handoff-agent", "enroll"]:
            s.run("handoff-authority", "issue", s.path("authority"), os.path.join(self.home, "request.note"), "-o", s.path("apd.cert"), "--as", "1,3",
                  "--passphrase-file", self.secret)
            s.run("handoff-hub", "add", s.path("hub"), s.path("apd.cert"), "--wait")
        if words[:2] == ["handoff-agent", "doctor"] and HERO in [name for name, _ in s.running]:
            eventually("the agent holds policy and keys", lambda: self.ready(HERO, "harbor"))
            eventually("its own keys are in the log", lambda: self.ready("harbor", HERO))
        if words[:3] == ["handoff-agent", "feed", "report"]:
            eventually("the export was read", lambda: self.counted() > 0)

    def counted(self):
        report = self.stage.json("handoff-agent", "feed", "report", self.home, "cad", "--json")
        return len(report["adapters"][0]["messages"])

    def run_words(self, words, command):
        if words[0] == "rm":
            return os.remove(words[1]) or ""
        if words[0] == "cp":
            shutil.copy(words[1], words[2] + ".part")
            return os.rename(words[2] + ".part", words[2]) or ""
        if words[:2] == ["handoff-agent", "run"]:
            _, ready = self.stage.start(HERO, *words, ready="ready ")
            return "ready " + ready
        extra = ["--low-cost-kdf"] if words[1] == "init" else []
        done = subprocess.run([os.path.join(self.stage.bin, words[0]), *words[1:], *extra], capture_output=True, text=True)
        if done.returncode != 0 and not (words[1] == "doctor" and done.returncode == 1):
            raise Failed(f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def play(self, page):
        ran = 0
        for command, expected in blocks(page):
            if command == "agent.toml":
                self.configure(expected)
                continue
            words = shlex.split(self.here(command))
            self.before(words)
            print("$", command, flush=True)
            check_printed(command, self.run_words(words, command), [self.here(line) for line in expected])
            ran += 1
        return ran

    def configure(self, table):
        for way in ("in", "out"):
            os.makedirs(self.stage.path("srv", way))
        with open(os.path.join(self.home, "agent.toml"), "a") as f:
            f.write("\n" + self.here("\n".join(table)) + "\nsettle_ms = 0\nrescan_ms = 100\n")
        self.stage.stop(HERO)
        self.stage.start(HERO, "handoff-agent", "run", self.home, ready="ready ")
        eventually("the agent is back", lambda: self.ready(HERO, "harbor"))


def quarantine(hour):
    """What the page says of the quarantine, with one row that cannot be told apart."""
    def handoff(*words):
        return hour.stage.run("handoff", "--agent", hour.home, "quarantine", *words)

    with open(hour.stage.path("cad", "export.csv")) as f:
        text = f.read().replace("26-104417,", ",", 1)
    with open(hour.stage.path("srv", "in", "second.part"), "w") as f:
        f.write(text)
    os.rename(hour.stage.path("srv", "in", "second.part"), hour.stage.path("srv", "in", "second.csv"))
    eventually("the row is in quarantine", lambda: "the row has no id" in handoff("list"))
    for words, expected in ((("show", "1"), "its contents are protected"), (("show", "1", "--bytes"), "Doe"), (("replay", "1"), "Nothing was sent."),
                            (("replay", "--all", "--go"), "replay 1: running, 0 of 1 sent")):
        if expected not in handoff(*words):
            raise Failed(f"handoff quarantine {' '.join(words)} does not say: {expected}\n{handoff(*words)}")
    eventually("it is refused again and stays", lambda: "1 refused again" in handoff("replays"))
    handoff("export", "1", "-o", hour.stage.path("item.csv"))
    handoff("discard", "1", "--reason", "sent by fax")
    if "nothing in quarantine" not in handoff("list") or "sent by fax" not in handoff("replays"):
        raise Failed("the discard is not on record")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--bin", required=True)
    a = p.parse_args()
    with open(os.path.join(SOURCE, "docs", "guide", "agency-it.md")) as f:
        page = f.read()
    with tempfile.TemporaryDirectory(prefix="hour") as folder:
        hour = Hour(os.path.abspath(a.bin), folder)
        os.makedirs(hour.stage.path("cad"))
        for sample, name in (("alder_cad.csv", "export.csv"), ("alder_cad.toml", "mapping.toml")):
            shutil.copy(os.path.join(SOURCE, "tests", "corpus", "samples", "police", sample), hour.stage.path("cad", name))
        try:
            AGENCIES.pop(HERO)
            hour.set_up()
            AGENCIES[HERO] = "police"
            ran = hour.play(page)
            quarantine(hour)
            live = hour.stage.json("handoff", "--agent", hour.home, "inbox", "list", "--json")
            if any(t["kind"] == "Referral" for t in live["threads"]):
                raise Failed("something of the rehearsals is in the inbox")
        except Failed as e:
            print(e, open(hour.stage.path(HERO + ".log")).read()[-1500:], file=sys.stderr)
            return 1
        finally:
            hour.stage.stop()
    print(f"{ran} commands of the page did what it says")
    return 0 if ran >= 15 else 1


if __name__ == "__main__":
    sys.exit(main())
