#!/usr/bin/python3
"""The vectors V6 as lines for main.go: checkpoint, cosignature, tlog-proofs, and each request's consistency proof. Splits texts, judges nothing."""
import base64
import json
import pathlib

v = json.loads((pathlib.Path(__file__).parent / ".." / ".." / "vectors" / "v6.json").read_text())


def text(name):
    return bytes.fromhex(v[name]).decode()


def say(op, ok, **more):
    print(json.dumps({"Op": op, "Ok": ok, **more}))


def b64(hexed):
    return base64.b64encode(bytes.fromhex(hexed)).decode()


checkpoint = text("checkpoint")
size, root = int(checkpoint.split("\n")[1]), checkpoint.split("\n")[2]
say("checkpoint", True, Vkey=v["log_vkey"], Text=checkpoint, Size=size, Root=root)
say("cosignature", True, Vkey=v["witness_vkey"], Text=checkpoint, Index=int(v["time"]))
say("cosignature", False, Vkey=v["witness_vkey"], Text=checkpoint, Index=int(v["time"]) + 1)
say("cosignature", False, Vkey=v["witness_vkey"], Text=checkpoint.replace(f"\n{size}\n", f"\n{size + 1}\n"), Index=int(v["time"]))
for i in range(size):
    head = text(f"tlog_proof.{i}").split("\n\n")[0].split("\n")
    leaf = base64.b64encode(f"entry {i}".encode()).decode()
    say("inclusion", True, Index=int(head[1].split(" ")[1]), Size=size, Root=root, Leaf=leaf, Proof=head[2:])
for i in range(int(v["n_requests"])):
    at = f"request.{i}."
    lines, _, note = text(at + "body").partition("\n\n")
    old, proof = int(lines.split("\n")[0].split(" ")[1]), lines.split("\n")[1:]
    new, status = note.split("\n"), int(v[at + "status"])
    if status == 200:
        line = text(at + "reply")
        say("cosignature", True, Vkey=v["witness_vkey"], Text=note + line, Index=int(v["time"]))
    if status in (200, 422) and old > 0:  # what x/mod calls a tree has at least one leaf
        say("consistency", status == 200, Old=old, OldRoot=b64(v[at + "own_root"]), Size=int(new[1]), Root=new[2], Proof=proof)
