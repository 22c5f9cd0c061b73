"""Signed notes and the directory in Python, from docs/spec/certificate.md: text forms, signatures, who may sign what, standing.

Shares no code with the implementation. Everything that does not hold raises sfh.Refused."""
import base64
import re

import nacl.bindings as nacl

from sfh import Refused, need, sha, signed_by

HOUR, DAY = 3_600_000, 86_400_000
ZERO = "00" * 32
LIMITS = {"age-ms": 86400000, "audit-path": 63, "batch-frame-bytes": 4194304, "body-bytes": 262144, "clock-skew-ms": 120000, "groups-per-batch": 256,
          "in-flight": 4, "messages-per-group": 1024, "note-bytes": 32768, "slots-per-group": 64, "mailbox-groups": 100000}
ED25519, COSIGNATURE = 1, 4


# ---- section 1: signed notes ----
def b64(text):
    """Canonical base64, or Refused."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise Refused("base64") from None
    need(base64.b64encode(raw).decode() == text, "base64")
    return raw


def key_id(name, alg, public):
    return sha(name.encode(), b"\n", bytes([alg]), public)[:4]


def vkey(name, alg, public):
    return f"{name}+{key_id(name, alg, public).hex()}+{base64.b64encode(bytes([alg]) + public).decode()}"


def parse_vkey(text):
    name, ident, blob = (text.split("+", 2) + ["", ""])[:3]
    raw = b64(blob)
    need(len(raw) == 33 and raw[0] in (ED25519, COSIGNATURE), "vkey")
    need(key_id(name, raw[0], raw[1:]).hex() == ident, "vkey")
    return name, raw[0], raw[1:]


class Note:
    def __init__(self, text, lines=()):
        self.text, self.lines = text, list(lines)      # lines: (name, key id || signature)

    @property
    def whole(self):
        return self.text + "\n" + "".join(f"\u2014 {name} {base64.b64encode(blob).decode()}\n" for name, blob in self.lines)

    def hash(self):
        return sha(self.text.encode()).hex()

    def subject(self):
        return sha(self.whole.encode())

    def sign(self, name, seed):
        public, secret = nacl.crypto_sign_seed_keypair(seed)
        self.lines.append((name, key_id(name, ED25519, public) + nacl.crypto_sign(self.text.encode(), secret)[:64]))
        return self

    def signers(self, keys):
        """Which of `keys` {name: public} signed; every line must be one that holds and is by one of them."""
        found = set()
        for name, blob in self.lines:
            need(name in keys and blob[:4] == key_id(name, ED25519, keys[name]) and len(blob) == 68, "a signer without a say")
            need(signed_by(keys[name], self.text.encode(), blob[4:]), "signature")
            found.add(name)
        return found


def parse_note(whole):
    """`whole`: text, or its bytes as they came."""
    try:
        whole = whole if isinstance(whole, str) else whole.decode()
    except UnicodeDecodeError:
        raise Refused("note") from None
    need(len(whole.encode()) <= 32768 and not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", whole), "note")
    text, gap, tail = whole.rpartition("\n\n")
    need(gap and text and tail.endswith("\n"), "note")
    lines = []
    for line in tail[:-1].split("\n"):
        m = re.fullmatch("\u2014 ([^\\s+]+) ([A-Za-z0-9+/=]+)", line)
        need(m, "signature line")
        blob = b64(m[2])
        need(len(blob) > 4, "signature line")
        lines.append((m[1], blob))
    need(1 <= len(lines) <= 32, "signature lines")
    return Note(text + "\n", lines)


def parse_checkpoint(text):
    """(origin, size, root)"""
    lines = text.split("\n")
    need(len(lines) == 4 and lines[3] == "" and lines[0] and number(lines[1]) >= 0, "checkpoint")
    root = b64(lines[2])
    need(len(root) == 32, "checkpoint")
    return lines[0], int(lines[1]), root


def open_checkpoint(whole, origin, public):
    """Size and root, if the log signed them; other signature lines are witnesses'."""
    note = parse_note(whole)
    name, size, root = parse_checkpoint(note.text)
    need(name == origin, "origin")
    mine = [blob for signer, blob in note.lines if signer == origin and blob[:4] == key_id(origin, ED25519, public)]
    need(mine and all(signed_by(public, note.text.encode(), blob[4:]) for blob in mine), "log signature")
    return size, root


def cosigned(note, name, public):
    """The time of a witness's signature on a checkpoint, or Refused."""
    for signer, blob in note.lines:
        if signer == name and blob[:4] == key_id(name, COSIGNATURE, public) and len(blob) == 76:
            seconds = int.from_bytes(blob[4:12], "big")
            need(signed_by(public, f"cosignature/v1\ntime {seconds}\n{note.text}".encode(), blob[12:]), "cosignature")
            return seconds
    raise Refused("not cosigned")


