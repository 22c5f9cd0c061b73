"""FlatBuffers 2.0, as much as docs/spec/wire.md needs: tables of numbers, byte strings, texts, tables and vectors of these.

A schema is {field id: (name, type)}; types: u8 u16 u32 u64 bool i32, bytes, bytes8 (aligned), str, [u16], a schema (table) or [schema] (vector of tables)."""
import struct

SIZES = {"u8": "B", "bool": "?", "u16": "H", "u32": "I", "i32": "i", "u64": "Q"}


class Malformed(Exception):
    pass


def build(schema, values):
    """The finished buffer: u32 offset of the root table, then tables and vectors, each behind whoever points to it."""
    out = bytearray(4)
    struct.pack_into("<I", out, 0, _table(out, schema, values))
    return bytes(out)


def _align(out, n):
    out.extend(bytes(-len(out) % n))


def _table(out, schema, values):
    unknown = set(values) - {name for name, _ in schema.values()}
    assert not unknown, unknown
    fields = [(i, name, kind) for i, (name, kind) in sorted(schema.items()) if values.get(name) is not None]
    at, places = 4, {}
    for i, _, kind in fields:                                  # where each field stands in the table, counted from its start
        size = struct.calcsize(SIZES[kind]) if isinstance(kind, str) and kind in SIZES else 4
        at += -at % size
        places[i] = at
        at += size
    slots = max(schema) + 1 if schema else 0
    _align(out, 2)
    vtable = len(out)
    out.extend(struct.pack("<HH", 4 + 2 * slots, at) + b"".join(struct.pack("<H", places.get(i, 0)) for i in range(slots)))
    _align(out, 8)
    table = len(out)
    out.extend(struct.pack("<i", table - vtable) + bytes(at - 4))
    for i, name, kind in fields:
        where, value = table + places[i], values[name]
        if isinstance(kind, str) and kind in SIZES:
            struct.pack_into("<" + SIZES[kind], out, where, value)
        else:
            child = _child(out, kind, value)
            struct.pack_into("<I", out, where, child - where)
    return table


def _child(out, kind, value):
    if isinstance(kind, dict):
        return _table(out, kind, value)
    if kind == "bytes8":                                       # a FlatBuffer inside: its first byte at a multiple of 8
        out.extend(bytes((4 - len(out)) % 8))
    _align(out, 4)
    if kind in ("bytes", "bytes8", "str"):
        raw = value.encode() if kind == "str" else value
        at = len(out)
        out.extend(struct.pack("<I", len(raw)) + raw + (b"\0" if kind == "str" else b""))
        return at
    if kind == "[u16]":
        at = len(out)
        out.extend(struct.pack(f"<I{len(value)}H", len(value), *value))
        return at
    at = len(out)                                              # a vector of tables or texts
    out.extend(struct.pack("<I", len(value)) + bytes(4 * len(value)))
    for i, item in enumerate(value):
        where = at + 4 + 4 * i
        child = _child(out, kind[0], item)
        struct.pack_into("<I", out, where, child - where)
    return at


def read(schema, buf):
    """{name: value} of the root table; fields that are absent are None."""
    try:
        return _read_table(schema, buf, struct.unpack_from("<I", buf, 0)[0], 8)
    except (struct.error, IndexError, UnicodeDecodeError) as why:
        raise Malformed(str(why)) from None


def _read_table(schema, buf, at, depth):
    if depth == 0:
        raise Malformed("too deep")
    vtable = at - struct.unpack_from("<i", buf, at)[0]
    if vtable < 0:
        raise Malformed("a table outside the buffer")
    size = struct.unpack_from("<H", buf, vtable)[0]
    out = {}
    for i, (name, kind) in schema.items():
        entry = struct.unpack_from("<H", buf, vtable + 4 + 2 * i)[0] if 4 + 2 * i < size else 0
        if entry == 0:
            out[name] = None
        elif isinstance(kind, str) and kind in SIZES:
            out[name] = struct.unpack_from("<" + SIZES[kind], buf, at + entry)[0]
        else:
            where = at + entry
            out[name] = _read_child(kind, buf, where + struct.unpack_from("<I", buf, where)[0], depth)
    return out


