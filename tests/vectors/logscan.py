"""The scan of the log in Python, from docs/spec/audit.md section 1: every rule that an entry can break, and the root at the end.

Shares no code with the implementation. What does not hold raises sfh.Refused with the rule's name."""
from notes import Directory
from sfh import mth, need, parse_ent, sha

ZERO = bytes(32)


class Scan:
    def __init__(self, anchor_note, expected_hash=None):
        self.directory = Directory(anchor_note, expected_hash)
        self.entries, self.leaves, self.parsed = [], [], []
        self.hub_time, self.dir_seq, self.last_dir, self.last_hub = 0, 0, ZERO, ZERO
        self.batch, self.in_batch = None, set()            # container of the entry before, if it was an ACCEPT; its subjects
        self.batches = {}                                  # batch_hash -> first index

    def add(self, raw, note=None):
        """The next entry; a type-3 entry comes with its note."""
        e = parse_ent(raw)
        index = len(self.entries)
        need(1 <= e["type"] <= 9, "type")
        need(e["flags"] == 0 or (e["flags"] == 1 and e["type"] == 1), "flags")
        need(e["hub_time"] >= self.hub_time, "hub_time")
        need(e["dir_seq"] == self.dir_seq + (e["type"] == 3), "dir_seq")
        if e["type"] == 1:
            self.accept(e, index)
        else:
            self.batch = None
        if e["type"] in (7, 9):
            need(e["container"] == ZERO, "container")
        if e["type"] == 3:
            need(e["container"] == self.last_dir, "dir chain")
            need(note is not None, "note held")
            need(sha(note.encode()) == e["subject"], "note subject")
            self.directory.add(note, index, e["hub_time"])  # valid where it stands
            self.last_dir = e["subject"]
        if e["type"] == 4:
            need(e["container"] == self.last_hub, "hub chain")
            self.last_hub = e["subject"]
        self.hub_time, self.dir_seq = e["hub_time"], e["dir_seq"]
        self.entries.append(raw)
        self.leaves.append(sha(b"\0", raw))
        self.parsed.append(e)

    def accept(self, e, index):
        if e["container"] != self.batch:
            need(e["container"] not in self.batches, "batch consecutive")
            self.batches[e["container"]] = index
            self.batch, self.in_batch = e["container"], set()
        need(e["subject"] not in self.in_batch, "group once")
        self.in_batch.add(e["subject"])

    def root(self, size=None):
        return mth(self.leaves[:size])

    def check_root(self, size, root):
        need(size <= len(self.leaves) and self.root(size) == root, "root")
