"""A whole agent of the smallest kind, written from docs/spec alone: keys, request, directory, sealing, submitting, proofs, opening, receipts.

It shares no code with the implementation: sfh.py, notes.py and logscan.py (tests/vectors) are the other reading of the specification, flat.py
reads and writes FlatBuffers by hand, pyzmq carries the messages. minimal_agent_story.py makes it live among the real programs. Whatever
does not hold raises sfh.Refused."""
import base64
import os
import struct
import sys
import time

import nacl.bindings as nacl
import zmq
from zmq.utils import z85

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "vectors"))

import flat  # noqa: E402
from logscan import Scan  # noqa: E402
from notes import DAY, Note, open_checkpoint, parse_cert, parse_note  # noqa: E402
from sfh import (aead, blake, check_form_of, check_hashes, group_leaf, kek_of, kid, label, le, make_grp_prefix, make_hdr, message_key,  # noqa: E402
                 message_leaf, mth, need, open_group, padded, parse_ent, parse_rcp, root_from_path, sha, signed_by, x25519)

HELLO, BATCH, ACK, NACK, DELIVER, CREDIT, FETCH, RECEIPT, DIRGET, DIRPUT = range(1, 11)
LOGGET = 12
ZERO = bytes(32)
MINUTE = 60_000


def now_ms():
    return int(time.time() * 1000)


def uuid7(ms):
    raw = bytearray(ms.to_bytes(6, "big") + os.urandom(10))
    raw[6], raw[8] = 0x70 | raw[6] & 0x0F, 0x80 | raw[8] & 0x3F
    return bytes(raw)


class Nacked(Exception):
    def __init__(self, nack):
        super().__init__(f"NACK {nack['code']} {[g['code'] for g in nack['groups'] or []]}: {nack['words']}")
        self.nack = nack


class Line:
    """wire.md section 1: a DEALER over CURVE, requests answered by number, and what the hub sends unasked."""

    def __init__(self, endpoint, server_key, public, secret):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.curve_serverkey, self.socket.curve_publickey, self.socket.curve_secretkey = (z85.encode(k) for k in (server_key, public, secret))
        self.socket.connect(endpoint)
        self.req, self.pushed = 0, []

    def receive(self, seconds):
        """(op, req, payload)"""
        need(self.socket.poll(int(seconds * 1000)), "the hub does not answer")
        head, payload = self.socket.recv_multipart()
        op, version, req = struct.unpack("<BBQ", head)
        need(version == 1, "version")
        return op, req, payload

    def ask(self, op, schema, values, answer_op, answer, seconds=30):
        self.req += 1
        self.socket.send_multipart([le("BBQ", op, 1, self.req), flat.build(schema, values)])
        while True:
            got, req, payload = self.receive(seconds)
            if req != self.req:
                self.pushed.append((got, payload))
                continue
            if got == NACK:
                raise Nacked(flat.read(flat.NACK, payload))
            need(got == answer_op, "another op")
            return flat.read(answer, payload)

    def next_push(self, op, seconds=30):
        """The payload of the next message that the hub sends unasked."""
        while not any(got == op for got, _ in self.pushed):
            got, req, payload = self.receive(seconds)
            if req == 0:
                self.pushed.append((got, payload))
        at = next(i for i, (got, _) in enumerate(self.pushed) if got == op)
        return self.pushed.pop(at)[1]


