"""Alder County as real folders and processes: a hub, its authority, five agencies, the program's coordinator, an auditor, and one clock that
the story sets for all of them (this is a test consortium: its anchor says so)."""
import datetime
import json
import os
import re
import shutil
import struct
import zoneinfo

from stage import Failed, Stage, eventually
from telling import CANARY, CARD, tell

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
        self.offset = max(self.offset, int(wanted.total_seconds() * 1000))
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
        return hub

    def _anchor(self):
        for name in os.listdir(self.stage.path("authority")):
            if name.startswith("anchor"):
                return self.stage.path("authority", name)
        return None

    def policy(self, secret):
        """The county's shipped policy; its agreements end two years from now, so that the story can be told for ever."""
        with open(os.path.join(SOURCE, "docs", "policy", "alder-county.toml")) as f:
            text = re.sub(r"agreement_until = \d{4}", f"agreement_until = {self.monday.year + 2}", f.read())
        self.rules = self.stage.path("policy.toml")
        with open(self.rules, "w") as f:
            f.write(text)
        self.stage.run("handoff-authority", "policy", "sign", self.stage.path("authority"), self.rules, "-o", self.stage.path("policy.note"),
                       "--as", "1,2", "--passphrase-file", secret)
        tell("authority", "the county's policy, version 14: linted, signed, handed out through the directory; every message will name it")

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
        out = self.stage.json("handoff", "--agent", self.stage.path(slug), "can-send", "--to", other, "--kind", kind, "--purpose", purpose, "--json", expect=None)
        return out.get("epoch_key")

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

    def report_of_the_call(self):
        """Alder PD's report of the call, as a referral."""
        self.to("14:02")
        body = {"kind": "Referral", "referral": {
            "subject": {"name": {"family": CANARY, "given": "Jordan"}, "dob": "1992-02-14", "sex": "X"},
            "reasons": [{"code": "SI", "text": "Suicide threat, on the bridge"}], "service": {"code": "CSU_BED"}, "urgency": "emergent",
            "requester": {"name": {"family": "Officer 41"}, "role": "cit_officer", "phone": "+1-555-0199"}, "authority_basis": "hold",
            "location_now": "12 Example Way", "incident_ref": "APD-26-10441", "risk": {"self": "yes", "weapons": "no"},
            "hold": {"state": "CO", "form": "M-1", "initiator": "police", "basis": "danger to self", "start": self.at("13:55")},
            "co_response": "yes", "transport_needed": True}}
        sent = self.handoff("apd", "send", "--to", "harbor", "--kind", "Referral", "--purpose", "CRISIS", "--file", self.file("report.json", body))
        tell("Alder PD", f"suicide threat, M-1 hold: the report goes out as a referral to Harborlight, thread {sent['thread']}")
        return sent["thread"]

    def ambulance_arrives(self):
        sent = self.handoff("ace", "handoff", "offer", "--to", "stb", "--condition", "calm, breathing normally", "--weapons", "yes", "--restraint", "no",
                            "--custody", "offerer", "--clinical", "offerer", "--legal", "offerer", "--name", "Crew 7", "--role", "paramedic", "--callback", "+1-555-0107",
                            "--basis", "emergency", "--hold-form", "M-1", "--hold-start", self.at("13:55"))
        return sent["thread"]

    def discharge(self, hospital):
        del hospital

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

    def fhir_out(self, resource_type, holding):
        """The first resource of that type in Harborlight's folder that holds these words."""
        out = self.stage.path("harbor-fhir", "out")
        for name in sorted(os.listdir(out)):
            if name.endswith(".json"):
                with open(os.path.join(out, name)) as f:
                    resource = json.load(f)
                if resource["resourceType"] == resource_type and holding in json.dumps(resource):
                    return name, resource
        return None

    def answer_with(self, resource):
        """As any program should: written beside, then moved in whole."""
        folder = self.stage.path("harbor-fhir", "in")
        temporary = os.path.join(folder, ".answer.tmp")
        with open(temporary, "w") as f:
            json.dump(resource, f)
        os.rename(temporary, os.path.join(folder, "answer.json"))

    def invite(self):
        where = {slug: self.stage.path(slug) for slug in AGENCIES}
        handoff = os.path.join(self.stage.bin, "handoff")
        print(f"""
Everything is still running; its clock stands at {self.words()}. Five things to try in another terminal:
  {handoff} --agent {where["county"]} loops
  {handoff} --agent {where["harbor"]} inbox list
  {handoff} --agent {where["stb"]} audit denials
  {handoff} --agent {where["apd"]} can-send --to harbor --kind Referral
  {handoff} policy manual {self.rules} --format html -o handbook.html
A hospital message may be sent over MLLP to 127.0.0.1:{self.mllp_port}; Harborlight's FHIR folder is {self.stage.path("harbor-fhir")}.""")
        try:
            input("Press Enter to stop everything. ")
        except EOFError:
            pass
