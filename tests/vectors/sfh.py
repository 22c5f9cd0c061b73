"""SFH/1 in Python, from docs/spec/envelope.md and audit.md: hashes, trees, layouts, keyed steps, and the checks of whoever receives.

Shares no code with the implementation: hashlib for SHA-256 and BLAKE2b, PyNaCl's bindings for X25519, ChaCha20-Poly1305 and Ed25519. The
vectors' checker and the minimal agent of tests/interop are built on it."""
import hashlib
import struct

import nacl.bindings as nacl
from nacl.exceptions import CryptoError

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


def verify_consistency(old, size, old_root, root, proof):
    """RFC 9162 section 2.1.4.2."""
    if old > size:
        return False
    if old == size:
        return not proof and old_root == root
    if old == 0:
        return not proof
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    fn, sn = old - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return fr == old_root and sr == root and sn == 0


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


def padded(body):
    size = pad_to(len(body))
    return (le("I", len(body)) + body).ljust(size, b"\0")


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
    """Of a vector file."""
    groups = [sub(c, f"group.{no}.") for no in range(int(c["n_groups"]))]
    return check_form_of({"bst": hexed(c["bst"]), "sig": hexed(c["sig"]), "groups": [
        {"grp": hexed(g["grp"]), "path": hexed(g["path"]), "msgs": [
            {"hdr": hexed(m["hdr"]), "commit": hexed(m["C"]), "ct": hexed(m["ct"]), "ct_hash": hexed(m["ct_hash"])}
            for m in (sub(g, f"msg.{i}.") for i in range(int(g["n_msgs"])))]} for g in groups]}, batch)


def check_form_of(frame, batch):
    """Steps 1 and 2, of the byte strings of a BATCH or DELIVER: what is read of BST1, and the groups."""
    bst = parse_bst(frame["bst"])
    need(len(frame["sig"]) == 64, "malformed")
    need(len(frame["groups"]) == (bst["n_groups"] if batch else 1), "malformed")
    groups = []
    for no, raw in enumerate(frame["groups"]):
        grp = parse_grp(raw["grp"])
        need(grp["binding"] == bst["binding"], "malformed")
        need(grp["no"] == no if batch else grp["no"] < bst["n_groups"], "malformed")
        path = raw.get("path") or b""
        need(not path if batch else len(path) % 32 == 0 and len(path) <= 64 * 32, "malformed")
        grp["path"] = [path[i:i + 32] for i in range(0, len(path), 32)]
        need(len(raw["msgs"]) == grp["n_msgs"], "malformed")
        grp["raw"] = raw["grp"]
        grp["msgs"] = [{"hdr": m["hdr"], "C": m["commit"], "ct": m["ct"] or b"", "ct_hash": m.get("ct_hash") or b""} for m in raw["msgs"]]
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
        grp["leaf"] = group_leaf(grp["gctx"], grp["n_msgs"], mth(hashes))
        leaves.append(grp["leaf"])
    if batch:
        need(mth(leaves) == bst["root"], "bad_signature")
    else:
        need(root_from_path(groups[0]["no"], bst["n_groups"], leaves[0], groups[0]["path"]) == bst["root"], "bad_signature")


def check_open(c, grp):
    open_group(grp, hexed(c["self"]), hexed(c["epoch_sk"]))


def open_group(grp, self_id, secret):
    """Steps 6 to 8: the bodies of a group, or none of them."""
    mine = [s for s in grp["slots"] if s[:16] == self_id]
    need(mine, "not_found")
    need(not grp["erased"], "stale")
    for m in grp["msgs"]:
        check_hdr(m["hdr"], len(m["ct"]))
    public = nacl.crypto_scalarmult_base(secret)
    need(mine[0][24:32] == kid(public), "bad_signature")
    ss = x25519(secret, grp["raw"][64:96])
    need(ss != bytes(32), "bad_signature")
    bodies = []
    try:
        big_g = unaead(kek_of(ss, grp["raw"][:112], mine[0][:72], public), mine[0][72:120], b"")
        for i, m in enumerate(grp["msgs"]):
            key = message_key(big_g, i)
            need(sha(label("SFH1/key-commit"), key) == m["C"], "bad_signature")
            text = unaead(key, m["ct"], grp["gctx"] + m["hdr"])
            length = struct.unpack_from("<I", text)[0]
            need(length <= 256 * 1024 - 4 and pad_to(length) == len(text) and not any(text[4 + length:]), "malformed")
            bodies.append(text[4:4 + length])
    except CryptoError:
        raise Refused("bad_signature") from None
    return bodies


def parse_rcp(r):
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
    return {"status": status, "n_failed": n_failed, "recipient": r[40:56], "cert": r[56:88], "sender": r[88:104], "upto": upto, "leaf": r[112:144],
            "time": struct.unpack_from("<Q", r, 144)[0], "ref": r[152:]}


def parse_ent(b):
    need(len(b) == 112 and b[:4] == b"SFE1" and b[5] == 1 and b[20:24] == bytes(4) and b[96:] == bytes(16), "malformed")
    flags, hub_time, count = struct.unpack_from("<HQI", b, 6)
    need(1 <= count <= 1024 if b[4] == 1 else count == 0, "malformed")
    return {"type": b[4], "flags": flags, "hub_time": hub_time, "count": count, "dir_seq": struct.unpack_from("<Q", b, 24)[0],
            "subject": b[32:64], "container": b[64:96]}
