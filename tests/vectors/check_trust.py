"""V5, V6, V12: the directory note by note, the witness's exchange, the log entry by entry. The rules are notes.py and logscan.py, from
certificate.md and audit.md."""
import re
import struct

from logscan import Scan
from notes import Directory, b64, cosign, cosigned, open_checkpoint, parse_checkpoint, parse_ledger, parse_note, parse_vkey
from sfh import Refused, hexed, mth, need, root_from_path, sha, sub, verify_consistency
from vector_files import HERE, load

# What logscan.py calls a rule, and what the file calls it.
RULES = {"malformed": "layout", "flags": "layout", "type": "layout", "container": "layout", "dir chain": "dir_chain", "hub chain": "hub_chain",
         "batch consecutive": "batch", "group once": "group", "hub_time": "hub_time", "dir_seq": "dir_seq", "root": "root"}


def verdict(work):
    try:
        work()
        return "accepted"
    except Refused:
        return "refused"


def check_directory(check):
    v = load(check, "v5")
    check.same("v5 an anchor that one authority signed twice", verdict(lambda: Directory(hexed(v["anchor_short"]))), "refused")
    d = Directory(hexed(v["anchor"]), v["anchor_hash"])
    for i in range(int(v["n_steps"])):
        step = sub(v, f"step.{i}.")
        raw = hexed(step["note"])
        check.same(f"v5 step {i} subject", sha(raw), step["subject"])
        got = verdict(lambda: d.add(raw.decode(), int(step["index"]), int(step["hub_time"])))
        check.same(f"v5 step {i}: {step['rule']}", got, step["expect"])
    for i in range(int(v["n_standings"])):
        q = sub(v, f"standing.{i}.")
        check.same(f"v5 standing {i}", d.standing(q["cert"], int(q["index"]), int(q["hub_time"])), q["expect"])
    for i in range(int(v["n_ledgers"])):
        entry = sub(v, f"ledger.{i}.")
        raw = hexed(entry["note"])
        check.same(f"v5 ledger {i} subject", sha(raw), entry["subject"])

        def ledger():
            note = parse_note(raw)
            head = parse_ledger(note.text)
            cert = d.certs.get(head["cert"])
            need(cert is not None and d.standing(head["cert"], 1 << 63, int(v["ledger_time"])) == "active", "certificate")
            need(note.signers({d.agent_name(cert["agent"]): cert["sign"]}), "signature")
        check.same(f"v5 ledger: {entry['rule']}", verdict(ledger), entry["expect"])


def scan(anchor, log, root):
    s = Scan(anchor)
    for i, (entry, note) in enumerate(log):
        try:
            s.add(entry, note)
        except Refused as why:
            return f"{RULES.get(str(why), 'note')} {i}"
    return "holds" if s.root() == root else f"root {len(log)}"


def check_scan(check):
    v = load(check, "v12")
    anchor = hexed(v["anchor"])
    log = [(hexed(v[f"entry.{i}"]), hexed(v[f"note.{i}"]).decode() if f"note.{i}" in v else None) for i in range(int(v["n_entries"]))]
    check.same("v12 the legal log", scan(anchor, log, hexed(v["root"])), "holds")
    check.same("v12 all types", sorted({e[4] for e, _ in log}), str(list(range(1, 10))))
    for i in range(int(v["n_broken"])):
        b = sub(v, f"broken.{i}.")
        bent = list(log)
        for k in b["changed"].split():
            bent[int(k)] = hexed(b[f"entry.{k}"]), hexed(b[f"note.{k}"]).decode() or None
        check.same(f"v12 broken copy {i}", scan(anchor, bent, hexed(b["root"])), f"{b['rule']} {b['at']}")
    return v, log


def items_of(rec1):
    """audit.md section 3: REC1 and its items (type, bytes)."""
    need(rec1[:4] == b"SFJ1" and rec1[4:6] == b"\1\0", "record")
    n_items, items_len = struct.unpack_from("<II", rec1, 56)
    need(len(rec1) == 64 + items_len, "record")
    at, items = 64, []
    for _ in range(n_items):
        kind, zero, size = rec1[at], rec1[at + 1:at + 4], struct.unpack_from("<I", rec1, at + 4)[0]
        need(zero == bytes(3), "item")
        items.append((kind, rec1[at + 8:at + 8 + size]))
        at += 8 + size
    need(at == len(rec1), "record")
    return items


def subjects_of(kind, raw):
    """The subject of the entry that an item makes, where the item's bytes say it."""
    if kind == 3:
        return sha(raw.split(b"\0", 1)[0])
    if kind == 8:
        size = struct.unpack_from("<I", raw)[0]
        return sha(raw[4:4 + size])
    return sha(raw) if kind in (2, 4, 7, 9) else None


