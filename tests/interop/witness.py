#!/usr/bin/env python3
"""A witness that is not ours: C2SP tlog-witness and tlog-cosignature from their specifications, in a hundred lines. It cosigns what our hub asks
it to, byte for byte as an HTTP witness would be asked, and our hub must count its lines; it refuses forks and roll-backs by itself.
Run with the relay program as its argument."""
import base64
import hashlib
import struct
import subprocess
import sys
import time

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def consistent(old, new, old_root, new_root, proof):
    """RFC 9162, 2.1.4.2."""
    if old == new:
        return not proof and old_root == new_root
    if old & (old - 1) == 0:
        proof = [old_root] + proof
    if not proof:
        return False
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = proof[0]
    for c in proof[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while fn & 1 == 0 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return fr == old_root and sr == new_root and sn == 0


class Witness:
    def __init__(self, name, log_vkey):
        self.name, self.key = name, SigningKey(hashlib.sha256(b"an outside witness").digest())
        if log_vkey:
            self.watch(log_vkey)

    def watch(self, log_vkey):
        self.origin, self.log_id, key = log_vkey.split("+", 2)
        self.log = VerifyKey(base64.b64decode(key)[1:])
        self.size, self.root = 0, hashlib.sha256(b"").digest()

    def vkey(self):
        public = b"\x04" + self.key.verify_key.encode()
        return f"{self.name}+{self.key_id().hex()}+{base64.b64encode(public).decode()}"

    def key_id(self):
        return hashlib.sha256(self.name.encode() + b"\n\x04" + self.key.verify_key.encode()).digest()[:4]

    def add_checkpoint(self, body):
        """(HTTP status, answer)"""
        head, _, note = body.partition("\n\n")
        lines = head.split("\n")
        old, proof = int(lines[0].removeprefix("old ")), [base64.b64decode(x) for x in lines[1:]]
        text, _, signatures = note.partition("\n\n")
        origin, size, root = text.split("\n")
        size, root, text = int(size), base64.b64decode(root), text + "\n"
        if origin != self.origin:
            return 404, ""
        for line in signatures.splitlines():
            _, name, value = line.split(" ")
            value = base64.b64decode(value)
            if name == self.origin and value[:4].hex() == self.log_id:
                try:
                    self.log.verify(text.encode(), value[4:])
                    break
                except BadSignatureError:
                    return 403, ""
        else:
            return 403, ""
        if old > size:
            return 400, ""
        if old != self.size:
            return 409, f"{self.size}\n"
        if old == size and root != self.root:
            return 409, f"{self.size}\n"
        if old and not consistent(old, size, self.root, root, proof):
            return 422, ""
        self.size, self.root = size, root
        now = int(time.time())
        signed = self.key.sign(f"cosignature/v1\ntime {now}\n{text}".encode()).signature
        return 200, f"\u2014 {self.name} {base64.b64encode(self.key_id() + struct.pack('>Q', now) + signed).decode()}\n"


def main():
    relay = subprocess.Popen([sys.argv[1], "--no-intro", "--no-version"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def hub(line):
        relay.stdin.write(line + "\n")
        relay.stdin.flush()
        return relay.stdout.readline().rstrip("\n")

    def asked(verb):
        return base64.b64decode(hub(verb)).decode()

    def expect(what, got, wanted):
        assert got == wanted, f"{what}: {got!r}, not {wanted!r}"
        print("ok", what)

    witness = Witness("witness.example/outside", None)
    witness.watch(hub("vkey " + witness.vkey()))
    first = None
    for growth in (0, 1, 2, 3, 7, 20, 64):
        for _ in range(growth):
            hub("grow")
        body = asked(f"size {witness.size}")
        first = first or body
        status, line = witness.add_checkpoint(body)
        expect(f"it signs {witness.size} entries", status, 200)
        note = body.partition("\n\n")[2] + line
        expect("and the hub counts it", hub("note " + base64.b64encode(note.encode()).decode()), f"counted {witness.size}")
    expect("nothing new, nothing asked", asked(f"size {witness.size}"), "")
    expect("what it signed long ago is not signed again", witness.add_checkpoint(first)[0], 409)
    expect("another past of this size, under the log's own key, is not signed", witness.add_checkpoint(asked("fork"))[0], 409)
    forged = note.replace(line, line[:-6] + ("AAAA=\n" if line[-6:] != "AAAA=\n" else "BBBB=\n"))
    expect("a line that does not hold is not counted", hub("note " + base64.b64encode(forged.encode()).decode()), "no line of a witness that holds")
    expect("a request from below is answered with where to begin", witness.add_checkpoint(asked("size 1")), (409, f"{witness.size}\n"))
    relay.stdin.close()
    relay.wait()


main()
