#!/usr/bin/env python3
"""./dev bench [loop] [seal] [verify] [open] [log] [decide] [witness] [feed] [backup] [audit]: runs the benchmarks, prints their tables, keeps the figures in a folder."""
import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

from feed import feed

STAGES = ["seal", "verify", "open", "log", "decide", "witness"]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


def loop(bin_dir, sizes, repetitions, seconds):
    """4 senders, 8 mailboxes, separate processes over TCP and CURVE; confirmed with proof, opened, receipts logged."""
    rows = []
    peer = os.path.join(bin_dir, "handoff-peer")
    for repetition in range(repetitions):
        folder, port = tempfile.mkdtemp(prefix="handoff-bench-"), free_port()
        server = subprocess.Popen([peer, "serve", os.path.join(folder, "county"), str(port)], stdout=subprocess.PIPE)
        try:
            for line in server.stdout:
                if line.startswith(b"listening "):
                    break
            else:
                raise SystemExit("the hub did not start")
            runs = [("tput", s, 100000) for s in sizes] + [("lat", 1024, 2000)]
            for mode, size, n in runs:
                done = subprocess.run([peer, "load", "--mode", mode, "--size", str(size), "--n", str(n), "--secs", str(seconds), "--port", str(port),
                                       "--server-pid", str(server.pid), "--data", folder], capture_output=True, text=True)
                result = next((line for line in done.stdout.splitlines() if line.startswith("RESULT")), None)
                if done.returncode != 0 or result is None:
                    raise SystemExit(f"{mode} {size}: not clean\n{done.stdout}{done.stderr}")
                rows.append(dict(pair.split("=", 1) for pair in result.split()[1:]) | {"rep": repetition})
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{'loop':<6}{'size':>6}{'rate/s':>9}{'hub CPU s':>11}{'load CPU s':>12}{'hub MB':>8}{'disk MB':>9}{'syncs':>7}{'recv p50/p99 us':>18}{'confirm p50/p99 us':>20}")
    for r in sorted(rows, key=lambda r: (r["mode"], int(r["size"]))):
        latency = f"{r.get('recv_p50', '-')}/{r.get('recv_p99', '-')}", f"{r.get('conf_p50', '-')}/{r.get('conf_p99', '-')}"
        print(f"{r['mode']:<6}{r['size']:>6}{r['rate']:>9}{r['srv_cpu']:>11}{r['cli_cpu']:>12}{r['rss_mb']:>8}{r['dev_mb']:>9}{r['flushes']:>7}{latency[0]:>18}{latency[1]:>20}")
    return rows


def backup(bin_dir, repetitions, seconds):
    """What a hot backup costs the traffic: the same load alone, and beside a hub that is backed up without a pause."""
    rows = []
    for repetition in range(repetitions):
        folder, port = tempfile.mkdtemp(prefix="handoff-bench-"), free_port()
        hub = os.path.join(folder, "county", "hub")
        server = subprocess.Popen([os.path.join(bin_dir, "handoff-peer"), "serve", os.path.join(folder, "county"), str(port)], stdout=subprocess.PIPE)
        try:
            if not any(line.startswith(b"listening ") for line in server.stdout):
                raise SystemExit("the hub did not start")
            for mode in ("alone", "backups"):
                load = subprocess.Popen([os.path.join(bin_dir, "handoff-peer"), "load", "--mode", "tput", "--size", "1024", "--n", "100000", "--secs", str(seconds),
                                         "--port", str(port), "--server-pid", str(server.pid), "--data", folder], stdout=subprocess.PIPE, text=True)
                copies = 0
                while mode == "backups" and load.poll() is None:
                    copy = os.path.join(folder, "copy")
                    subprocess.run([os.path.join(bin_dir, "handoff-hub"), "backup", hub, copy], check=True, stdout=subprocess.DEVNULL)
                    if copies == 0:
                        subprocess.run([os.path.join(bin_dir, "handoff-hub"), "check", copy], check=True, stdout=subprocess.DEVNULL)
                    shutil.rmtree(copy)
                    copies += 1
                said = load.communicate()[0]
                result = next((line for line in said.splitlines() if line.startswith("RESULT")), None)
                if load.returncode != 0 or result is None:
                    raise SystemExit(f"backup, {mode}: not clean\n{said}")
                rows.append(dict(pair.split("=", 1) for pair in result.split()[1:]) | {"beside": mode, "copies": copies, "rep": repetition})
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{'beside':<9}{'rate/s':>9}{'copies':>8}")
    for r in rows:
        print(f"{r['beside']:<9}{r['rate']:>9}{r['copies']:>8}")
    return rows


def audit(bin_dir, out, seconds):
    """What an auditor's questions cost in a log of ten million entries, which is made once and kept below the results."""
    entries = os.environ.get("HANDOFF_AUDIT_ENTRIES", "10000000")
    done = subprocess.run([os.path.join(bin_dir, "bench_audit"), os.path.join(out, f"audit-{entries}"), entries, str(seconds)], stdout=subprocess.PIPE, text=True, check=True)
    lines = done.stdout.splitlines()
    print("\n".join(line for line in lines if not line.startswith("RESULT")))
    return dict(pair.split("=", 1) for pair in lines[-1].split()[1:])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--reps", type=int, default=3)
    parser.add_argument("--secs", type=float, default=6)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=["loop", *STAGES, "feed", "backup", "audit", []])
    args = parser.parse_args()
    names = args.names or ["loop", *STAGES, "feed"]
    os.makedirs(args.out, exist_ok=True)
    if "loop" in names:
        with open(os.path.join(args.out, "loop.json"), "w") as f:
            json.dump(loop(args.bin, [256, 1024, 8192], args.reps, args.secs), f, indent=1)
    for name in (n for n in STAGES if n in names):
        done = subprocess.run([os.path.join(args.bin, "bench_stages"), name], capture_output=True, text=True, check=True)
        print(done.stdout, end="")
        with open(os.path.join(args.out, name + ".txt"), "w") as f:
            f.write(done.stdout)
    if "feed" in names:
        with open(os.path.join(args.out, "feed.json"), "w") as f:
            json.dump(feed(args.bin, args.secs), f, indent=1)
    if "backup" in names:
        with open(os.path.join(args.out, "backup.json"), "w") as f:
            json.dump(backup(args.bin, args.reps, args.secs), f, indent=1)
    if "audit" in names:
        with open(os.path.join(args.out, "audit.json"), "w") as f:
            json.dump(audit(args.bin, args.out, args.secs), f, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