def check_records(check, v, log):
    """Sizes, roots, times and subjects of the records; what apply() decides beyond that is the hub's own."""
    d = Scan(hexed(v["anchor"])).directory
    leaves = [sha(b"\0", e) for e, _ in log]
    at, last, clamped = 0, 0, 0
    for i in range(int(v["n_records"])):
        r = sub(v, f"record.{i}.")
        rec1 = hexed(r["rec1"])
        t, size = struct.unpack_from("<QQ", rec1, 8)
        check.same(f"v12 record {i} size before", size, str(at))
        check.same(f"v12 record {i} root before", rec1[24:56], mth(leaves[:at]).hex())
        check.same(f"v12 record {i} hub_time", max(t, last), r["hub_time"])
        clamped += t < last
        last = max(t, last)
        end = int(r["size"])
        check.same(f"v12 record {i} root after", mth(leaves[:end]), r["root"])
        signed = open_checkpoint(hexed(r["checkpoint"]), d.anchor["origin"], d.anchor["log"])
        check.same(f"v12 record {i} checkpoint", signed == (end, hexed(r["root"])), "True")
        mine = log[at:end]
        for kind, raw in items_of(rec1):
            wanted = subjects_of(kind, raw)
            if wanted is not None:
                check.same(f"v12 record {i} type {kind}", any(e[4] == kind and e[32:64] == wanted for e, _ in mine), "True")
            if kind in (5, 6):
                n = struct.unpack_from("<I", raw)[0]
                for k in range(n):
                    erased = log[struct.unpack_from("<Q", raw, 4 + 8 * k)[0]][0]
                    check.same(f"v12 record {i} type {kind}", any(e[4] == kind and e[32:64] == erased[32:64] and e[64:96] == sha(raw[4 + 8 * n:]) for e, _ in mine), "True")
        for e, _ in mine:
            check.same(f"v12 record {i} time of its entries", struct.unpack_from("<Q", e, 8)[0], r["hub_time"])
        at = end
    check.same("v12 clamped once", clamped, "1")


def answer(body, log, own_size, own_root):
    """audit.md section 2: a witness's answer to an add-checkpoint request."""
    lines, _, checkpoint = body.partition("\n\n")
    old, *proof = lines.split("\n")
    old, proof = int(old.removeprefix("old ")), [b64(p) for p in proof]
    origin, size, root = parse_checkpoint(parse_note(checkpoint).text)
    if origin != log[0]:
        return 404
    try:
        open_checkpoint(checkpoint, log[0], log[2])
    except Refused:
        return 403
    if old > size:
        return 400
    if old != own_size or (size == own_size and root != own_root):
        return 409
    return 200 if verify_consistency(old, size, own_root, root, proof) else 422


def check_witness(check):
    v = load(check, "v6")
    log, witness = parse_vkey(v["log_vkey"]), parse_vkey(v["witness_vkey"])
    whole = hexed(v["checkpoint"]).decode()
    size, root = open_checkpoint(whole, log[0], log[2])
    leaves = [sha(b"\0", f"entry {i}".encode()) for i in range(size)]
    check.same("v6 root", root, mth(leaves).hex())
    check.same("v6 cosigned at", cosigned(parse_note(whole), witness[0], witness[2]), v["time"])
    for i in range(size):
        head, _, checkpoint = hexed(v[f"tlog_proof.{i}"]).decode().partition("\n\n")
        kind, index, *path = head.split("\n")
        check.same(f"v6 proof {i}", (kind, index, checkpoint == whole), str(("c2sp.org/tlog-proof@v1", f"index {i}", True)))
        check.same(f"v6 proof {i} holds", root_from_path(i, size, leaves[i], [b64(p) for p in path]), root.hex())
    for i in range(int(v["n_requests"])):
        q = sub(v, f"request.{i}.")
        body = hexed(q["body"]).decode()
        check.same(f"v6 {q['rule']}", answer(body, log, int(q["own_size"]), hexed(q["own_root"])), q["status"])
        if q["status"] == "200":
            text = parse_note(body.partition("\n\n")[2]).text
            check.same(f"v6 {q['rule']}: line", cosign(text, witness[0], hexed(v["witness_seed"]), int(v["time"])).encode(), q["reply"])
        elif q["status"] == "409":
            check.same(f"v6 {q['rule']}: size", (q["own_size"] + "\n").encode(), q["reply"])


def check_examples(check):
    """Every note that certificate.md prints is one of a single directory, in the order of the page."""
    page = (HERE / ".." / ".." / "docs" / "spec" / "certificate.md").read_text()
    notes = re.findall(r"^```note\n(.*?)^```$", page, re.S | re.M)
    kinds = [n.split("\n", 1)[0] for n in notes]
    check.same("certificate.md prints", kinds, str(["sfh-anchor/v1", "sfh-request/v1", "sfh-cert/v1", "sfh-epoch/v1", "sfh-revoke/v1", "sfh-policy/v1", "sfh-ledger/v1"]))
    d = Directory(notes[0])
    for i, whole in enumerate(notes):
        if kinds[i] in ("sfh-cert/v1", "sfh-epoch/v1", "sfh-revoke/v1", "sfh-policy/v1"):
            check.same(f"certificate.md {kinds[i]}", verdict(lambda: d.add(whole, i, 1791208800000)), "accepted")
    request, ledger = parse_note(notes[1]), parse_note(notes[6])
    cert = next(iter(d.certs.values()))
    for note in (request, ledger):
        check.same("certificate.md signed by the agent", len(note.signers({d.agent_name(cert["agent"]): cert["sign"]})), "1")
    lines = parse_note(notes[2]).text.split("\n")
    check.same("certificate.md: a request's lines are the certificate's", request.text.split("\n")[2:-1], str(lines[3:3 + 10]))
    check.same("certificate.md ledger head", parse_ledger(ledger.text)["cert"], cert["hash"])


def check_all(check):
    check_directory(check)
    check_examples(check)
    check_witness(check)
    v, log = check_scan(check)
    check_records(check, v, log)
