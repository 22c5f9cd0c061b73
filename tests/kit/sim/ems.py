#!/usr/bin/env python3
"""An ambulance service's charting system: writes its NEMSIS report into a folder, or posts it over HTTP; again if asked to, or changed."""
import argparse
import os
import sys
import uuid

from office import call, drop, replaced

SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "corpus", "samples", "nemsis", "doe_to_st_brigid.xml")


class ChartingSystem:
    def __init__(self, sample=SAMPLE):
        with open(sample, encoding="utf-8") as f:
            self.text = f.read()
        start = self.text.index('UUID="') + 6
        self.own = self.text[start:start + 36]

    def report(self, number=None, pairs=None):
        """The sample as another report: its UUID made from `number`."""
        text = self.text if number is None else self.text.replace(self.own, str(uuid.uuid5(uuid.NAMESPACE_OID, str(number))))
        return replaced(text, pairs)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", help="write it there")
    parser.add_argument("--url", help="post it there")
    parser.add_argument("--token", help="bearer for --url")
    parser.add_argument("--number", help="another number, another report; the same number, the same report again")
    parser.add_argument("--set", action="append", metavar="FROM=TO", help="change its text")
    parser.add_argument("--sample", default=SAMPLE)
    args = parser.parse_args()
    text = ChartingSystem(args.sample).report(args.number, args.set)
    if args.folder:
        print(drop(args.folder, f"pcr_{args.number or 'sample'}.xml", text))
    if args.url:
        status, _, answer = call("POST", args.url, text, "application/xml", args.token)
        print(status, answer)
        return 0 if status < 300 else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