def cosign(text, name, seed, seconds):
    """A witness's signature line for a checkpoint's text."""
    public, secret = nacl.crypto_sign_seed_keypair(seed)
    sig = nacl.crypto_sign(f"cosignature/v1\ntime {seconds}\n{text}".encode(), secret)[:64]
    return f"\u2014 {name} {base64.b64encode(key_id(name, COSIGNATURE, public) + seconds.to_bytes(8, 'big') + sig).decode()}\n"


# ---- section 2: lines ----
def number(text):
    need(re.fullmatch(r"0|[1-9][0-9]*", text) and int(text) < 1 << 64, "number")
    return int(text)


def moment(text):
    need(number(text) < 253402300800000, "time")
    return int(text)


def matching(pattern):
    def take(text):
        need(re.fullmatch(pattern, text), "value")
        return text
    return take


digest = matching(r"[0-9a-f]{64}")
code = matching(r"[a-z0-9_-]{1,64}")
word = matching(r"[A-Za-z0-9_-]{1,64}")
slug = matching(r"[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?")


def ident(text):
    need(re.fullmatch(r"[0-9a-f]{32}", text) and text != "0" * 32, "id")
    return text


def key(text):
    raw = b64(text)
    need(len(raw) == 32 and raw != bytes(32), "key")
    return raw


class Lines:
    def __init__(self, text, kind):
        self.lines = text[:-1].split("\n")
        need(text.endswith("\n") and self.lines.pop(0) == kind, "type")

    def peek(self, name):
        return bool(self.lines) and (self.lines[0] == name or self.lines[0].startswith(name + " "))

    def take(self, name, *values):
        """The words after `name`, each read by its function; one is given bare."""
        need(self.peek(name), f"no line {name}")
        words = self.lines.pop(0).split(" ")[1:]
        need(len(words) == len(values), name)
        out = [f(w) for f, w in zip(values, words)]
        return out[0] if len(out) == 1 else out

    def end(self):
        need(not self.lines, "a line too many")


# ---- section 3: the notes ----
def parse_anchor(text):
    at = Lines(text, "sfh-anchor/v1")
    a = {"version": at.take("version", number), "threshold": at.take("threshold", number), "revoke": at.take("revoke-threshold", number), "authorities": {}}
    last = 0
    while at.peek("authority"):
        name, alg, public = at.take("authority", parse_vkey)
        m = re.fullmatch(r"(.+)/authority/([1-9][0-9]*)", name)
        need(m and alg == ED25519 and int(m[2]) > last, "authority")
        need(a.setdefault("consortium", m[1]) == m[1], "authority")
        last = int(m[2])
        a["authorities"][name] = public
    need(1 <= a["threshold"] <= len(a["authorities"]) and 1 <= a["revoke"] <= len(a["authorities"]), "threshold")
    a["origin"], alg, a["log"] = at.take("log", parse_vkey)
    need(alg == ED25519, "log")
    a["transport"] = at.take("hub-transport", key)
    a["witnesses"] = {}
    while at.peek("witness") or at.peek("group"):
        words = at.lines.pop(0).split(" ")
        if words[0] == "witness":
            need(len(words) in (3, 4), "witness")
            name, alg, public = parse_vkey(words[2])
            need(alg == COSIGNATURE, "witness")
            a["witnesses"][words[1]] = (name, public)
    a["quorum"] = at.take("quorum", str)
    names = []
    while at.peek("limit"):
        name, value = at.take("limit", str, number)
        need(value <= LIMITS.get(name, -1), "limit")
        names.append(name)
    need(names == sorted(set(names)), "limits")
    a["test"] = at.peek("test") and at.take("test") == []
    a["prev"] = at.take("prev", digest)
    at.end()
    return a


def parse_cert(text):
    at = Lines(text, "sfh-cert/v1")
    c = {"consortium": at.take("consortium", digest), "serial": at.take("serial", number), "type": at.take("type", matching("agent|hub|auditor")),
         "agency": at.take("agency", ident), "agent": at.take("agent", ident), "kind": at.take("kind", code), "name": at.take("name", slug)}
    roles = at.take("roles", str)
    c["roles"] = [] if roles == "-" else roles.split(",")
    need(c["roles"] == sorted({code(r) for r in c["roles"]}), "roles")
    for name in ("sign", "transport", "witness", "recovery"):
        c[name] = at.take(name, key)
    c["from"], c["until"], c["prev"] = at.take("not-before", moment), at.take("not-after", moment), at.take("prev", digest)
    at.end()
    need(c["serial"] >= 1 and c["from"] < c["until"] and len({c[k] for k in ("sign", "transport", "witness", "recovery")}) == 4, "certificate")
    return c


