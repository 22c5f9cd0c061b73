"""./dev bench feed: parsing and mapping, per format, against libraries of others in the same run on the same files: those that we read
and the peer reads. HANDOFF_CORPUS names a folder of files that others wrote (else our samples); HANDOFF_VALIDATORS one with node's peers."""
import json
import os
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
FORMATS = {
    "hl7v2": (".hl7", ["python_hl7"], ["medplum_hl7", "node_hl7"]),
    "nemsis": (".xml", ["python_etree", "lxml_etree"], []),
    "fhir": (".json", ["python_json"], ["json_parse", "medplum_validate"]),
    "csv": (".csv", ["python_csv"], []),
}
PYTHON = "/usr/bin/python3"  # Debian's, which has Debian's python3-hl7


def files_of(suffix, fmt):
    corpus = os.environ.get("HANDOFF_CORPUS") or os.path.join(HERE, "..", "corpus", "samples")
    out = []
    for top, folders, names in os.walk(corpus):
        folders.sort()
        out += [os.path.join(top, n) for n in sorted(names) if n.endswith(suffix) and os.path.getsize(os.path.join(top, n)) < 4 << 20]
    if fmt == "fhir":  # the other formats' folders hold JSON of their own
        out = [p for p in out if "/fhir/" in p] or [os.path.join(HERE, "..", "fuzz", "corpus", "fhir", n) for n in ("accepted.json", "rejected.json")]
    return out[:1000]


def run(command, files=None):
    """Its JSON line, or None if the peer is not at hand."""
    done = subprocess.run(command, input="\n".join(files) if files is not None else None, capture_output=True, text=True)
    return json.loads(done.stdout) if done.returncode == 0 and done.stdout.strip() else None


def peers_of(fmt, seconds, good):
    _, python, node = FORMATS[fmt]
    for name in python:
        yield name, lambda files, n=name: run([PYTHON, os.path.join(HERE, "feed_peers.py"), n, str(seconds)], files)
    validators = os.environ.get("HANDOFF_VALIDATORS")
    for name in node if validators and shutil.which("node") else []:
        yield name, lambda files, n=name: run(["node", os.path.join(HERE, "feed_peers.cjs"), n, str(seconds), validators], files)


def feed(bin_dir, seconds):
    rows = []
    for fmt, (suffix, *_) in FORMATS.items():
        ours = run([os.path.join(bin_dir, "bench_feed"), fmt, str(seconds), *files_of(suffix, fmt)])
        if not ours or not ours["files"]:
            continue
        rows.append({"format": fmt, "who": "handoff", **{k: ours[k] for k in ("files", "bytes", "files_per_s")}, "faults": 0, "ratio": 1.0})
        for name, measure in peers_of(fmt, seconds, ours["good"]):
            peer = measure(ours["good"])
            if peer and peer["files"]:
                # Per byte, because a peer may not read every file.
                speed = lambda r: r["files_per_s"] * r["bytes"] / r["files"]
                rows.append({"format": fmt, "who": name, **peer, "ratio": speed(ours) / speed(peer)})
    print(f"{'feed':<8}{'who':<20}{'files':>7}{'unread':>8}{'files/s':>11}{'MB/s':>8}{'handoff is':>12}")
    for r in rows:
        print(f"{r['format']:<8}{r['who']:<20}{r['files']:>7}{r['faults']:>8}{r['files_per_s']:>11.0f}{r['files_per_s'] * r['bytes'] / r['files'] / 1e6:>8.1f}"
              + (f"{r['ratio']:>11.1f}x" if r["who"] != "handoff" else ""))
    return rows
