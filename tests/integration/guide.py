"""What tests of the guides share: the pages, a small Alder County of real processes, and the frame of a run."""
import argparse
import os
import re
import sys
import tempfile

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(SOURCE, "tests", "demo"))

from county import AGENCIES, County  # noqa: E402
from stage import Failed, eventually  # noqa: E402,F401


def page(name):
    with open(os.path.join(SOURCE, "docs", "guide", name)) as f:
        return f.read()


def lines_of(text, programs=r"handoff(?:-\w+)?"):
    """The commands of these programs that stand on indented lines."""
    return re.findall(rf"^ {{4,}}({programs} .*)$", text, re.M)


class Two(County):
    """Agencies of Alder County, without adapters."""

    def adapters(self):
        pass


class Unwitnessed(Two):
    def witnesses(self, secret):
        pass


def run(play, agencies=("stb", "harbor", "apd"), county=Two):
    """play(county) on a county that stands, and says what it saw. Answers the exit code."""
    p = argparse.ArgumentParser()
    p.add_argument("--bin", required=True)
    a = p.parse_args()
    for slug in [s for s in AGENCIES if s not in agencies]:
        AGENCIES.pop(slug)
    with tempfile.TemporaryDirectory(prefix="guide") as folder:
        two = county(os.path.abspath(a.bin), folder, 0)
        try:
            two.set_up()
            print(play(two))
            return 0
        except Failed as e:
            log = two.stage.path("stb.log")
            print(e, open(log).read()[-1500:] if os.path.exists(log) else "", file=sys.stderr)
            return 1
        finally:
            two.stage.stop()


def type_all(drill, lines, least=1):
    """Each line in its turn."""
    if len(lines) < least:
        raise Failed(f"the page has only {len(lines)} lines to type")
    for line in lines:
        drill.type(line)
    return f"{len(lines)} lines of the page did what they say"
