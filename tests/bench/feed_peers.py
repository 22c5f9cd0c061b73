#!/usr/bin/env python3
"""feed_peers.py PEER SECONDS < list of files: how fast a library of somebody else reads them, and takes out what a referral needs. One JSON line."""
import csv
import io
import json
import sys
import time

HL7_FIELDS = [("MSH", 9), ("MSH", 10), ("MSH", 7), ("PID", 3), ("PID", 5), ("PID", 7), ("PID", 8), ("PID", 11), ("PID", 13), ("PV1", 2), ("PV1", 19), ("PV1", 44),
              ("RF1", 1), ("RF1", 2), ("RF1", 3), ("RF1", 6), ("DG1", 3), ("NTE", 3)]
NEMSIS = ["eRecord.01", "eResponse.03", "ePatient.02", "ePatient.03", "ePatient.17", "ePatient.13", "ePatient.18", "eSituation.09", "eSituation.11", "eSituation.12",
          "eTimes.06", "eTimes.07", "eTimes.11", "eTimes.12", "eDisposition.01", "eDisposition.02", "eVitals.06", "eVitals.10", "eVitals.12", "eNarrative.01"]


def python_hl7():
    import hl7

    def read(data):
        text = data.decode("utf-8-sig", "replace").replace("\r\n", "\r").replace("\n", "\r").strip()
        out = {}
        messages = hl7.split_file(text) if text.count("\rMSH") else [text]
        for one in messages:
            message = hl7.parse(one if isinstance(one, str) else str(one))
            for segment in message:
                name = str(segment[0][0])
                for want, n in HL7_FIELDS:
                    if want == name and len(segment) > n:
                        out[f"{want}-{n}"] = str(segment[n])
        return out
    return read


def elements(parse):
    wanted = {"{http://www.nemsis.org}" + name: name for name in NEMSIS}

    def read(data):
        out = {}
        for element in parse(data).iter():
            name = wanted.get(element.tag)
            if name and element.text:
                out.setdefault(name, []).append(element.text)
        return out
    return read


def lxml_etree():
    from lxml import etree
    return elements(etree.fromstring)


def python_etree():
    from xml.etree import ElementTree
    return elements(ElementTree.fromstring)


def python_json():
    return json.loads


def python_csv():
    return lambda data: list(csv.DictReader(io.StringIO(data.decode("utf-8-sig", "replace"), newline="")))


PEERS = {f.__name__: f for f in (python_hl7, lxml_etree, python_etree, python_json, python_csv)}


def main():
    read, seconds = PEERS[sys.argv[1]](), float(sys.argv[2])
    files, faults = [], 0
    for path in sys.stdin.read().splitlines():
        with open(path, "rb") as f:
            data = f.read()
        try:
            read(data)
            files.append(data)
        except Exception:  # what it cannot read does not count for it
            faults += 1
    best = 0.0
    for _ in range(3):
        start, n = time.perf_counter(), 0
        while time.perf_counter() - start < seconds / 3 and files:
            for data in files:
                read(data)
            n += len(files)
        best = max(best, n / (time.perf_counter() - start))
    print(json.dumps({"files": len(files), "bytes": sum(map(len, files)), "faults": faults, "files_per_s": best}))


if __name__ == "__main__":
    main()
