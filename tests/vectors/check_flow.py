"""V7, V9, V10, V11: receipts and their verdict, published values, chains and NACKs, the sender's secrets and padding.

The rules are written from docs/spec/envelope.md sections 3, 4, 7 and 8, wire.md section 4 and certificate.md section 1."""
import base64
import hashlib
import struct

from sfh import Refused, blake, check_hdr, consistency, hexed, label, le, mth, node, pad_to, parse_grp, parse_rcp, sha, signed_by, sub
from vector_files import load


# ---- V7: what receipts mean to the sender ----
class Sender:
    """envelope.md section 8: groups in order of pair_seq, and the receipts held."""

    def __init__(self, groups):
        self.groups = groups                      # [pair_seq, n, leaf, state]
        self.failed = {}                          # upto -> status
        self.cover = None                         # (from, upto, n_failed)
        self.settled = 0                          # everything up to here has been judged

    def ending(self, upto, leaf):
        return next((g for g in self.groups if g[0] + g[1] - 1 == upto and g[2] == leaf), None)

    def take(self, r):
        group = self.ending(r["upto"], r["leaf"])
        if group is None:
            return self.verdict()
        if r["status"] in (5, 6):
            if group[3] == "a":
                group[3] = "u" if r["status"] == 5 else "e"
                self.failed[r["upto"]] = r["status"]
        elif self.cover is None or r["upto"] > self.cover[1]:
            start = self.settled + 1
            if r["ref"] != bytes(32):
                adopted = [g[0] for g in self.groups if g[2] == r["ref"]]
                start = max(start, adopted[0] if adopted else r["upto"] + 1)
            self.cover = (start, r["upto"], r["n_failed"])
        return self.verdict()

    def verdict(self):
        """DELIVERED: a status 1 covers it, no 5 or 6 names it, n_failed = the 5 and 6 held. Returns whether receipts are missing."""
        if self.cover is None or self.cover[1] <= self.settled:
            return False
        start, upto, n_failed = self.cover
        held = sum(1 for at in self.failed if at <= upto)
        if held != n_failed:
            return n_failed > held
        for g in self.groups:
            if g[3] == "a" and start <= g[0] and g[0] + g[1] - 1 <= upto:
                g[3] = "d"
        self.settled = upto
        return False


def check_receipts(check):
    v = load(check, "v7")
    for i in range(int(v["n_scripts"])):
        script = sub(v, f"script.{i}.")
        sender = Sender([[int(v[f"group.{g}.pair_seq"]), int(v[f"group.{g}.n"]), hexed(v[f"group.{g}.leaf"]), "a"] for g in range(int(v["n_groups"]))])
        for k in range(int(script["n_steps"])):
            step = sub(script, f"step.{k}.")
            at = f"v7 {script['name']}, receipt {k}"
            raw = hexed(step["rcp"])
            check.same(at + " signature", signed_by(hexed(v["recipient_pk"]), raw, hexed(step["sig"])), "True")
            fetch = sender.take(parse_rcp(raw))
            check.same(at + " states", "".join(g[3] for g in sender.groups), step["states"])
            check.same(at + " fetch", "yes" if fetch else "no", step["fetch"])
    for status in ("2", "3", "4"):
        try:
            parse_rcp(hexed(v[f"body.{status}"]))
            got = "accepted"
        except Refused as why:
            got = str(why)
        check.same(f"v7 body {status}", got, v[f"body.{status}.expect"])


# ---- V9 ----
def check_published_values(check):
    v = load(check, "v9")
    leaves = [sha(b"\0", hexed(v[f"leaf.{i}"])) for i in range(8)]
    for size in range(9):
        check.same(f"v9 root {size}", mth(leaves[:size]), v[f"root.{size}"])
    for old, size in ((1, 1), (1, 8), (6, 8), (2, 5)):
        check.same(f"v9 {old} to {size}", b"".join(consistency(old, leaves[:size])), v[f"from.{old}.to.{size}"])
    check.same("v9 node", node(mth(leaves[:4]), mth(leaves[4:])), v["root.8"])
    name, key_id, key = v["note.vkey"].split("+", 2)
    key = base64.b64decode(key)
    check.same("v9 key id", sha(name.encode(), b"\n", key)[:4], key_id)
    text, _, lines = hexed(v["note"]).decode().rpartition("\n\n")
    blob = base64.b64decode(lines.strip().split(" ")[2])
    check.same("v9 note", blob[:4].hex() == key_id and signed_by(key[1:], (text + "\n").encode(), blob[4:]), "True")
    check.same("v9 key id of a name", sha(v["vkey.name"].encode(), b"\n\x01", hexed(v["vkey.key"]))[:4], v["vkey.id"])
    text, _, lines = hexed(v["checkpoint"]).decode().rpartition("\n\n")
    origin, size, root = text.split("\n")
    check.same("v9 size", size, v["checkpoint.size"])
    check.same("v9 root length", len(base64.b64decode(root)), "32")
    _, witness, blob = lines.strip().split("\n")[1].split(" ")
    check.same("v9 witness", witness, v["checkpoint.witness"])
    check.same("v9 time", struct.unpack_from(">Q", base64.b64decode(blob), 4)[0], v["checkpoint.time"])


