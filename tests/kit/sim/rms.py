#!/usr/bin/env python3
"""A police records system: drops its CAD export into a folder as such systems do: a file a day that grows, rotated names, the same row
again, and a row that somebody changed afterwards."""
import argparse
import csv
import io
import os
import sys

from office import drop

SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "corpus", "samples", "police", "alder_cad.csv")


class RecordsSystem:
    """`rows`: what the export holds now, as dicts by column; drop() writes all of it under a new name."""

    def __init__(self, folder, sample=SAMPLE):
        with open(sample, newline="", encoding="utf-8-sig") as f:
            self.model = list(csv.DictReader(f))
        self.folder, self.rows, self.files = folder, [], 0

    def call(self, incident, **changed):
        """A new call: the sample's first row under another number."""
        self.rows.append({**self.model[0], "incident_no": incident, **changed})

    def change(self, incident, **changed):
        for row in self.rows:
            if row["incident_no"] == incident:
                row.update(changed)

    def rotate(self):
        """A new day's file begins empty."""
        self.rows = []

    def drop(self, name=None):
        self.files += 1
        out = io.StringIO()
        writer = csv.DictWriter(out, self.model[0].keys(), lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(self.rows)
        return drop(self.folder, name or f"cad_{self.files:04}.csv", out.getvalue())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", required=True, help="the watched folder")
    parser.add_argument("--name", help="name of the file (default: cad_0001.csv)")
    parser.add_argument("--set", action="append", metavar="COLUMN=VALUE", help="in every row")
    parser.add_argument("incidents", nargs="+", help="incident numbers, a row each")
    args = parser.parse_args()
    system = RecordsSystem(args.folder)
    for incident in args.incidents:
        system.call(incident, **dict(pair.split("=", 1) for pair in args.set or []))
    print(system.drop(args.name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