def _read_child(kind, buf, at, depth):
    if isinstance(kind, dict):
        return _read_table(kind, buf, at, depth - 1)
    n = struct.unpack_from("<I", buf, at)[0]
    if kind in ("bytes", "bytes8", "str"):
        raw = bytes(buf[at + 4:at + 4 + n])
        if len(raw) != n:
            raise Malformed("a vector outside the buffer")
        return raw.decode() if kind == "str" else raw
    if kind == "[u16]":
        return list(struct.unpack_from(f"<{n}H", buf, at + 4))
    if n > len(buf) // 4:
        raise Malformed("a vector outside the buffer")
    items = []
    for i in range(n):
        where = at + 4 + 4 * i
        items.append(_read_child(kind[0], buf, where + struct.unpack_from("<I", buf, where)[0], depth))
    return items


# ---- docs/spec/wire.md sections 2, 3 and 6 ----
def table(*fields):
    return {i: f for i, f in enumerate(fields)}


MSG = table(("hdr", "bytes"), ("commit", "bytes"), ("ct", "bytes"), ("ct_hash", "bytes"))
GROUP = table(("grp", "bytes"), ("path", "bytes"), ("msgs", [MSG]))
BATCH = table(("bst", "bytes"), ("sig", "bytes"), ("groups", [GROUP]))
DELIVER = table(("batch", BATCH), ("index", "u64"), ("ent", "bytes"), ("incl", "bytes"), ("ckpt", "bytes"), ("end_index", "u64"), ("end_ent", "bytes"),
                ("end_incl", "bytes"))
HELLO = table(("credit", "u32"), ("checkpoint", "str"), ("versions", "[u16]"), ("software", "str"), ("dir_seq", "u64"), ("hub_time", "u64"),
              ("read_only", "bool"))
PROVEN = table(("index", "u64"), ("ent", "bytes"), ("path", "bytes"))
ACK = table(("batch_hash", "bytes"), ("entries", [PROVEN]), ("checkpoint", "str"), ("dir_seq", "u64"))
GROUP_NACK = table(("group_no", "u32"), ("code", "u16"), ("payload", "bytes"))
NACK = table(("code", "u16"), ("retry_ms", "u32"), ("payload", "bytes"), ("groups", [GROUP_NACK]), ("words", "str"))
FETCH = table(("what", "u8"), ("sender", "bytes"), ("recipient", "bytes"), ("from", "u64"), ("limit", "u32"))
RECEIPT = table(("rcp", "bytes"), ("sig", "bytes"), ("entry", PROVEN), ("checkpoint", "str"))
BLOB = table(("data", "bytes"))
FETCHED = table(("delivers", [BLOB]), ("receipts", [RECEIPT]), ("more", "bool"))
DIRGET = table(("after", "u64"), ("limit", "u32"), ("blob", "bytes"))
DIRNOTE = table(("note", "str"), ("log_index", "u64"), ("hub_time", "u64"))
DIRGOT = table(("notes", [DIRNOTE]), ("dir_seq", "u64"), ("blob", "bytes"))
DIRPUT = table(("note", "str"), ("blob", "bytes"))
LOGGET = table(("what", "u8"), ("from", "u64"), ("to", "u64"), ("level", "u8"))
LOGGOT = table(("checkpoint", "str"), ("data", "bytes"), ("path", "bytes"))

SEEN = table(("size", "u64"), ("root", "bytes"), ("log_sig", "bytes"))
BODY = {0: ("major", "u16"), 1: ("minor", "u16"), 2: ("type", "str"), 3: ("payload", "bytes8"), 7: ("seen", SEEN), 11: ("authority_basis", "str")}
SECURE_MESSAGE = table(("text", "str"), ("author_role", "str"), ("author_name", "str"))
