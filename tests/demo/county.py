"""Alder County as real folders and processes: a hub, its authority, five agencies, the program's coordinator, an auditor, and one clock that
the story sets for all of them (this is a test consortium: its anchor says so)."""
import csv
import datetime
import json
import os
import re
import shutil
import struct
import zoneinfo

from stage import Failed, Stage, eventually
from clinic import Clinic
from office import drop
from telling import CANARY, CARD, CRIMINAL, tell

AGENCIES = {"apd": "police", "ace": "ems", "stb": "hospital_ed", "harbor": "crisis_center", "river": "sud_program", "county": "coordinator"}
HERE = zoneinfo.ZoneInfo("America/Denver")
SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


class County:
    def __init__(self, bin_dir, folder, answer_port):
        self.stage = Stage(bin_dir, folder)
        self.slugs = list(AGENCIES)
        self.answer_port = answer_port
        self.mllp_port = None
        now = datetime.datetime.now(HERE)
        monday = (now + datetime.timedelta(days=7 - now.weekday())).replace(hour=13, minute=40, second=0, microsecond=0)
        self.monday = monday
        self.clock = self.stage.path("clock")
        with open(self.clock, "wb") as f:
            f.write(struct.pack("<q", 0))
        self.offset = 0

    # ---- the county's time ----------------------------------------------------------------------------------------------------------

    def now(self):
        return datetime.datetime.now(HERE) + datetime.timedelta(milliseconds=self.offset)

    def moment(self, hhmm, days=0):
        hour, minute = map(int, hhmm.split(":"))
        return (self.monday + datetime.timedelta(days=days)).replace(hour=hour, minute=minute)

    def at(self, hhmm, days=0):
        return self.moment(hhmm, days).astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    def to(self, hhmm, days=0):
        """Moves every clock of the county, all at once, to that time of its first day (or `days` later); never back."""
        wanted = self.moment(hhmm, days) - datetime.datetime.now(HERE)
        self.ahead(max(0, wanted.total_seconds() - self.offset / 1000))

    def ahead(self, seconds):
        """... or by so much."""
        self.offset += int(seconds * 1000)
        with open(self.clock, "r+b") as f:
            f.write(struct.pack("<q", self.offset))

    def words(self):
        return self.now().strftime("%a %H:%M")

    @staticmethod
    def local(rfc3339):
        return datetime.datetime.fromisoformat(rfc3339.replace("Z", "+00:00")).astimezone(HERE).strftime("%H:%M")

    # ---- setting up -----------------------------------------------------------------------------------------------------------------

    def set_up(self):
        s, path = self.stage, self.stage.path
        secret = path("passphrase")
        with open(os.open(secret, os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
            f.write("only-for-this-demo\n")
        keys = s.json("handoff-hub", "keygen", path("hub"), "--origin", "alder.example/hub", "--json")
        s.run("handoff-authority", "init", path("authority"), "--consortium", "alder.example", "--authorities", "3", "--threshold", "2",
              "--hub-transport", keys["transport"], "--log-key", keys["vkey"], "--test", "--passphrase-file", secret)
        anchor = eventually("the anchor", self._anchor)
        tell("authority", "three authorities, any two of whom may certify an agency; the key machine opens no socket")
        s.run("handoff-hub", "init", path("hub"), "--anchor", anchor)
        shown = json.loads(s.run("handoff-authority", "anchor", "show", path("authority"), "--json"))
        self.policy(secret)
        with open(path("hub", "hub.toml"), "w") as f:
            f.write(f'[hub]\nstartup_quiet_ms = 0\nallow_memory_dump = true\ntest_clock = "{self.clock}"\n')
        hub, endpoint = s.start("hub", "handoff-hub", "run", path("hub"), "--listen", "tcp://127.0.0.1:0", ready="listening ")
        self.endpoint = endpoint
        tell("hub", "listens on loopback; it has proved to itself that a stranger is refused")
        s.run("handoff-hub", "add", path("hub"), path("policy.note"), "--rules", self.rules, "--wait")
        for slug in AGENCIES:
            self.enrol(slug, endpoint, secret, anchor, shown)
        self.enrol("auditor", endpoint, secret, anchor, shown)
        os.makedirs(path("config", "handoff"))
        shutil.copy(path("auditor", "profile.toml"), path("config", "handoff", "auditor.toml"))
        tell("agencies", "each makes its keys itself; two authorities sign each certificate; the log has them")
        self.adapters()
        for slug in AGENCIES:
            s.start(slug, "handoff-agent", "run", path(slug), ready="ready ")
        eventually("everybody holds the policy and everybody's keys", lambda: all(self.knows(a, b) for a in AGENCIES for b in AGENCIES if a != b), 120)
        self.witnesses(secret)
        return hub

    def witnesses(self, secret):
        """From here on the agencies vouch for the log's past, one of every kind: the anchor's next version says so. Two are too few for it."""
        if len(AGENCIES) < 3:
            return
        s, path = self.stage, self.stage.path
        s.run("handoff-authority", "anchor", "rotate", path("authority"), "--witnesses", "all", "-o", path("anchor-2.note"), "--passphrase-file", secret)
        s.run("handoff-hub", "add", path("hub"), path("anchor-2.note"), "--wait")
        eventually("a checkpoint that every kind of agency has signed", lambda: all(self.witnessed(slug) for slug in AGENCIES), 120)
        tell("agencies", "each keeps its own copy of the log's shape and signs what it has seen grow: the hub cannot show two of them two histories")

    def witnessed(self, slug):
        log = self.handoff(slug, "status")["log"]
        return log["quorum"] and log["witnessed_size"]

    def _anchor(self):
        first = self.stage.path("authority", "anchor.note")
        return first if os.path.exists(first) else None

    def policy(self, secret):
        """The county's shipped policy; its agreements end two years from now, so that the story can be told for ever."""
        with open(os.path.join(SOURCE, "docs", "policy", "alder-county.toml")) as f:
            text = self.policy_text(re.sub(r"agreement_until = \d{4}", f"agreement_until = {self.monday.year + 2}", f.read()))
        self.rules = self.stage.path("policy.toml")
        with open(self.rules, "w") as f:
            f.write(text)
        self.stage.run("handoff-authority", "policy", "sign", self.stage.path("authority"), self.rules, "-o", self.stage.path("policy.note"),
                       "--as", "1,2", "--passphrase-file", secret)
        tell("authority", "the county's policy, version 14: linted, signed, handed out through the directory; every message will name it")

    @staticmethod
    def policy_text(text):
        """What another county than this one changes in it."""
        return text

    def version_15(self):
        with open(self.rules) as f:
            text = f.read().replace("version = 14", "version = 15")
        text = text.replace('to = ["hospital_ed", "crisis_center", "ems", "mobile_crisis", "crisis_line", "sud_program"]\ndecision = "consent"',
                            'to = ["ems"]\ndecision = "allow"')
        return self.write("version-15.toml", text)

    def write(self, name, text):
        with open(self.stage.path(name), "w") as f:
            f.write(text)
        return self.stage.path(name)

    def file(self, name, value):
        return self.write(name, json.dumps(value))

    def enrol(self, slug, endpoint, secret, anchor, shown):
        s, home = self.stage, self.stage.path(slug)
        role = ["--kind", AGENCIES[slug]] if slug in AGENCIES else ["--kind", "coordinator", "--auditor"]
        s.run("handoff-agent", "init", home, "--slug", slug, *role, "--hub", endpoint, "--consortium", "alder.example",
              "--passphrase-file", secret, "--low-cost-kdf")
        cert = s.path(slug + ".cert")
        s.run("handoff-authority", "issue", s.path("authority"), os.path.join(home, "request.note"), "-o", cert, "--as", "1,3", "--passphrase-file", secret)
        s.run("handoff-hub", "add", s.path("hub"), cert, "--wait")
        s.run("handoff-agent", "enroll", home, "--cert", cert, "--anchor", anchor, "--anchor-hash", shown["hash"])
        if slug in AGENCIES:
            config = os.path.join(home, "agent.toml")
            with open(config) as f:
                text = f.read()
            with open(config, "w") as f:
                f.write(text.replace('data = "."', f'data = "."\ntest_clock = "{self.clock}"', 1))

    def adapters(self):
        port = self._free_port()
        self.add_adapter("stb", f'type = "hospital-mllp"\nlisten = "127.0.0.1:{port}"\nanswer_to = "127.0.0.1:{self.answer_port}"\nto = "harbor"\n')
        self.mllp_port = port
        for way in ("in", "out"):
            os.makedirs(self.stage.path("harbor-fhir", way))
            for slug in ("apd", "ace"):
                os.makedirs(self.stage.path(f"{slug}-{way}"))
        mapping = os.path.join(SOURCE, "tests", "corpus", "samples", "police", "alder_cad.toml")
        self.add_adapter("apd", f'type = "police-folder"\nin = "{self.stage.path("apd-in")}"\nout = "{self.stage.path("apd-out")}"\nmapping = "{mapping}"\nto = "harbor"\n')
        self.add_adapter("ace", f'type = "ems-folder"\nin = "{self.stage.path("ace-in")}"\nout = "{self.stage.path("ace-out")}"\n'
                                'destination = [{ name = "STB", to = "stb" }]\ncallback = "+1-555-0107"\n')
        self.add_adapter("harbor", f'type = "behavioral-folder"\nout = "{self.stage.path("harbor-fhir", "out")}"\nin = "{self.stage.path("harbor-fhir", "in")}"\ncallback = "+1-555-0142"\n')

    def add_adapter(self, slug, table):
        with open(self.stage.path(slug, "agent.toml"), "a") as f:
            f.write("\n[[adapter]]\n" + table)

    @staticmethod
    def _free_port():
        import socket
        with socket.create_server(("127.0.0.1", 0)) as s:
            return s.getsockname()[1]

    def knows(self, slug, other):
        kind = "SecureMessage" if "county" in (slug, other) else "CapacityUpdate"
        purpose = "COORD" if "county" in (slug, other) else "CAPACITY"
        out = self.stage.run("handoff", "--agent", self.stage.path(slug), "can-send", "--to", other, "--kind", kind, "--purpose", purpose, "--json", expect=None)
        return json.loads(out or "{}").get("epoch_key")  # before the policy is there, it is refused

    # ---- asking ---------------------------------------------------------------------------------------------------------------------

    def handoff(self, who, *words):
        return json.loads(self.handoff_text(who, *words, "--json"))

    def handoff_any(self, who, *words):
        """Whatever its exit code says (1 is a finding, such as an overdue loop)."""
        return json.loads(self.stage.run("handoff", "--agent", self.stage.path(who), *words, "--json", expect=None))

    def fails(self, who, *words):
        """A command that must be refused; returns what it says, as {what, where}."""
        lines = self.stage.refused("handoff", "--agent", self.stage.path(who), *words).splitlines()
        return {"what": lines[0].removeprefix("handoff: "), "where": next((x.split(": ", 1)[1] for x in lines if x.startswith("  where: ")), "")}

    def handoff_text(self, who, *words):
        """An agency's people ask their agent; the auditor has a certificate of her own and asks the hub."""
        if who == "auditor":
            return self.stage.run("handoff", "--profile", who, *words, env={"XDG_CONFIG_HOME": self.stage.path("config"), "HOME": self.stage.folder})
        return self.stage.run("handoff", "--agent", self.stage.path(who), *words)

    def thread_of(self, who, thread):
        out = json.loads(self.stage.run("handoff", "--agent", self.stage.path(who), "inbox", "show", thread, "--json", expect=None) or "{}")
        return out if out.get("thread") == thread else None

    def message(self, who, thread, message):
        shown = self.thread_of(who, thread)
        return next((e for e in shown["events"] if e["message"] == message), None) if shown else None

    def status(self, who, thread, update):
        body = {"kind": "StatusUpdate", "status_update": {"at": self.now().astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"), **update}}
        return self.handoff(who, "send", "--thread", thread, "--kind", "StatusUpdate", "--file", self.file("status.json", body))

    def bed_at(self, who, agency):
        return next((row for row in self.handoff(who, "capacity", "list")["capacity"] if row["agency"] == agency), None)

    # ---- what agencies' own systems say ---------------------------------------------------------------------------------------------

    def sample(self, *path):
        """A file that the project ships as a sample, with the story's days and its one person in it."""
        with open(os.path.join(SOURCE, "tests", "corpus", "samples", *path), newline="") as f:
            text = f.read()
        for days, day in ((0, "05"), (1, "06"), (2, "07")):
            then = self.monday + datetime.timedelta(days=days)
            text = text.replace(f"10/{day}/2026", then.strftime("%m/%d/%Y")).replace(f"2026-10-{day}", then.strftime("%Y-%m-%d"))
            text = text.replace(f"202610{day}", then.strftime("%Y%m%d"))
        return text.replace("-06:00", self.monday.strftime("%z")[:3] + ":00").replace("-0600", self.monday.strftime("%z"))

    def drop(self, folder, name, text):
        drop(self.stage.path(folder), name, text)

    def report_of_the_call(self):
        """Alder PD's export of the call, with what the terminal returned about the person in columns of its own."""
        self.to("14:02")
        text = self.sample("police", "alder_cad.csv").replace("Doe,J.,03/14/1992", f"{CANARY},Jordan,02/14/1992").replace("III HIT 1", CRIMINAL)
        self.drop("apd-in", "cad_1402.csv", text)
        rows = eventually("the export's result", lambda: self.result("cad_1402.result.csv"))
        sent = [r for r in rows if r["verdict"] == "sent"]
        if len(sent) != 1 or sum(r["verdict"] == "skipped" for r in rows) != 1:
            raise Failed(f"the export was not taken as it should be: {rows}")
        tell("Alder PD", "the dispatch system drops its export into a folder: the suicide call becomes a referral to Harborlight; a stolen bicycle does not",
             thread=sent[0]["thread"])
        shown = eventually("the referral at Harborlight", lambda: self.thread_of("harbor", sent[0]["thread"]))
        if CRIMINAL in json.dumps(shown) or shown["opening"]["referral"]["hold"]["form"] != "M-1":
            raise Failed("criminal-justice columns left the police, or the hold did not")
        tell("Harborlight", f"sees the M-1 hold, until {self.day_and_time(shown['opening']['referral']['hold']['expires'])}; the NCIC columns of the export never left the police")
        return sent[0]["thread"]

    def day_and_time(self, rfc3339):
        return datetime.datetime.fromisoformat(rfc3339.replace("Z", "+00:00")).astimezone(HERE).strftime("%a %H:%M")

    def result(self, name):
        path = self.stage.path("apd-out", name)
        if not os.path.exists(path):
            return None
        with open(path, newline="") as f:
            return list(csv.DictReader(f))

    def ambulance_arrives(self):
        """County EMS' charting system drops a NEMSIS report; its transfer of care is the offer."""
        text = self.sample("nemsis", "doe_to_st_brigid.xml").replace(">Doe<", f">{CANARY}<").replace(">J.<", ">Jordan<")
        self.drop("ace-in", "pcr.xml", text)

        def offered():
            for row in self.handoff("stb", "inbox", "list")["threads"]:
                shown = self.handoff("stb", "inbox", "show", row["thread"])
                if any(e["kind"] == "HandoffReport" for e in shown["events"]) and shown["other"] == "ace":
                    return row["thread"]
            return None
        thread = eventually("the offer of the crew", offered)
        tell("County EMS", "the charting system drops its NEMSIS report; the transfer of care in it (eTimes.12) is the offer")
        return thread

    def discharge(self, hospital):
        """St. Brigid's system says that the person has left; it only proposes."""
        answer = hospital.send(self.mllp_port, self.sample("hl7v2", "doe_adt_a03.hl7").replace("Doe^J.", f"{CANARY}^Jordan").replace("APD-26-118802", "ACE-2026-10417"))
        if "MSA|AA" not in answer:
            raise Failed(f"the discharge got no positive ACK: {answer}")
        eventually("the outcome at the crew", lambda: len([n for n in os.listdir(self.stage.path("ace-out")) if n.endswith(".csv")]) >= 2)
        tell("County EMS", "its charting system gets a row for its report at each step: taken over, discharged")

    def referral_message(self, control_id):
        at = self.now().strftime("%Y%m%d%H%M%S%z")
        return "\r".join([
            f"MSH|^~\\&|EHR|STBRIGID|HANDOFF|HARBOR|{at}||REF^I12^REF_I12|{control_id}|P|2.5.1|||||USA|UNICODE UTF-8",
            f"RF1|P^Pending|A^Urgent|PSY^Psychiatric||||STB-REF-2041^STBRIGID|{at}||||".replace("||||STB", "||O|STB", 1),
            "PRD|RP|Okafor^Amara^^^Dr|||^WPN^PH^^1^555^5550110",
            "PRD|RT|^^^^^^Harborlight Crisis Center|||^WPN^PH^^1^555^5550142",
            f"PID|1||{CARD}^^^STBRIGID^MR||{CANARY}^Jordan^^^||19920214|X|||12 Example Way^^Alder^CO^80000||^PRN^PH^^1^555^5550177",
            "DG1|1||R45.851^Suicidal ideations^I10||20261005|A",
            "OBX|1|NM|8867-4^Heart rate^LN||96|/min|||||F",
            "NTE|1||Discharged after a night; wants to go on talking to someone.",
            ""])

    @property
    def clinic(self):
        """Harborlight's own system, between its two folders."""
        return Clinic(self.stage.path("harbor-fhir", "in"), self.stage.path("harbor-fhir", "out"))
