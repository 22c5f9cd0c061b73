#!/usr/bin/python3
"""Writes salamander.txt: one ciphertext that a hostile sender made for two readers of a broadcast, who were given different G.

ChaCha20-Poly1305 does not commit to its key: the tag of this ciphertext is right under both message keys, and both plaintexts are well
padded bodies of 508 bytes that say different things. Only C_i, which the signature covers, tells the readers apart (protocol 4.3).
Deterministic. Two G are found whose message keys agree in the first four bytes of keystream (so both lengths are 508); then one block
of the ciphertext is the solution of a linear equation in the field of Poly1305."""
import struct

import nacl.bindings as nacl

from check import HERE, aead, as_text, group_leaf, hexed, kek_of, kid, label, le, message_key, message_leaf, mth, sha, unaead

P = (1 << 130) - 5
CLAMP = 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
SIZE = 512
FREE = SIZE // 16 - 1  # the block of the ciphertext that is solved for: the last


def chacha_block0(key):
    s = list(struct.unpack("<16I", b"expand 32-byte k" + key + bytes(16)))
    w = list(s)

    def rot(x, n):
        return ((x << n) | (x >> (32 - n))) & 0xFFFFFFFF

    def quarter(a, b, c, d):
        for x, y, z, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            w[x] = (w[x] + w[y]) & 0xFFFFFFFF
            w[z] = rot(w[z] ^ w[x], n)

    for _ in range(10):
        for q in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15), (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            quarter(*q)
    return struct.pack("<16I", *((a + b) & 0xFFFFFFFF for a, b in zip(w, s)))


def keystream(key):
    return aead(key, bytes(SIZE), b"")[:SIZE]


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


def two_secrets():
    seen = {}
    for n in range(1 << 20):
        g = sha(label("salamander"), le("Q", n))
        start = aead(message_key(g, 0), bytes(4), b"")[:4]
        if start in seen:
            return seen[start], g
        seen[start] = g
    raise SystemExit("no two secrets found")


class Tag:
    """The tag of `ad || ct` under one key, as a function of one block."""

    def __init__(self, key, ad, ct):
        block = chacha_block0(key)
        self.r = int.from_bytes(block[:16], "little") & CLAMP
        self.s = int.from_bytes(block[16:32], "little")
        data = ad + ct + le("QQ", len(ad), len(ct))
        blocks = [int.from_bytes(data[i:i + 16], "little") | 1 << 128 for i in range(0, len(data), 16)]
        free = len(ad) // 16 + FREE
        self.power = pow(self.r, len(blocks) - free, P)
        blocks[free] = 1 << 128
        self.rest = sum(b * pow(self.r, len(blocks) - i, P) for i, b in enumerate(blocks)) % P

    def at(self, x):
        return ((self.rest + x * self.power) % P + self.s) % (1 << 128)


def solve(one, two):
    below = pow((one.power - two.power) % P, -1, P)
    for j in range(-4, 5):
        x = (two.s - one.s + j * (1 << 128) - one.rest + two.rest) * below % P
        if x < 1 << 128 and one.at(x) == two.at(x):
            return x
    return None


def main():
    sender_seed, e = bytes([0x11]) * 32, bytes([0x33]) * 32
    sender_pk, sender_sk = nacl.crypto_sign_seed_keypair(sender_seed)
    ephemeral = nacl.crypto_scalarmult_base(e)
    readers = [(bytes([0xB2]) * 16, bytes([0x22]) * 32, 3), (bytes([0xC3]) * 16, bytes([0x23]) * 32, 4)]
    sender, cert = bytes([0xA1]) * 16, bytes([0x55]) * 32
    secrets = two_secrets()
    prefix = b"SFG1" + le("HHII", 1, 2, 1, 0) + sender + cert + ephemeral + le("QII", 8, 0, 0)
    grp = prefix
    for (who, secret, epoch), g in zip(readers, secrets):
        public = nacl.crypto_scalarmult_base(secret)
        slot = who + le("II", epoch, 0) + kid(public) + le("Q", 0) + bytes(32)
        grp += slot + aead(kek_of(nacl.crypto_scalarmult(e, public), prefix, slot, public), g, b"") + bytes(8)
    gctx = sha(label("SFH1/grp-ctx"), grp)
    created = 1700000000000
    hdr = b"SFM1" + le("HH", 1, 6) + bytes(range(16)) + bytes(range(16, 32)) + le("QQIHHII", created, created + 3600000, 1, 1, 0, 1, SIZE + 16) + bytes(56)
    keys = [message_key(g, 0) for g in secrets]
    streams = [keystream(k) for k in keys]
    said = [b"three beds are free", b"no bed is free at all"]
    ad, x, turn = gctx + hdr, None, 0
    while x is None:
        # The first half of the body is chosen as the first reader is to see it, the second half as the second does.
        first = (le("I", SIZE - 4) + said[0]).ljust(256, b" ")
        second = (b" " + said[1] + le("I", turn)).ljust(256, b" ")
        ct = xor(first, streams[0][:256]) + xor(second, streams[1][256:])
        x = solve(*(Tag(k, ad, ct) for k in keys))
        turn += 1
    ct = ct[:16 * FREE] + x.to_bytes(16, "little")
    ct += Tag(keys[0], ad, ct).at(x).to_bytes(16, "little")
    texts = [unaead(k, ct, ad) for k in keys]
    assert texts[0] != texts[1] and all(t[:4] == le("I", SIZE - 4) for t in texts)
    commit = sha(label("SFH1/key-commit"), keys[0])
    root = group_leaf(gctx, 1, mth([message_leaf(gctx, 0, hdr, commit, sha(ct))]))
    hub = sha(b"sfh.example.org/hub1\n")
    bst = label("SFH1/batch", 32) + le("HHI", 1, 0, 1) + sender + cert + le("QQ", 8, created) + bytes(32) + root + hub + le("Q", 5) + bytes(8)
    v = {"sender_pk": sender_pk, "bst": bst, "sig": nacl.crypto_sign(bst, sender_sk)[:64], "n_groups": "1", "group.0.grp": grp, "group.0.path": b"",
         "group.0.n_msgs": "1", "group.0.msg.0.hdr": hdr, "group.0.msg.0.C": commit, "group.0.msg.0.ct": ct, "group.0.msg.0.ct_hash": b""}
    for j, (who, secret, _) in enumerate(readers):
        at = f"reader.{j}."
        v |= {at + "self": who, at + "epoch_sk": secret, at + "K": keys[j], at + "text": texts[j], at + "expect": ("accepted", "open bad_signature")[j]}
    out = as_text({name: value.hex() if isinstance(value, bytes) else value for name, value in v.items()})
    (HERE / "salamander.txt").write_text(out)


if __name__ == "__main__":
    main()