# ---- V10 ----
def chain_verdict(c):
    """envelope.md section 8, the table, top to bottom."""
    started, last = c["started"] == "1", c["last_leaf"] or "00" * 32
    if c["passed"] == c["leaf"]:
        return "repeat"
    if c["restart"] == "1":
        return "restart" if not started or int(c["cert_serial"]) > int(c["serial"]) else "conflict"
    if not started:
        return "go-on" if not any(hexed(c["prev"])) else "state-lost"
    after = int(c["upto"]) + 1
    if int(c["pair_seq"]) == after and c["prev"] == last:
        return "go-on"
    return "gap" if int(c["pair_seq"]) > after else "conflict"


def nack_verdict(code, of_group, agrees):
    """wire.md section 4. `agrees`: the own directory says the same; a proof does not come with any of these."""
    if code in (1, 2, 3, 5, 6, 7, 8, 14):
        return "stop"
    if code == 4:
        return "stop" if agrees else "same-bytes"
    if code == 12:
        return "people" if agrees else "re-seal"
    if code in (13, 17):
        return "re-seal" if of_group else "same-bytes"
    return "re-seal"                              # 9, 10, 11, 15, 16


def check_resealed(check, v):
    def parts(at):
        b = sub(v, at)
        bst = hexed(b["bst"])
        groups = []
        for g in range(int(b["n_groups"])):
            raw = hexed(b[f"group.{g}.grp"])
            groups.append((raw, parse_grp(raw)["slots"][0], [hexed(b[f"group.{g}.msg.{i}.hdr"]) for i in range(int(b[f"group.{g}.n_msgs"]))]))
        return struct.unpack_from("<Q", bst, 88)[0], bst[104:136], hexed(b["hash"]), groups

    seq, prev, _, groups = parts("refused.")
    bad = int(v["refused.bad_group"])
    again = [parts("again.0."), parts("again.1.")]
    order = [g for i, g in enumerate(groups) if i != bad] + [groups[bad]]       # the good ones at once, the bad one apart
    for (raw, slot, headers), new, expect_prev, above in zip(order, again, (prev, again[0][2]), (seq, again[0][0])):
        check.same("v10 batch_seq rises", new[0] > above, "True")
        check.same("v10 prev is the last accepted", new[1], expect_prev.hex())
        raw2, slot2, headers2 = new[3][0]
        check.same("v10 place and predecessor stay", slot2[32:72], slot[32:72].hex())
        check.same("v10 another E", raw2[64:96] != raw[64:96], "True")
        check.same("v10 another wrap", slot2[72:120] != slot[72:120], "True")
        check.same("v10 ids stay", b"".join(h[8:40] for h in headers2), b"".join(h[8:40] for h in headers).hex())
        for h in headers2:
            check_hdr(h, struct.unpack_from("<I", h, 68)[0])
    _, _, _, [(raw, slot, _)] = parts("restored.")
    check.same("v10 restart", struct.unpack_from("<I", raw, 12)[0], "1")
    check.same("v10 restart has no predecessor", slot[40:72], "00" * 32)
    view, late = parts("view.")[3][0][2][0], parts("late.")[3][0][2][0]
    check.same("v10 late facts: ids", late[8:40], view[8:40].hex())
    check.same("v10 late facts: thread_seq", late[64:68], view[64:68].hex())
    check.same("v10 late facts: kind", struct.unpack_from("<H", late, 6)[0], "19")


def check_chains(check):
    v = load(check, "v10")
    for i in range(int(v["n_chain"])):
        c = sub(v, f"chain.{i}.")
        check.same(f"v10 {c['rule']}", chain_verdict(c), c["expect"])
    for i in range(int(v["n_broadcast"])):
        b = sub(v, f"broadcast.{i}.")
        last, new = ([int(x) for x in b[w].split(".")] for w in ("last", "next"))
        check.same(f"v10 broadcast {i}", "take" if new > last else "drop", b["expect"])
    for i in range(int(v["n_nack"])):
        n = sub(v, f"nack.{i}.")
        check.same(f"v10 NACK {n['code']} of a {n['of']}", nack_verdict(int(n["code"]), n["of"] == "group", n["agrees"] == "1"), n["expect"])
    check_resealed(check, v)
    events = [sub(v, f"order.{i}.") for i in range(int(v["n_order"]))]
    events.sort(key=lambda e: (int(e["index"]) - int(e["group_no"]), e["sender"], int(e["thread_seq"])))
    check.same("v10 order", " ".join(e["rank"] for e in events), " ".join(str(i) for i in range(len(events))))


# ---- V11 ----
def check_secrets(check):
    v = load(check, "v11")
    seen = []
    for name in ("same", "body", "reader", "batch_seq", "groups"):
        c = sub(v, f"hedge.{name}.")
        d = hashlib.sha256(hexed(c["covered"])).digest()
        check.same(f"v11 {name} D", d, c["D"])

        def h(text, n):
            return blake(hexed(c["rand32"]), label(text) + hexed(c["secret"]) + d + le("QIQ", int(c["batch_seq"]), n, int(c["now_ns"])))

        seen.append(h("SFH1/hedge-e", 0))
        check.same(f"v11 {name} e", seen[-1], c["e"])
        for g in range(int(c["n_groups"])):
            seen.append(h("SFH1/hedge", g))
            check.same(f"v11 {name} G {g}", seen[-1], c[f"G.{g}"])
    check.same("v11 no two alike", len(set(seen)), str(len(seen)))
    for name, value in sub(v, "pad.").items():
        check.same(f"v11 pad {name}", pad_to(int(name)), value)


def check_all(check):
    check_receipts(check)
    check_published_values(check)
    check_chains(check)
    check_secrets(check)
