#!/usr/bin/python3
"""An independent reading of docs/spec: rebuilds every value of the vectors from their inputs and judges the negatives.

Shares no code with the implementation (sfh.py). Prints what differs; exits 1 if anything does."""
import base64
import hashlib
import json
import struct
import sys

import nacl.bindings as nacl

import check_flow
import check_trust
from sfh import (Refused, aead, audit_path, blake, check_form, check_hashes, check_open, consistency, group_leaf, hexed, kek_of, kid, label, le, make_bst,
                 make_grp_prefix, make_hdr, message_key, message_leaf, mth, need, pad_to, padded, parse_ent, parse_grp, parse_rcp, root_from_path, sha,
                 signed_by, sub, unaead, x25519)
from vector_files import HERE, Check, as_text, load


# ---- V1, V2 ----
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


# ---- V4 ----
def check_receipt(c):
    parse_rcp(hexed(c["rcp"]))
    need(signed_by(hexed(c["recipient_pk"]), hexed(c["rcp"]), hexed(c["sig"])), "bad_signature")


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
    """V8, T16: both keys open the one ciphertext to a well padded body; only one of them is committed to."""
    v = dict(line.split(" = ") for line in (HERE / "salamander.txt").read_text().splitlines())
    gctx, hdr, ct = sha(label("SFH1/grp-ctx"), hexed(v["group.0.grp"])), hexed(v["group.0.msg.0.hdr"]), hexed(v["group.0.msg.0.ct"])
    for at in ("reader.0.", "reader.1."):
        check.same("salamander " + at, unaead(hexed(v[at + "K"]), ct, gctx + hdr), v[at + "text"])
        check.same("salamander verdict " + at, judge(v | {"frame": "deliver", "self": v[at + "self"], "epoch_sk": v[at + "epoch_sk"]}), v[at + "expect"])


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
    check_flow.check_all(check)
    check_trust.check_all(check)
    print(f"{check.count} values checked, {check.wrong} wrong")
    return 1 if check.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
