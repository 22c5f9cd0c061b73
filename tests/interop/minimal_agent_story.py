"""The minimal agent (minimal_agent.py) among the real programs: certified by handoff-authority, served by handoff-hub, in mail with a
handoff-agent both ways, with receipts both ways. And what it must refuse, tried on what the hub really delivered."""
import argparse
import json
import os
import shutil
import socket
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "demo"))
sys.path.insert(0, HERE)

import flat  # noqa: E402
from minimal_agent import Agent, Nacked  # noqa: E402
from sfh import Refused, parse_rcp, sha  # noqa: E402
from stage import Failed, Stage, eventually  # noqa: E402

CONSORTIUM, ORIGIN = "minimal.example", "minimal.example/hub"
POLICY = '''flow = [ { id = "K1", from = ["*"], to = ["*"], kinds = ["*"], purpose = ["*"], decision = "allow" } ]
[policy]
id = "minimal"
version = 1
effective = 2026-01-01T00:00:00Z
'''


def check(what, holds):
    if not holds:
        raise Failed(what)
    print("  " + what)


class Story:
    def __init__(self, bin_dir, folder):
        self.stage = Stage(bin_dir, folder)

    def set_up(self):
        s, path = self.stage, self.stage.path
        self.secret = path("passphrase")
        with open(os.open(self.secret, os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
            f.write("only-for-this-test\n")
        keys = s.json("handoff-hub", "keygen", path("hub"), "--origin", ORIGIN, "--json")
        s.run("handoff-authority", "init", path("authority"), "--consortium", CONSORTIUM, "--authorities", "3", "--threshold", "2",
              "--hub-transport", keys["transport"], "--log-key", keys["vkey"], "--test", "--passphrase-file", self.secret)
        self.anchor = next(path("authority", n) for n in os.listdir(path("authority")) if n.startswith("anchor"))
        s.run("handoff-hub", "init", path("hub"), "--anchor", self.anchor)
        self.anchor_hash = json.loads(s.run("handoff-authority", "anchor", "show", path("authority"), "--json"))["hash"]
        with open(path("policy.toml"), "w") as f:
            f.write(POLICY)
        s.run("handoff-authority", "policy", "sign", path("authority"), path("policy.toml"), "-o", path("policy.note"), "--as", "1,2", "--passphrase-file", self.secret)
        with open(path("hub", "hub.toml"), "w") as f:
            f.write("[hub]\nstartup_quiet_ms = 0\nallow_memory_dump = true\n")
        _, self.endpoint = s.start("hub", "handoff-hub", "run", path("hub"), "--listen", "tcp://127.0.0.1:0", ready="listening ")
        s.run("handoff-hub", "add", path("hub"), path("policy.note"), "--rules", path("policy.toml"), "--wait")

    def issue(self, request, cert):
        self.stage.run("handoff-authority", "issue", self.stage.path("authority"), request, "-o", cert, "--as", "1,3", "--passphrase-file", self.secret)
        self.stage.run("handoff-hub", "add", self.stage.path("hub"), cert, "--wait")

    def real_agent(self, name):
        s, home, cert = self.stage, self.stage.path(name), self.stage.path(name + ".cert")
        s.run("handoff-agent", "init", home, "--slug", name, "--kind", "crisis_center", "--hub", self.endpoint, "--consortium", CONSORTIUM,
              "--passphrase-file", self.secret, "--low-cost-kdf")
        self.issue(os.path.join(home, "request.note"), cert)
        s.run("handoff-agent", "enroll", home, "--cert", cert, "--anchor", self.anchor, "--anchor-hash", self.anchor_hash)
        s.start(name, "handoff-agent", "run", home, ready="ready ")

    def minimal_agent(self, name):
        agent = Agent(CONSORTIUM, name, "hospital_ed")
        request, cert = self.stage.path(name + ".request"), self.stage.path(name + ".cert")
        with open(request, "w") as f:
            f.write(agent.request())
        self.issue(request, cert)
        with open(cert) as c, open(self.anchor) as a:
            agent.enrol(c.read(), a.read(), self.anchor_hash)
        agent.connect(self.endpoint)
        return agent

    def ask(self, who, **request):
        """docs/spec/agent-socket.md: one line each way."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(self.stage.path(who, "agent.sock"))
            line.sendall(json.dumps(request).encode() + b"\n")
            with line.makefile() as answers:
                answer = json.loads(answers.readline())
        if not answer["ok"]:
            raise Failed(f"{who}: {request['op']}: {answer['error']}")
        return answer

    def play(self):
        self.set_up()
        self.real_agent("harbor")
        agent = self.minimal_agent("mini")
        check("the authority certified its request; the hub let it in; log, directory and root hold", agent.member("mini") is not None)
        agent.publish_epochs()
        check("its epoch keys are logged, with proof", "epochs" in agent.member("mini"))

        def harbor_is_there():
            agent.sync()
            return "epochs" in agent.member("harbor")
        eventually("harbor's epoch keys", harbor_is_there)

        sealed = self.there(agent)
        self.back(agent, sealed)
        self.refusals(agent)

    def there(self, agent):
        """From the minimal agent to the real one."""
        body = agent.body("SecureMessage", flat.build(flat.SECURE_MESSAGE, {"text": "from the other reading of the specification", "author_role": "nurse"}))
        sealed = agent.seal("harbor", 3, "SecureMessage", 2, body)
        agent.submit(sealed)
        check("its batch was accepted; entry, proof, checkpoint and the log itself agree", True)
        again = dict(sealed)
        agent.submit(again)
        check("the same bytes again get the same entry", True)
        rcp = agent.receipt()
        check("harbor's receipt says delivered, up to its group", rcp["status"] == 1 and rcp["leaf"] == sealed["leaf"] and rcp["n_failed"] == 0)
        thread = eventually("the message in harbor's inbox", lambda: next(iter(self.ask("harbor", op="inbox.list")["threads"]), None))
        texts = json.dumps(self.ask("harbor", op="inbox.show", thread=thread["thread"]))
        check("harbor shows its words", "from the other reading of the specification" in texts)
        check("under its thread id", thread["thread"].replace("-", "") == sealed["thread"].hex())
        return sealed

    def back(self, agent, sealed):
        """From the real agent to the minimal one, which fetches."""
        body = {"kind": "SecureMessage", "authority_basis": "treatment", "secure_message": {"text": "and back again", "author_role": "clinician"}}
        sent = self.ask("harbor", op="send", thread=sealed["thread"].hex(), kind="SecureMessage", body=body)
        mail = {}                                              # kind -> (HDR1, body)

        def arrived():
            for frame in agent.fetch(sealed["recipient"]):
                if not mail:
                    self.attack(agent, frame)
                for hdr, got in agent.take(frame):
                    mail[int.from_bytes(hdr[6:8], "little")] = hdr, got
            return 3 in mail and 16 in mail
        eventually("harbor's answer, and that somebody there has read", arrived)
        hdr, got = mail[3]
        read = flat.read(flat.BODY, got)
        text = flat.read(flat.SECURE_MESSAGE, read["payload"])["text"]
        check("checked in order, opened, and read", read["type"] == "SecureMessage" and text == "and back again" and hdr[24:40] == sealed["thread"])
        rcp = parse_rcp(mail[16][1])
        check("its sealed receipt says that a person has read", rcp["status"] == 2 and rcp["leaf"] == sealed["leaf"] and rcp["ref"] == sealed["message_leaf"])
        seen = read["seen"]
        if seen is not None and seen["size"]:
            check("the checkpoint that harbor has seen is one of this log", agent.scan.root(seen["size"]) == seen["root"])
        agent.deliver_receipt(sealed["recipient"])

        def delivered():
            events = self.ask("harbor", op="inbox.show", thread=sealed["thread"].hex())["events"]
            return next((e for e in events if e["message"] == sent["message"] and e["state"] == "delivered"), None)
        eventually("harbor knows that it was delivered", delivered)
        check("its receipt is logged, and harbor shows the message as delivered", True)

    def attack(self, agent, frame):
        """No byte of what was delivered may change: each signed or hashed structure, bent by one bit."""
        state, tried = dict(agent.upto), 0
        for name, path in (("bst", ("batch", "bst")), ("sig", ("batch", "sig")), ("ent", ("ent",)), ("ckpt", ("ckpt",)), ("incl", ("incl",))):
            for at in (0, 33, 63):
                d = flat.read(flat.DELIVER, frame)
                where = d
                for step in path[:-1]:
                    where = where[step]
                raw = bytearray(where[path[-1]] or b"")
                if at >= len(raw):
                    continue
                raw[at] ^= 4
                where[path[-1]] = bytes(raw)
                tried += self.refused(agent, d, name)
        for part in ("hdr", "commit", "ct"):
            d = flat.read(flat.DELIVER, frame)
            message = d["batch"]["groups"][0]["msgs"][0]
            message[part] = bytes([message[part][0] ^ 1]) + message[part][1:]
            tried += self.refused(agent, d, part)
        d = flat.read(flat.DELIVER, frame)
        grp = bytearray(d["batch"]["groups"][0]["grp"])
        grp[112 + 80] ^= 1
        d["batch"]["groups"][0]["grp"] = bytes(grp)
        tried += self.refused(agent, d, "grp")
        check(f"{tried} bent copies of the delivery are refused, and the chain has not moved", tried >= 15 and agent.upto == state)

    @staticmethod
    def refused(agent, deliver, what):
        try:
            agent.take(flat.build(flat.DELIVER, deliver))
        except Refused:
            return 1
        raise Failed(f"a bent {what} was accepted")

    def refusals(self, agent):
        """And the hub refuses what the minimal agent must not do, with the number that wire.md says."""
        body = agent.body("SecureMessage", flat.build(flat.SECURE_MESSAGE, {"text": "x"}))

        def refused(code, bend):
            sealed = agent.seal("harbor", 3, "SecureMessage", 2, body)
            bend(sealed)
            try:
                agent.submit(sealed)
            except Nacked as why:
                return why.nack["code"] == code or code in [g["code"] for g in why.nack["groups"] or []]
            return False

        def unknown_suite(sealed):
            for at in (sealed["frame"]["bst"], sealed["frame"]["groups"][0]["grp"]):
                assert at[:3] in (b"SFH", b"SFG")
            sealed["frame"]["bst"] = sealed["frame"]["bst"][:32] + b"\x01\x7f" + sealed["frame"]["bst"][34:]
            grp = sealed["frame"]["groups"][0]["grp"]
            sealed["frame"]["groups"][0]["grp"] = grp[:4] + b"\x01\x7f" + grp[6:]

        def bend_ct(sealed):
            m = sealed["frame"]["groups"][0]["msgs"][0]
            m["ct"] = bytes([m["ct"][0] ^ 1]) + m["ct"][1:]

        def bend_sig(sealed):
            sealed["frame"]["sig"] = sha(b"x") + sha(b"y")

        check("a suite that nobody knows: NACK 2", refused(2, unknown_suite))
        check("another ciphertext: NACK 6", refused(6, bend_ct))
        check("another signature: NACK 5", refused(5, bend_sig))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--keep")
    args = parser.parse_args()
    folder = args.keep or tempfile.mkdtemp(prefix="handoff-minimal-")
    story = Story(args.bin, folder)
    try:
        story.play()
        print("a minimal agent, written from docs/spec, took part")
        return 0
    except Failed as why:
        print(f"FAILED: {why}", file=sys.stderr)
        for name in os.listdir(folder):
            if name.endswith(".log"):
                with open(os.path.join(folder, name), errors="replace") as f:
                    print(f"--- {name}\n{f.read()[-3000:]}", file=sys.stderr)
        return 1
    finally:
        story.stage.stop()
        if not args.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
