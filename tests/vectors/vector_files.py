"""Vector files as Python reads them: flat objects of strings, and a count of what was compared."""
import json
import pathlib

HERE = pathlib.Path(__file__).parent


class Check:
    def __init__(self):
        self.count = self.wrong = 0

    def same(self, where, got, want):
        self.count += 1
        got = got.hex() if isinstance(got, bytes) else str(got)
        if got != want:
            self.wrong += 1
            print(f"{where}: rebuilt {got[:80]}, file says {want[:80]}")


def as_text(v):
    return "".join(f"{name} = {value}\n" for name, value in v.items())


def load(check, name):
    v = json.loads((HERE / f"{name}.json").read_text())
    check.same(f"{name}.txt", as_text(v) == (HERE / f"{name}.txt").read_text(), "True")
    return v
