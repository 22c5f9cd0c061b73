"""Alder County as real folders and processes: a hub, its authority, three agencies."""
import json
import os
import shutil

from stage import Failed, Stage, eventually

AGENCIES = {"stb": "hospital_ed", "apd": "police", "harbor": "crisis_center"}
NAMES = {"stb": "St. Brigid Hospital ED", "apd": "Alder Police", "harbor": "Harborlight Crisis Center"}


class County:
    def __init__(self, bin_dir, folder, answer_port):
        self.stage = Stage(bin_dir, folder)
        self.slugs = list(AGENCIES)
        self.answer_port = answer_port
        self.mllp_port = None

    def set_up(self, tell):
        s, path = self.stage, self.stage.path
        secret = path("passphrase")
        with open(os.open(secret, os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
            f.write("only-for-this-demo\n")
        keys = s.json("handoff-hub", "keygen", path("hub"), "--origin", "alder.example/hub", "--json")
        s.run("handoff-authority", "init", path("authority"), "--consortium", "alder.example", "--authorities", "3", "--threshold", "2",
              "--hub-transport", keys["transport"], "--log-key", keys["vkey"], "--test", "--passphrase-file", secret)
        anchor = eventually("the anchor", lambda: self._anchor())
        tell("authority", "three authorities, any two of whom may certify an agency; the key machine opens no socket")
        s.run("handoff-hub", "init", path("hub"), "--anchor", anchor)
        shown = json.loads(s.run("handoff-authority", "anchor", "show", path("authority"), "--json"))
        self.policy(secret)
        with open(path("hub", "hub.toml"), "w") as f:
            f.write("[hub]\nstartup_quiet_ms = 0\nallow_memory_dump = true\n")
        hub, endpoint = s.start("hub", "handoff-hub", "run", path("hub"), "--listen", "tcp://127.0.0.1:0", ready="listening ")
        tell("hub", "listens on loopback; it has proved to itself that a stranger is refused")
        s.run("handoff-hub", "add", path("hub"), path("policy.note"), "--rules", self.rules, "--wait")
        for slug in AGENCIES:
            self.enrol(slug, endpoint, secret, anchor, shown)
        self.enrol("auditor", endpoint, secret, anchor, shown)
        os.makedirs(path("config", "handoff"))
        shutil.copy(path("auditor", "profile.toml"), path("config", "handoff", "auditor.toml"))
        tell("agencies", "St. Brigid, Alder PD and Harborlight make their keys themselves; two authorities sign each certificate; the log has them")
        self.adapters()
        for slug in AGENCIES:
            s.start(slug, "handoff-agent", "run", path(slug), ready="ready ")
        for slug in AGENCIES:
            for other in AGENCIES:
                eventually(f"{slug} knows how to seal to {other}", lambda a=slug, b=other: a == b or self.can_send(a, b))
        return hub

    def _anchor(self):
        for name in os.listdir(self.stage.path("authority")):
            if name.startswith("anchor"):
                return self.stage.path("authority", name)
        return None

    def policy(self, secret):
        self.rules = self.stage.path("policy.toml")
        shutil.copy(os.path.join(os.path.dirname(__file__), "policy.toml"), self.rules)
        self.stage.run("handoff-authority", "policy", "sign", self.stage.path("authority"), self.rules, "-o", self.stage.path("policy.note"),
                       "--as", "1,2", "--passphrase-file", secret)

    def enrol(self, slug, endpoint, secret, anchor, shown):
        s, home = self.stage, self.stage.path(slug)
        role = ["--kind", AGENCIES[slug]] if slug in AGENCIES else ["--kind", "coordinator", "--auditor"]
        s.run("handoff-agent", "init", home, "--slug", slug, *role, "--hub", endpoint, "--consortium", "alder.example",
              "--passphrase-file", secret, "--low-cost-kdf")
        cert = s.path(slug + ".cert")
        s.run("handoff-authority", "issue", s.path("authority"), os.path.join(home, "request.note"), "-o", cert, "--as", "1,3", "--passphrase-file", secret)
        s.run("handoff-hub", "add", s.path("hub"), cert, "--wait")
        s.run("handoff-agent", "enroll", home, "--cert", cert, "--anchor", anchor, "--anchor-hash", shown["hash"])

    def adapters(self):
        port = self._free_port()
        with open(self.stage.path("stb", "agent.toml"), "a") as f:
            f.write(f'\n[[adapter]]\ntype = "hospital-mllp"\nlisten = "127.0.0.1:{port}"\nanswer_to = "127.0.0.1:{self.answer_port}"\nto = "harbor"\n')
        self.mllp_port = port
        for way in ("in", "out"):
            os.makedirs(self.stage.path("harbor-fhir", way))
        with open(self.stage.path("harbor", "agent.toml"), "a") as f:
            f.write(f'\n[[adapter]]\ntype = "behavioral-folder"\nout = "{self.stage.path("harbor-fhir", "out")}"\nin = "{self.stage.path("harbor-fhir", "in")}"\ncallback = "+1-555-0142"\n')

    @staticmethod
    def _free_port():
        import socket
        with socket.create_server(("127.0.0.1", 0)) as s:
            return s.getsockname()[1]

    def can_send(self, slug, other):
        kind = "StatusUpdate" if slug == "harbor" else "Referral"
        if "harbor" not in (slug, other):
            return True
        out = self.stage.json("handoff", "--agent", self.stage.path(slug), "can-send", "--to", other, "--kind", kind, "--json", expect=None)
        return out.get("allowed") and out.get("epoch_key")

    def handoff(self, who, *words):
        return json.loads(self.handoff_text(who, *words, "--json"))

    def handoff_text(self, who, *words):
        """An agency's people ask their agent; the auditor has a certificate of her own and asks the hub."""
        if who == "auditor":
            return self.stage.run("handoff", "--profile", who, *words, env={"XDG_CONFIG_HOME": self.stage.path("config"), "HOME": self.stage.folder})
        return self.stage.run("handoff", "--agent", self.stage.path(who), *words)

    def fhir_out(self, resource_type):
        out = self.stage.path("harbor-fhir", "out")
        for name in sorted(os.listdir(out)):
            if name.endswith(".json"):
                with open(os.path.join(out, name)) as f:
                    resource = json.load(f)
                if resource["resourceType"] == resource_type:
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
        stb, apd, harbor = (self.stage.path(slug) for slug in AGENCIES)
        handoff = os.path.join(self.stage.bin, "handoff")
        print(f"""
Everything is still running. Five things to try in another terminal:
  {handoff} --agent {harbor} inbox list
  {handoff} --agent {apd} send --to harbor --kind Referral --urgency urgent --reason WELFARE --service CRISIS_EVAL --unknown --descriptor 'grey coat' --callback +1-555-0199 --basis emergency
  {handoff} --agent {harbor} inbox accept THREAD
  {handoff} --agent {stb} status
  {handoff} --agent {apd} audit verify
A hospital message may be sent over MLLP to 127.0.0.1:{self.mllp_port}; Harborlight's FHIR folder is {self.stage.path("harbor-fhir")}.""")
        try:
            input("Press Enter to stop everything. ")
        except EOFError:
            pass