def parse_epoch(text):
    at = Lines(text, "sfh-epoch/v1")
    e = {"cert": at.take("cert", digest), "suites": [number(s) for s in at.take("suites", str).split(",")], "keys": []}
    while at.peek("key"):
        e["keys"].append(at.take("key", number, moment, moment, moment, key))
    e["prev"] = at.take("prev", digest)
    at.end()
    numbers = [k[0] for k in e["keys"]]
    need(e["keys"] and 1 in e["suites"] and numbers == sorted(set(numbers)) and numbers[-1] < 1 << 32, "epochs")
    for _, begin, until, destroy, _ in e["keys"]:
        need(begin < until <= begin + 7 * DAY and until <= destroy <= until + 30 * DAY, "epoch bounds")
    return e


def parse_revoke(text):
    at = Lines(text, "sfh-revoke/v1")
    r = {"cert": at.take("cert", digest), "reason": at.take("reason", code)}
    need(at.lines and at.lines[0] in ("suspend", "revoke"), "revoke")
    r["suspend"] = at.lines.pop(0) == "suspend"
    r["since"] = at.take("compromised-since", moment) if at.peek("compromised-since") else None
    at.end()
    return r


def parse_policy(text):
    at = Lines(text, "sfh-policy/v1")
    p = {"version": at.take("version", number), "rules": at.take("rules", digest), "matrix": [], "expiry": {}}
    any_or = matching(r"\*|[A-Za-z0-9_-]{1,64}")
    while at.peek("matrix"):
        p["matrix"].append(at.take("matrix", any_or, any_or, any_or, any_or))
    while at.peek("expiry"):
        kind, ms = at.take("expiry", word, number)
        need(kind not in p["expiry"] and 0 < ms <= 7 * DAY, "expiry")
        p["expiry"][kind] = ms
    p["from"] = at.take("from-time", moment)
    at.end()
    return p


def parse_ledger(text):
    at = Lines(text, "sfh-ledger/v1")
    h = {"cert": at.take("cert", digest), "size": at.take("size", number), "root": b64(at.take("root", str)), "prev": at.take("prev", digest)}
    at.end()
    need(len(h["root"]) == 32, "root")
    return h


