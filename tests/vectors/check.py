#!/usr/bin/python3
"""An independent reading of docs/spec/envelope.md: rebuilds every value of the vectors from their inputs and judges the negatives.

Shares no code with the implementation: hashlib for SHA-256 and BLAKE2b, PyNaCl's bindings for X25519, ChaCha20-Poly1305 and Ed25519.
Prints what differs; exits 1 if anything does."""
import base64
import hashlib
import json
import pathlib
import struct
import sys

import nacl.bindings as nacl
from nacl.exceptions import CryptoError

HERE = pathlib.Path(__file__).parent
LENGTH_OK = range(528, 256 * 1024 + 16 + 1)


class Refused(Exception):
    pass


def need(condition, kind):
    if not condition:
        raise Refused(kind)


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def label(text, size=16):
    return text.encode().ljust(size, b"\0")


def le(fmt, *values):
    return struct.pack("<" + fmt, *values)


# ---- trees (RFC 9162 section 2.1, by its recursive definitions) ----
def split(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def node(left, right):
    return sha(b"\1", left, right)


def mth(leaves):
    if not leaves:
        return sha()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node(mth(leaves[:k]), mth(leaves[k:]))


def audit_path(m, leaves):
    if len(leaves) <= 1:
        return []
    k = split(len(leaves))
    if m < k:
        return audit_path(m, leaves[:k]) + [mth(leaves[k:])]
    return audit_path(m - k, leaves[k:]) + [mth(leaves[:k])]


def subproof(m, leaves, whole):
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return subproof(m, leaves[:k], whole) + [mth(leaves[k:])]
    return subproof(m - k, leaves[k:], False) + [mth(leaves[:k])]


def consistency(old, leaves):
    return subproof(old, leaves, True) if 0 < old < len(leaves) else []


def root_from_path(index, size, leaf, path):
    """The root that a path leads to, or None if it has the wrong length."""
    if size == 1:
        return leaf if not path else None
    if not path:
        return None
    k = split(size)
    if index < k:
        below = root_from_path(index, k, leaf, path[:-1])
        return below and node(below, path[-1])
    below = root_from_path(index - k, size - k, leaf, path[:-1])
    return below and node(path[-1], below)


# ---- layouts ----
def pad_to(body_len):
    length = 4 + body_len
    if length <= 65536:
        size = 512
        while size < length:
            size *= 2
        return size
    e = length.bit_length() - 1
    s = e.bit_length()
    step = 1 << (e - s)
    size = -(-length // step) * step
    return size if size <= 256 * 1024 else 0


def make_hdr(m, ct_len, thread_prev):
    return (b"SFM1" + le("HH", 1, int(m["kind"])) + hexed(m["msg_id"]) + hexed(m["thread_id"])
            + le("QQIHHII", int(m["created_ms"]), int(m["expires_ms"]), int(m["policy_version"]), int(m["purpose"]), int(m["flags"]),
                 int(m["thread_seq"]), ct_len) + thread_prev + bytes(24))


def make_grp_prefix(v, g, ephemeral):
    return (b"SFG1" + le("HHII", 1, int(g["n_slots"]), int(g["n_msgs"]), int(g["flags"])) + hexed(v["sender"]) + hexed(v["sender_cert"])
            + ephemeral + le("QII", int(v["batch_seq"]), g["no"], 0))


def make_bst(v, root):
    return (label("SFH1/batch", 32) + le("HHI", 1, 0, int(v["n_groups"])) + hexed(v["sender"]) + hexed(v["sender_cert"])
            + le("QQ", int(v["batch_seq"]), int(v["created_ms"])) + hexed(v["prev_batch"]) + root
            + sha(v["origin"].encode(), b"\n") + le("Q", int(v["dir_seq"])) + bytes(8))


def hexed(text):
    return bytes.fromhex(text)


def sub(v, prefix):
    return {name[len(prefix):]: value for name, value in v.items() if name.startswith(prefix)}


# ---- the keyed steps ----
def blake(key, data):
    return hashlib.blake2b(data, key=key, digest_size=32).digest()


def kid(public):
    return sha(label("SFH1/epoch-kid"), public)[:8]


def kek_of(ss, prefix, slot72, public):
    return blake(ss, label("SFH1/kek") + prefix + slot72 + public)


def message_key(g, i):
    return hashlib.blake2b(b"", digest_size=32, key=g, salt=le("QQ", i, 0), person=label("SFH1msgk")).digest()


def aead(key, text, ad):
    return nacl.crypto_aead_chacha20poly1305_ietf_encrypt(text, ad, bytes(12), key)


def unaead(key, ct, ad):
    return nacl.crypto_aead_chacha20poly1305_ietf_decrypt(ct, ad, bytes(12), key)


def x25519(secret, public):
    try:
        return nacl.crypto_scalarmult(secret, public)
    except (CryptoError, RuntimeError):
        raise Refused("bad_signature") from None


def message_leaf(gctx, i, hdr, commit, ct_hash):
    return sha(b"\0", label("SFH1/msg-leaf"), gctx, le("I", i), hdr, commit, ct_hash)


def group_leaf(gctx, n_msgs, root):
    return sha(b"\0", label("SFH1/grp-leaf"), gctx, le("I", n_msgs), root)


def signed_by(public, message, sig):
    """Cofactorless, canonical S, no small-order key: libsodium's own rules."""
    try:
        nacl.crypto_sign_open(sig + message, public)
        return True
    except Exception:  # noqa: BLE001  PyNaCl has one class per release for this
        return False


class Check:
    def __init__(self):
        self.count = self.wrong = 0

    def same(self, where, got, want):
        self.count += 1
        got = got.hex() if isinstance(got, bytes) else str(got)
        if got != want:
            self.wrong += 1
            print(f"{where}: rebuilt {got[:80]}, file says {want[:80]}")


# ---- V1, V2 ----
def padded(body):
    size = pad_to(len(body))
    return (le("I", len(body)) + body).ljust(size, b"\0")


def check_group(check, v, name, g, no, ephemeral, leaves_so_far):
    g["no"] = no
    big_g = hexed(g["G"])
    prefix = make_grp_prefix(v, g, ephemeral)
    grp = prefix
    for j in range(int(g["n_slots"])):
        s = sub(g, f"slot.{j}.")
        at = f"{name} group {no} slot {j}"
        public = nacl.crypto_scalarmult_base(hexed(s["epoch_sk"]))
        check.same(at + " R", public, s["R"])
        check.same(at + " kid", kid(public), s["epoch_kid"])
        slot72 = (hexed(s["recipient"]) + le("II", int(s["epoch"]), 0) + kid(public) + le("Q", int(s["pair_seq"])) + hexed(s["prev_group_leaf"]))
        ss = x25519(hexed(v["e"]), public)
        check.same(at + " ss", ss, s["ss"])
        check.same(at + " ss of the reader", x25519(hexed(s["epoch_sk"]), ephemeral), s["ss"])
        kek = kek_of(ss, prefix, slot72, public)
        check.same(at + " kek", kek, s["kek"])
        wrapped = aead(kek, big_g, b"")
        check.same(at + " wrapped", wrapped, s["wrapped_G"])
        grp += slot72 + wrapped + bytes(8)
    check.same(f"{name} group {no} GRP1", grp, g["grp"])
    gctx = sha(label("SFH1/grp-ctx"), grp)
    check.same(f"{name} group {no} gctx", gctx, g["gctx"])
    leaves = []
    leaves_so_far.append(leaves)
    for i in range(int(g["n_msgs"])):
        m = sub(g, f"msg.{i}.")
        at = f"{name} group {no} message {i}"
        text = padded(hexed(m["body"]))
        if "answers" in m:
            a, b = (int(x) for x in m["answers"].split("."))
            prev = leaves_so_far[a][b]
        else:
            prev = hexed(m["thread_prev"])
        hdr = make_hdr(m, len(text) + 16, prev)
        check.same(at + " HDR1", hdr, m["hdr"])
        key = message_key(big_g, i)
        check.same(at + " K", key, m["K"])
        commit = sha(label("SFH1/key-commit"), key)
        check.same(at + " C", commit, m["C"])
        ct = aead(key, text, gctx + hdr)
        check.same(at + " ct", ct, m["ct"])
        check.same(at + " ct hash", sha(ct), m["ct_hash"])
        leaves.append(message_leaf(gctx, i, hdr, commit, sha(ct)))
        check.same(at + " leaf", leaves[-1], m["leaf"])
    for i in range(len(leaves)):
        check.same(f"{name} group {no} path {i}", b"".join(audit_path(i, leaves)), g[f"msg.{i}.path"])
    check.same(f"{name} group {no} root", mth(leaves), g["root"])
    leaf = group_leaf(gctx, len(leaves), mth(leaves))
    check.same(f"{name} group {no} leaf", leaf, g["leaf"])
    return leaf


def check_sealed(check, name):
    v = load(check, name)
    ephemeral = nacl.crypto_scalarmult_base(hexed(v["e"]))
    check.same(f"{name} E", ephemeral, v["E"])
    leaves, message_leaves = [], []
    for no in range(int(v["n_groups"])):
        leaves.append(check_group(check, v, name, sub(v, f"group.{no}."), no, ephemeral, message_leaves))
    bst = make_bst(v, mth(leaves))
    check.same(f"{name} BST1", bst, v["bst"])
    public, secret = nacl.crypto_sign_seed_keypair(hexed(v["sender_seed"]))
    check.same(f"{name} sender_pk", public, v["sender_pk"])
    sig = nacl.crypto_sign(bst, secret)[:64]
    check.same(f"{name} sig", sig, v["sig"])
    check.same(f"{name} batch_hash", sha(bst, sig), v["batch_hash"])
    for no in range(len(leaves)):
        check.same(f"{name} path {no}", b"".join(audit_path(no, leaves)), v[f"deliver.{no}.path"])
    return v, leaves


def check_hedge(check, v):
    d = hashlib.sha256()
    for no in range(int(v["n_groups"])):
        g = sub(v, f"group.{no}.")
        for j in range(int(g["n_slots"])):
            d.update(hexed(g[f"slot.{j}.recipient"]) + hexed(g[f"slot.{j}.R"]))
        for i in range(int(g["n_msgs"])):
            m = sub(g, f"msg.{i}.")
            text = padded(hexed(m["body"]))
            d.update(make_hdr(m, len(text) + 16, hexed(m.get("thread_prev", "00" * 32))) + text)
    d.update(make_bst(v, bytes(32)))
    check.same("hedge D", d.digest(), v["hedge.D"])

    def h(text, n):
        return blake(hexed(v["hedge.rand32"]), label(text) + hexed(v["hedge.secret"]) + d.digest()
                     + le("QIQ", int(v["batch_seq"]), n, int(v["hedge.now_ns"])))

    check.same("hedge e", h("SFH1/hedge-e", 0), v["hedge.e"])
    for no in range(int(v["n_groups"])):
        check.same(f"hedge G {no}", h("SFH1/hedge", no), v[f"hedge.G.{no}"])


def check_log(check, v, leaves):
    n = len(leaves)
    entries = [hexed(v[f"deliver.{g}.ent"]) for g in range(n)] + [hexed(v[f"deliver.{g}.end_ent"]) for g in range(n)]
    hashes = [sha(b"\0", e) for e in entries]
    check.same("log root", mth(hashes), v["log.root"])
    for i, entry in enumerate(entries):
        g, end = i % n, i >= n
        at = f"deliver.{g}." + ("end_" if end else "")
        check.same(at + "incl", b"".join(audit_path(i, hashes)), v[at + "incl"])
        check.same(at + "type", entry[4], "6" if end else "1")
        check.same(at + "subject", entry[32:64], leaves[g].hex())
        if end:
            expires = max(int(v[f"group.{g}.msg.{m}.expires_ms"]) for m in range(int(v[f"group.{g}.n_msgs"])))
            check.same(at + "hub_time is late enough", struct.unpack_from("<Q", entry, 8)[0] >= expires, "True")
        else:
            check.same(at + "container", entry[64:96], v["batch_hash"])
            check.same(at + "count", struct.unpack_from("<I", entry, 16)[0], v[f"group.{g}.n_msgs"])


def check_published(check):
    p = {}
    for line in (HERE / "v1-published.txt").read_text().splitlines():
        name, eq, value = line.partition(" = ")
        if eq:
            p[name] = value
    v, _ = check_sealed(check, "v1")
    for theirs, ours in (("sender_pk", "sender_pk"), ("E", "E"), ("ss", "group.0.slot.0.ss"), ("kek", "group.0.slot.0.kek"),
                         ("wrapped_G", "group.0.slot.0.wrapped_G"), ("GRP1", "group.0.grp"), ("gctx", "group.0.gctx"), ("HDR1", "group.0.msg.0.hdr"),
                         ("K_0", "group.0.msg.0.K"), ("C_0", "group.0.msg.0.C"), ("sha256_ct_0", "group.0.msg.0.ct_hash"),
                         ("msg_leaf_0", "group.0.msg.0.leaf"), ("group_leaf", "group.0.leaf"), ("BST1", "bst"), ("batch_sig", "sig"),
                         ("batch_hash", "batch_hash")):
        check.same("published " + theirs, p[theirs], v[ours])
    raw = (HERE / "v1-entries.bin").read_bytes()
    check.same("published log root", mth([sha(b"\0", raw[i:i + 112]) for i in range(0, len(raw), 112)]), p["log_root_7"])


# ---- V3 ----
def tree_leaf(tree, i):
    def h(what, n):
        return sha(f"{what} {n}".encode())

    if tree == "group":
        n = i % 16
        created = 1700000000000
        m = {"kind": 3, "msg_id": bytes((16 * n + x) % 256 for x in range(16)).hex(),
             "thread_id": bytes((16 * (n + 1) + x) % 256 for x in range(16)).hex(), "created_ms": created, "expires_ms": created + 86400000,
             "policy_version": 1, "purpose": 1, "flags": 1, "thread_seq": 1}
        return message_leaf(h("gctx", 0), i, make_hdr(m, 0, bytes(32)), h("commit", i), h("ct", i))
    if tree == "batch":
        return group_leaf(h("gctx", i), i + 1, h("root", i))
    entry = b"SFE1" + le("BBHQIIQ", 1, 1, 0, 1700000000000 + i, i + 1, 0, 5) + h("subject", i) + h("container", i) + bytes(16)
    return sha(b"\0", entry)


def check_trees(check):
    v = load(check, "v3")
    for tree in ("group", "batch", "log"):
        leaves = [tree_leaf(tree, i) for i in range(257)]
        for size in [*range(10), 255, 256, 257]:
            check.same(f"{tree} {size} root", mth(leaves[:size]), v[f"{tree}.{size}.root"])
            for name, value in sub(v, f"{tree}.{size}.path.").items():
                check.same(f"{tree} {size} path {name}", b"".join(audit_path(int(name), leaves[:size])), value)
                path = [hexed(value)[i:i + 32] for i in range(0, len(value) // 2, 32)]
                check.same(f"{tree} {size} verify {name}", root_from_path(int(name), size, leaves[int(name)], path), v[f"{tree}.{size}.root"])
            for name, value in sub(v, f"{tree}.{size}.from.").items():
                check.same(f"{tree} {size} from {name}", b"".join(consistency(int(name), leaves[:size])), value)


# ---- V4: the rules, in the order of protocol 4.2 ----
def parse_bst(b):
    need(len(b) == 216 and b[:32] == label("SFH1/batch", 32), "malformed")
    suite, zero, n_groups = struct.unpack_from("<HHI", b, 32)
    need(suite == 1, "unsupported")
    need(n_groups > 0, "malformed")
    need(n_groups <= 256, "too_large")
    need(zero == 0 and b[208:] == bytes(8), "malformed")
    return {"n_groups": n_groups, "binding": b[40:96], "root": b[136:168]}


def parse_grp(b):
    need(len(b) >= 112 and b[:4] == b"SFG1", "malformed")
    suite, n_slots, n_msgs, flags = struct.unpack_from("<HHII", b, 4)
    need(suite == 1, "unsupported")
    need(n_slots <= 64 and n_msgs <= 1024, "too_large")
    need(n_slots > 0 and n_msgs > 0 and len(b) == 112 + 128 * n_slots, "malformed")
    need(flags in (0, 1) and b[108:112] == bytes(4), "malformed")
    slots = [b[112 + 128 * j:240 + 128 * j] for j in range(n_slots)]
    ids = [s[:16] for s in slots]
    pair = [struct.unpack_from("<Q", s, 32)[0] for s in slots]
    need(all(s[20:24] == bytes(4) and s[120:] == bytes(8) for s in slots), "malformed")
    need(ids == sorted(set(ids)) and b[16:32] not in ids, "malformed")
    broadcast = pair[0] == 0
    if broadcast:
        need(flags == 0 and not any(pair) and all(s[40:72] == bytes(32) for s in slots), "malformed")
    else:
        need(n_slots == 1 and pair[0] + n_msgs - 1 < 1 << 64, "malformed")
        need(flags == 0 or slots[0][40:72] == bytes(32), "malformed")
    return {"n_msgs": n_msgs, "slots": slots, "broadcast": broadcast, "binding": b[16:64] + b[96:104], "no": struct.unpack_from("<I", b, 104)[0]}


def check_hdr(h, ct_len):
    need(len(h) == 128 and h[:4] == b"SFM1", "malformed")
    need(struct.unpack_from("<H", h, 4)[0] == 1, "unsupported")
    need(struct.unpack_from("<H", h, 62)[0] & ~0x0B == 0 and h[104:] == bytes(24), "malformed")
    need(struct.unpack_from("<I", h, 68)[0] == ct_len and ct_len >= LENGTH_OK.start, "malformed")
    need(ct_len in LENGTH_OK, "too_large")


def check_form(c, batch):
    bst = parse_bst(hexed(c["bst"]))
    need(len(hexed(c["sig"])) == 64, "malformed")
    n_groups = int(c["n_groups"])
    need(n_groups == (bst["n_groups"] if batch else 1), "malformed")
    groups = []
    for no in range(n_groups):
        raw = sub(c, f"group.{no}.")
        grp = parse_grp(hexed(raw["grp"]))
        need(grp["binding"] == bst["binding"], "malformed")
        need(grp["no"] == no if batch else grp["no"] < bst["n_groups"], "malformed")
        path = hexed(raw["path"])
        need(not path if batch else len(path) % 32 == 0 and len(path) <= 64 * 32, "malformed")
        grp["path"] = [path[i:i + 32] for i in range(0, len(path), 32)]
        need(int(raw["n_msgs"]) == grp["n_msgs"], "malformed")
        grp["raw"] = hexed(raw["grp"])
        grp["msgs"] = [{k: hexed(x) for k, x in sub(raw, f"msg.{i}.").items()} for i in range(grp["n_msgs"])]
        grp["erased"] = not batch and bool(grp["msgs"][0]["ct_hash"])
        for m in grp["msgs"]:
            need(len(m["hdr"]) == 128 and len(m["C"]) == 32, "malformed")
            need((not m["ct"] and len(m["ct_hash"]) == 32) if grp["erased"] else (m["ct"] and not m["ct_hash"]), "malformed")
            if batch:
                check_hdr(m["hdr"], len(m["ct"]))
            if grp["broadcast"]:
                kind, flags = struct.unpack_from("<H", m["hdr"], 6)[0], struct.unpack_from("<H", m["hdr"], 62)[0]
                need(kind == 6 and flags in (0, 8), "malformed")
        groups.append(grp)
    return bst, groups


def check_hashes(bst, groups, batch):
    leaves = []
    for grp in groups:
        grp["gctx"] = sha(label("SFH1/grp-ctx"), grp["raw"])
        hashes = [message_leaf(grp["gctx"], i, m["hdr"], m["C"], m["ct_hash"] if grp["erased"] else sha(m["ct"])) for i, m in enumerate(grp["msgs"])]
        leaves.append(group_leaf(grp["gctx"], grp["n_msgs"], mth(hashes)))
    if batch:
        need(mth(leaves) == bst["root"], "bad_signature")
    else:
        need(root_from_path(groups[0]["no"], bst["n_groups"], leaves[0], groups[0]["path"]) == bst["root"], "bad_signature")


def check_open(c, grp):
    mine = [s for s in grp["slots"] if s[:16] == hexed(c["self"])]
    need(mine, "not_found")
    need(not grp["erased"], "stale")
    for m in grp["msgs"]:
        check_hdr(m["hdr"], len(m["ct"]))
    secret = hexed(c["epoch_sk"])
    public = nacl.crypto_scalarmult_base(secret)
    need(mine[0][24:32] == kid(public), "bad_signature")
    ss = x25519(secret, grp["raw"][64:96])
    need(ss != bytes(32), "bad_signature")
    try:
        big_g = unaead(kek_of(ss, grp["raw"][:112], mine[0][:72], public), mine[0][72:120], b"")
        for i, m in enumerate(grp["msgs"]):
            key = message_key(big_g, i)
            need(sha(label("SFH1/key-commit"), key) == m["C"], "bad_signature")
            text = unaead(key, m["ct"], grp["gctx"] + m["hdr"])
            length = struct.unpack_from("<I", text)[0]
            need(length <= 256 * 1024 - 4 and pad_to(length) == len(text) and not any(text[4 + length:]), "malformed")
    except CryptoError:
        raise Refused("bad_signature") from None


def check_receipt(c):
    r = hexed(c["rcp"])
    need(len(r) == 184 and r[:32] == label("SFH1/receipt", 32), "malformed")
    suite, status, n_failed = struct.unpack_from("<HHI", r, 32)
    upto = struct.unpack_from("<Q", r, 104)[0]
    ref = r[152:] != bytes(32)
    need(suite == 1, "unsupported")
    need(status in (1, 2, 5, 6), "malformed")
    if status == 2:
        need(upto == 0 and n_failed == 0 and ref, "malformed")
    else:
        need(upto >= 1 and (status == 1 or not ref), "malformed")
    need(signed_by(hexed(c["recipient_pk"]), r, hexed(c["sig"])), "bad_signature")


def parse_ent(b):
    need(len(b) == 112 and b[:4] == b"SFE1" and b[5] == 1 and b[20:24] == bytes(4) and b[96:] == bytes(16), "malformed")
    hub_time, count = struct.unpack_from("<QI", b, 8)
    need(1 <= count <= 1024 if b[4] == 1 else count == 0, "malformed")
    return {"type": b[4], "hub_time": hub_time, "count": count, "dir_seq": struct.unpack_from("<Q", b, 24)[0], "container": b[64:96]}


def check_logged(c):
    """Protocol 4.2 step 3, and the end entry of tombstones."""
    origin = "sfh.example.org/hub1"
    text, _, lines = hexed(c["checkpoint"]).decode().partition("\n\n")
    name, size, root = text.split("\n")
    mark, signer, sig = lines.strip().split(" ")
    sig = base64.b64decode(sig)
    key = hexed(c["log_pk"])
    need(mark == "\u2014" and name == signer == origin and sig[:4] == sha(origin.encode(), b"\n\x01", key)[:4], "refused")
    need(signed_by(key, (text + "\n").encode(), sig[4:]), "refused")
    size, root = int(size), base64.b64decode(root)

    def included(index, entry, path):
        need(index < size and root_from_path(index, size, sha(b"\0", entry), [path[i:i + 32] for i in range(0, len(path), 32)]) == root, "refused")

    ent = parse_ent(hexed(c["ent"]))
    bst = hexed(c["bst"])
    grp = parse_grp(hexed(c["group.0.grp"]))
    need(ent["type"] == 1 and ent["count"] == grp["n_msgs"] and ent["container"] == sha(bst, hexed(c["sig"])), "refused")
    need(struct.unpack_from("<Q", bst, 200)[0] <= ent["dir_seq"], "refused")
    included(int(c["index"]), hexed(c["ent"]), hexed(c["incl"]))
    erased = c["group.0.msg.0.ct"] == ""
    need(erased == (c["end_ent"] != ""), "refused")
    if erased:
        end = parse_ent(hexed(c["end_ent"]))
        included(int(c["end_index"]), hexed(c["end_ent"]), hexed(c["end_incl"]))
        last = max(struct.unpack_from("<Q", hexed(c[f"group.0.msg.{i}.hdr"]), 48)[0] for i in range(grp["n_msgs"]))
        need(end["type"] == 5 or (end["type"] == 6 and end["hub_time"] >= last), "refused")


def judge(c):
    stage = c["frame"]
    try:
        if stage == "log":
            check_logged(c)
            return "accepted"
        if stage == "receipt":
            check_receipt(c)
            return "accepted"
        if stage == "seal":
            try:
                x25519(hexed(c["e"]), hexed(c["R"]))
                return "accepted"
            except Refused:
                return "seal usage"
        batch = stage == "batch"
        stage = "form"
        bst, groups = check_form(c, batch)
        stage = "signature"
        need(signed_by(hexed(c["sender_pk"]), hexed(c["bst"]), hexed(c["sig"])), "bad_signature")
        stage = "hashes"
        check_hashes(bst, groups, batch)
        stage = "open"
        if not batch:
            check_open(c, groups[0])
    except Refused as why:
        return f"{stage} {why}"
    return "accepted"


def check_negatives(check):
    cases = json.loads((HERE / "v4.json").read_text())
    for name, c in cases.items():
        check.same(f"v4 {name}", judge(c), c["expect"])
        check.same(f"v4 {name}.txt", as_text(c) == (HERE / "v4" / f"{name}.txt").read_text(), "True")
    check.same("v4 files", len(list((HERE / "v4").iterdir())), str(len(cases)))


def check_salamander(check):
    """T16: both keys open the one ciphertext to a well padded body; only one of them is committed to."""
    v = dict(line.split(" = ") for line in (HERE / "salamander.txt").read_text().splitlines())
    gctx, hdr, ct = sha(label("SFH1/grp-ctx"), hexed(v["group.0.grp"])), hexed(v["group.0.msg.0.hdr"]), hexed(v["group.0.msg.0.ct"])
    for at in ("reader.0.", "reader.1."):
        check.same("salamander " + at, unaead(hexed(v[at + "K"]), ct, gctx + hdr), v[at + "text"])
        check.same("salamander verdict " + at, judge(v | {"frame": "deliver", "self": v[at + "self"], "epoch_sk": v[at + "epoch_sk"]}), v[at + "expect"])


def as_text(v):
    return "".join(f"{name} = {value}\n" for name, value in v.items())


def load(check, name):
    v = json.loads((HERE / f"{name}.json").read_text())
    check.same(f"{name}.txt", as_text(v) == (HERE / f"{name}.txt").read_text(), "True")
    return v


def main():
    check = Check()
    check_published(check)
    v2, leaves = check_sealed(check, "v2")
    check_hedge(check, v2)
    check_log(check, v2, leaves)
    for name, value in sub(v2, "pad.").items():
        check.same(f"pad {name}", pad_to(int(name)), value)
    check_trees(check)
    check_negatives(check)
    check_salamander(check)
    print(f"{check.count} values checked, {check.wrong} wrong")
    return 1 if check.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