class Agent:
    def __init__(self, consortium, name, kind):
        self.consortium, self.name, self.kind = consortium, name, kind
        self.agency, self.id = os.urandom(16), os.urandom(16)
        self.seeds = {role: os.urandom(32) for role in ("sign", "witness", "recovery")}
        self.public = {role: nacl.crypto_sign_seed_keypair(seed)[0] for role, seed in self.seeds.items()}
        self.transport_secret = os.urandom(32)
        self.public["transport"] = nacl.crypto_scalarmult_base(self.transport_secret)
        self.hedge_secret = os.urandom(32)
        self.epochs = {}                                       # number -> secret
        self.last_epoch_note = "00" * 32
        self.batch_seq, self.prev_batch = 0, ZERO
        self.chains = {}                                       # recipient -> (next pair_seq, last leaf)
        self.upto, self.passed = {}, set()                     # sender -> (upto, leaf); leaves of all groups taken

    # ---- certificate.md: who we are ----
    def signer(self):
        return f"{self.consortium}/agent/{self.id.hex()}"

    def request(self):
        b64 = {role: base64.b64encode(k).decode() for role, k in self.public.items()}
        text = (f"sfh-request/v1\nconsortium {self.consortium}\ntype agent\nagency {self.agency.hex()}\nagent {self.id.hex()}\nkind {self.kind}\n"
                f"name {self.name}\nroles -\nsign {b64['sign']}\ntransport {b64['transport']}\nwitness {b64['witness']}\nrecovery {b64['recovery']}\n")
        return Note(text).sign(self.signer(), self.seeds["sign"]).whole

    def enrol(self, cert_note, anchor_note, anchor_hash):
        note = parse_note(cert_note)
        cert = parse_cert(note.text)
        need(cert["agent"] == self.id.hex() and all(cert[role] == k for role, k in self.public.items()), "another's certificate")
        self.cert_hash = bytes.fromhex(note.hash())
        self.scan = Scan(anchor_note, anchor_hash)
        self.anchor = self.scan.directory.anchor
        self.hub_id = sha(self.anchor["origin"].encode(), b"\n")
        self.checkpoint = ""

    def connect(self, endpoint):
        self.line = Line(endpoint, self.anchor["transport"], self.public["transport"], self.transport_secret)
        hello = self.line.ask(HELLO, flat.HELLO, {"credit": 0, "checkpoint": self.checkpoint, "versions": [1], "software": "minimal"}, HELLO, flat.HELLO)
        need(1 in hello["versions"], "the hub speaks another version")
        self.sync()

    # ---- audit.md: the log and the directory ----
    def open_checkpoint(self, note):
        return open_checkpoint(note, self.anchor["origin"], self.anchor["log"])

    def sync(self, at_least=0):
        """Reads and checks every entry up to the newest checkpoint."""
        got = self.line.ask(LOGGET, flat.LOGGET, {"what": 1}, LOGGET, flat.LOGGOT)
        size, root = self.open_checkpoint(got["checkpoint"])
        need(size >= max(at_least, len(self.scan.entries)), "the log shrank")
        notes = {}
        while len(self.scan.entries) < size:
            at = len(self.scan.entries)
            part = self.line.ask(LOGGET, flat.LOGGET, {"what": 2, "from": at, "to": size}, LOGGET, flat.LOGGOT)["data"]
            need(part and len(part) % 112 == 0, "entries")
            for i in range(0, len(part), 112):
                entry = part[i:i + 112]
                if entry[4] == 3 and len(self.scan.entries) not in notes:
                    for n in self.line.ask(DIRGET, flat.DIRGET, {"after": self.scan.dir_seq}, DIRGET, flat.DIRGOT)["notes"] or []:
                        notes[n["log_index"] or 0] = n["note"]
                self.scan.add(entry, notes.get(len(self.scan.entries)))
        self.scan.check_root(size, root)
        self.checkpoint = got["checkpoint"]

    def included(self, index, entry, path, checkpoint):
        size, root = self.open_checkpoint(checkpoint)
        path = path or b""
        need(index < size and root_from_path(index, size, sha(b"\0", entry), [path[i:i + 32] for i in range(0, len(path), 32)]) == root, "inclusion")
        return size

    def proven(self, p, checkpoint):
        self.included(p["index"] or 0, p["ent"], p["path"], checkpoint)
        return parse_ent(p["ent"])

    # ---- certificate.md: epoch keys ----
    def publish_epochs(self, days=3):
        start = now_ms() - MINUTE
        lines = [f"sfh-epoch/v1\ncert {self.cert_hash.hex()}\nsuites 1\n"]
        for i in range(days):
            number = len(self.epochs) + 1
            self.epochs[number] = os.urandom(32)
            public = base64.b64encode(nacl.crypto_scalarmult_base(self.epochs[number])).decode()
            begin = start + i * DAY
            lines.append(f"key {number} {begin} {begin + DAY} {begin + 8 * DAY} {public}\n")
        note = Note("".join(lines) + f"prev {self.last_epoch_note}\n").sign(self.signer(), self.seeds["sign"])
        ack = self.line.ask(DIRPUT, flat.DIRPUT, {"note": note.whole}, ACK, flat.ACK)
        entry = self.proven(ack["entries"][0], ack["checkpoint"])
        need(entry["type"] == 3 and entry["subject"] == note.subject(), "the hub logged another note")
        self.last_epoch_note = note.hash()
        self.sync()

    def member(self, name):
        d = self.scan.directory
        cert = d.certs[d.current[d.names[name]]]
        need(d.standing(cert["hash"], len(self.scan.entries), self.scan.hub_time) == "active", "not active")
        return cert

    # ---- envelope.md section 4: sealing ----
    def body(self, kind, payload, basis="treatment"):
        size, root = self.open_checkpoint(self.checkpoint)
        sig = next(blob[4:] for name, blob in parse_note(self.checkpoint).lines if name == self.anchor["origin"])
        return flat.build(flat.BODY, {"major": 1, "minor": 1, "type": kind, "payload": payload, "authority_basis": basis,
                                      "seen": {"size": size, "root": root, "log_sig": sig}})

    def seal(self, to, kind, kind_name, purpose, body, thread=None, thread_seq=1):
        """One message to one agency: what the frame holds, and what an ACK has to say."""
        now = now_ms()
        cert, policy = self.member(to), self.scan.directory.policy(now)
        expires = now + policy["expiry"][kind_name]
        epoch, public = next((k[0], k[4]) for k in cert["epochs"] if k[1] <= now < k[2] and expires <= k[3])
        recipient = bytes.fromhex(cert["agent"])
        pair_seq, prev_leaf = self.chains.get(recipient, (1, ZERO))
        self.batch_seq = max(self.batch_seq + 1, now)
        text = padded(body)
        msg_id = uuid7(now)
        thread = thread or uuid7(now)
        hdr = make_hdr({"kind": kind, "msg_id": msg_id.hex(), "thread_id": thread.hex(), "created_ms": now, "expires_ms": expires,
                        "policy_version": policy["version"], "purpose": purpose, "flags": 1, "thread_seq": thread_seq}, len(text) + 16, ZERO)

        def statement(root):
            return (label("SFH1/batch", 32) + le("HHI", 1, 0, 1) + self.id + self.cert_hash + le("QQ", self.batch_seq, now) + self.prev_batch + root
                    + self.hub_id + le("Q", self.scan.dir_seq) + bytes(8))

        digest, rand, now_ns = sha(recipient, public, hdr, text, statement(ZERO)), os.urandom(32), time.time_ns()

        def h(words, n):
            return blake(rand, label(words) + self.hedge_secret + digest + le("QIQ", self.batch_seq, n, now_ns))

        secret, big_g = h("SFH1/hedge-e", 0), h("SFH1/hedge", 0)
        ephemeral = nacl.crypto_scalarmult_base(secret)
        prefix = make_grp_prefix({"sender": self.id.hex(), "sender_cert": self.cert_hash.hex(), "batch_seq": self.batch_seq},
                                 {"n_slots": 1, "n_msgs": 1, "flags": 0, "no": 0}, ephemeral)
        slot = recipient + le("II", epoch, 0) + kid(public) + le("Q", pair_seq) + prev_leaf
        grp = prefix + slot + aead(kek_of(x25519(secret, public), prefix, slot, public), big_g, b"") + bytes(8)
        gctx = sha(label("SFH1/grp-ctx"), grp)
        k = message_key(big_g, 0)
        commit, ct = sha(label("SFH1/key-commit"), k), aead(k, text, gctx + hdr)
        msg_leaf = message_leaf(gctx, 0, hdr, commit, sha(ct))
        leaf = group_leaf(gctx, 1, mth([msg_leaf]))
        bst = statement(mth([leaf]))
        sig = nacl.crypto_sign(bst, nacl.crypto_sign_seed_keypair(self.seeds["sign"])[1])[:64]
        return {"frame": {"bst": bst, "sig": sig, "groups": [{"grp": grp, "msgs": [{"hdr": hdr, "commit": commit, "ct": ct}]}]}, "leaf": leaf,
                "message_leaf": msg_leaf, "hash": sha(bst, sig), "created": now, "recipient": recipient, "upto": pair_seq, "msg_id": msg_id, "thread": thread}

    def submit(self, sealed):
        """wire.md section 7: an ACK counts only with everything that it has to prove."""
        ack = self.line.ask(BATCH, flat.BATCH, sealed["frame"], ACK, flat.ACK)
        need(ack["batch_hash"] == sealed["hash"] and len(ack["entries"]) == 1, "another batch")
        e = self.proven(ack["entries"][0], ack["checkpoint"])
        need(e["type"] == 1 and e["subject"] == sealed["leaf"] and e["container"] == sealed["hash"] and e["count"] == 1, "another entry")
        need(sealed["created"] - 5 * MINUTE <= e["hub_time"] <= now_ms() + 5 * MINUTE, "the hub's time")
        self.prev_batch, self.chains[sealed["recipient"]] = sealed["hash"], (sealed["upto"] + 1, sealed["leaf"])
        index = ack["entries"][0]["index"] or 0
        self.sync(index + 1)                                   # and it stands in the very log that everybody reads
        need(self.scan.entries[index] == ack["entries"][0]["ent"], "another log")
        return index

    def receipt(self):
        """The next receipt that the hub forwards: envelope.md section 7."""
        r = flat.read(flat.RECEIPT, self.line.next_push(RECEIPT))
        rcp = parse_rcp(r["rcp"])
        need(rcp["sender"] == self.id, "for another sender")
        self.sync()
        cert = self.scan.directory.certs.get(rcp["cert"].hex())
        need(cert is not None and cert["agent"] == rcp["recipient"].hex() and signed_by(cert["sign"], r["rcp"], r["sig"]), "its signature")
        e = self.proven(r["entry"], r["checkpoint"])
        need(e["type"] == 2 and e["subject"] == sha(r["rcp"], r["sig"]) and e["container"] == rcp["leaf"], "its entry")
        return rcp

    # ---- envelope.md section 6: opening ----
    def fetch(self, sender):
        """What the hub holds for us from this sender, above what we have."""
        upto = self.upto.get(sender, (0, ZERO))[0]
        got = self.line.ask(FETCH, flat.FETCH, {"what": 1, "sender": sender, "recipient": self.id, "from": upto + 1, "limit": 16}, FETCH, flat.FETCHED)
        return [d["data"] for d in got["delivers"] or []]

    def take(self, frame):
        """Checks and opens one delivered group, whole or not at all: [(HDR1, body)]; nothing of one that it has had."""
        d = flat.read(flat.DELIVER, frame)
        bst, groups = check_form_of(d["batch"], batch=False)                                     # 1, and 2 but for the next line
        group, raw = groups[0], d["batch"]["bst"]
        need(raw[168:200] == self.hub_id and any(s[:16] == self.id for s in group["slots"]), "not for us at this hub")
        index = d["index"] or 0
        self.sync(self.included(index, d["ent"], d["incl"], d["ckpt"]))                          # 3
        e = parse_ent(d["ent"])
        need(self.scan.entries[index] == d["ent"], "another log")
        need(e["type"] == 1 and e["container"] == sha(raw, d["batch"]["sig"]) and e["count"] == group["n_msgs"], "another entry")
        need(struct.unpack_from("<Q", raw, 200)[0] <= e["dir_seq"], "a directory from the future")
        cert = self.scan.directory.certs.get(raw[56:88].hex())                                   # 4
        need(cert is not None and cert["agent"] == raw[40:56].hex() and cert["type"] == "agent", "certificate")
        need(self.scan.directory.standing(cert["hash"], index, e["hub_time"]) == "active", "certificate")
        need(signed_by(cert["sign"], raw, d["batch"]["sig"]), "signature")
        check_hashes(bst, groups, batch=False)                                                   # 5
        leaf = group["leaf"]
        need(e["subject"] == leaf, "another group")
        sender, slot = raw[40:56], next(s for s in group["slots"] if s[:16] == self.id)          # 6
        pair_seq, (upto, last) = struct.unpack_from("<Q", slot, 32)[0], self.upto.get(sender, (0, ZERO))
        if leaf in self.passed:
            return []                                                                            # a repeat; FETCH may begin with the last one held
        need(pair_seq == upto + 1 and slot[40:72] == last, "the chain: a gap or a conflict")
        self.upto[sender] = (pair_seq + group["n_msgs"] - 1, leaf)                               # 7
        self.passed.add(leaf)
        epoch = struct.unpack_from("<I", slot, 16)[0]
        return [(m["hdr"], b) for m, b in zip(group["msgs"], open_group(group, self.id, self.epochs[epoch]))]   # 8

    def deliver_receipt(self, sender):
        """9: status 1, logged."""
        upto, leaf = self.upto[sender]
        rcp = (label("SFH1/receipt", 32) + le("HHI", 1, 1, 0) + self.id + self.cert_hash + sender + le("Q", upto) + leaf + le("Q", now_ms()) + ZERO)
        sig = nacl.crypto_sign(rcp, nacl.crypto_sign_seed_keypair(self.seeds["sign"])[1])[:64]
        ack = self.line.ask(RECEIPT, flat.RECEIPT, {"rcp": rcp, "sig": sig}, ACK, flat.ACK)
        e = self.proven(ack["entries"][0], ack["checkpoint"])
        need(e["type"] == 2 and e["subject"] == sha(rcp, sig) and e["container"] == leaf, "another entry")