# ---- section 4: the directory ----
class Directory:
    """What follows from the first anchor and the type-3 notes in log order."""

    def __init__(self, anchor_note, expected_hash=None):
        note = parse_note(anchor_note)
        a = parse_anchor(note.text)
        need(a["version"] == 1 and a["prev"] == ZERO and expected_hash in (None, note.hash()), "anchor")
        need(len(note.signers(a["authorities"])) >= a["threshold"], "anchor signatures")
        self.anchor, self.anchor_hash, self.consortium = a, note.hash(), note.hash()
        self.seq, self.last_subject, self.texts = 0, bytes(32), {note.hash()}
        self.certs, self.current, self.holders, self.names = {}, {}, {}, {}
        self.epochs, self.last_epoch_note, self.policies = {}, {}, []
        self.claim_anchor(a)

    def claim_anchor(self, a):
        for public in [*a["authorities"].values(), a["log"], a["transport"]]:
            self.holders.setdefault(public, ("anchor", "anchor"))

    def add(self, whole, index, hub_time):
        """One type-3 entry; Refused leaves no trace."""
        note = parse_note(whole)
        need(note.hash() not in self.texts, "this text is in already")
        kind = note.text.split("\n", 1)[0]
        take = {"sfh-anchor/v1": self.add_anchor, "sfh-cert/v1": self.add_cert, "sfh-epoch/v1": self.add_epoch, "sfh-revoke/v1": self.add_revoke,
                "sfh-policy/v1": self.add_policy}.get(kind)
        need(take, "no note of the directory")
        take(note, index, hub_time)
        self.texts.add(note.hash())
        self.seq += 1
        self.last_subject = note.subject()

    def authorities(self):
        return self.anchor["authorities"]

    def agent_name(self, agent):
        return f"{self.anchor['consortium']}/agent/{agent}"

    def add_anchor(self, note, index, hub_time):
        a, old = parse_anchor(note.text), self.anchor
        need(a["version"] == old["version"] + 1 and a["prev"] == self.anchor_hash and a["consortium"] == old["consortium"] and a["test"] == old["test"], "anchor")
        signers = note.signers({**old["authorities"], **a["authorities"]})
        for which in (old, a):
            mine = [n for n in signers if which["authorities"].get(n) is not None and self.holds(note, n, which["authorities"][n])]
            need(len(mine) >= which["threshold"], "too few")
        self.anchor, self.anchor_hash = a, note.hash()
        self.claim_anchor(a)

    @staticmethod
    def holds(note, name, public):
        return any(n == name and blob[:4] == key_id(name, ED25519, public) for n, blob in note.lines)

    def add_cert(self, note, index, hub_time):
        c = parse_cert(note.text)
        need(c["consortium"] == self.consortium, "consortium")
        old = self.certs.get(self.current.get(c["agent"]))
        need(self.names.get(c["name"], c["agent"]) == c["agent"], "name")
        for role in ("sign", "transport", "witness", "recovery"):
            need(self.holders.get(c[role], (c["agent"], role)) == (c["agent"], role), "a key of somebody else")
        if old is None:
            need(c["serial"] == 1 and c["prev"] == ZERO, "serial")
            need(len(note.signers(self.authorities())) >= self.anchor["threshold"], "too few")
        else:
            need(c["serial"] == old["serial"] + 1 and c["prev"] == old["hash"] and (c["agency"], c["type"]) == (old["agency"], old["type"]), "rotation")
            mine = self.agent_name(c["agent"])
            if old["revoked"] is None:
                signers = note.signers({**self.authorities(), mine: old["sign"]})
                need(mine in signers and len(signers) - 1 >= self.anchor["threshold"], "rotation without the old key")
            else:
                need(len(note.signers(self.authorities())) >= self.anchor["revoke"], "too few")
        c.update(hash=note.hash(), index=index, hub_time=hub_time, revoked=None, suspended=[], superseded=None)
        if old is not None:
            old["superseded"] = index
        self.certs[c["hash"]] = c
        self.current[c["agent"]], self.names[c["name"]] = c["hash"], c["agent"]
        for role in ("sign", "transport", "witness", "recovery"):
            self.holders[c[role]] = (c["agent"], role)

    def add_epoch(self, note, index, hub_time):
        e = parse_epoch(note.text)
        c = self.certs.get(e["cert"])
        need(c is not None and c["type"] == "agent" and c["hash"] == self.current[c["agent"]], "certificate")
        need(e["prev"] == self.last_epoch_note.get(c["agent"], ZERO), "prev")
        known = self.epochs.get(e["cert"], {})
        for epoch, begin, until, destroy, public in e["keys"]:
            need(begin <= hub_time + 31 * DAY, "too far ahead")
            need(self.holders.get(public, (c["agent"], ("epoch", epoch))) == (c["agent"], ("epoch", epoch)), "a key of somebody else")
            if epoch in known:
                b, u, d, p = known[epoch]
                need((begin, public) == (b, p) and until <= u and destroy <= d, "an epoch that changed")
        need(note.signers({self.agent_name(c["agent"]): c["sign"]}), "signature")
        self.epochs[e["cert"]] = {**known, **{k[0]: tuple(k[1:]) for k in e["keys"]}}
        self.last_epoch_note[c["agent"]] = note.hash()
        c["epochs"] = e["keys"]
        for k in e["keys"]:
            self.holders[k[4]] = (c["agent"], ("epoch", k[0]))

    def add_revoke(self, note, index, hub_time):
        r = parse_revoke(note.text)
        c = self.certs.get(r["cert"])
        need(c is not None and c["revoked"] is None, "certificate")
        if not r["suspend"]:
            need(len(note.signers(self.authorities())) >= self.anchor["revoke"], "too few")
            c["revoked"] = index
            return
        mine = self.agent_name(c["agent"])
        signers = note.signers({**self.authorities(), mine: c["recovery"]})
        need(signers, "nobody")
        fresh = {s for s in signers if s == mine or not any(s in by and hub_time < at + 30 * DAY for other in self.certs.values()
                                                           if other["agent"] == c["agent"] for _, at, by in other["suspended"])}
        need(fresh, "a second suspension within 30 days")
        c["suspended"].append((index, hub_time, signers))

    def add_policy(self, note, index, hub_time):
        p = parse_policy(note.text)
        need(p["version"] > max([q["version"] for q in self.policies], default=0), "version")
        need(len(note.signers(self.authorities())) >= self.anchor["threshold"], "too few")
        self.policies.append(p)

    def standing(self, cert_hash, index, hub_time):
        c = self.certs.get(cert_hash)
        if c is None or c["index"] >= index:
            return "unknown"
        if c["revoked"] is not None and c["revoked"] < index:
            return "revoked"
        if c["superseded"] is not None and c["superseded"] < index:
            return "superseded"
        if any(i < index and hub_time <= at + 72 * HOUR for i, at, _ in c["suspended"]):
            return "suspended"
        if hub_time < c["from"]:
            return "not-yet-valid"
        return "active" if hub_time < c["until"] else "expired"

    def policy(self, now):
        return max((p for p in self.policies if p["from"] <= now), key=lambda p: p["version"], default=None)
