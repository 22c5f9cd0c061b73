"""The stage of the demo: starts real processes, waits for what they do (never for time to pass), and cleans up behind itself."""
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "kit", "sim"))  # the agencies' own systems


class Failed(Exception):
    """The story did not go as told."""


def eventually(what, condition, seconds=60):
    """Waits for a condition; the bound only ends a story that has gone wrong."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failed(f"{what}: did not happen")
        select.select([], [], [], 0.02)


class Stage:
    def __init__(self, bin_dir, folder):
        self.bin, self.folder, self.running = bin_dir, folder, []
        os.makedirs(folder, exist_ok=True)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def run(self, program, *args, expect=0, env=None):
        """Runs a command to its end and returns what it printed."""
        done = subprocess.run([os.path.join(self.bin, program), *args], capture_output=True, text=True, env={**os.environ, **(env or {})})
        if expect is not None and done.returncode != expect:
            raise Failed(f"{program} {' '.join(args)}: exit {done.returncode}, expected {expect}\n{done.stdout}{done.stderr}")
        return done.stdout

    def refused(self, program, *args):
        """Runs a command that must be refused, and returns what it said."""
        done = subprocess.run([os.path.join(self.bin, program), *args], capture_output=True, text=True)
        if done.returncode == 0:
            raise Failed(f"{program} {' '.join(args)}: was not refused\n{done.stdout}")
        return done.stderr

    def json(self, program, *args, **kw):
        return json.loads(self.run(program, *args, **kw))

    def start(self, name, program, *args, ready):
        """Starts a server and returns (process, the rest of the line that begins with `ready`)."""
        log = open(self.path(name + ".log"), "wb")
        process = subprocess.Popen([os.path.join(self.bin, program), *args], stdout=subprocess.PIPE, stderr=log)
        self.running.append((name, process))
        for line in iter(process.stdout.readline, b""):
            log.write(line)
            if line.decode().startswith(ready):
                threading.Thread(target=self._drain, args=(process, log), daemon=True).start()
                return process, line.decode()[len(ready):].strip()
        raise Failed(f"{name} did not start; see {self.path(name + '.log')}:\n{open(self.path(name + '.log')).read()[-2000:]}")

    @staticmethod
    def _drain(process, log):
        for line in iter(process.stdout.readline, b""):
            log.write(line)
            log.flush()

    def stop(self, only=None):
        for name, process in reversed(self.running):
            if only and name != only or process.poll() is not None:
                continue
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                print(f"{name} did not stop when asked", file=sys.stderr)
        if only is None:
            self.running.clear()


def memory_holds(pid, needle):
    """Searches every readable page of a process for `needle`, as its parent may."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as mem:
        for line in maps:
            span, mode = line.split()[:2]
            if not mode.startswith("r") or line.rstrip().endswith(("[vvar]", "[vsyscall]")):
                continue
            at, end = (int(x, 16) for x in span.split("-"))
            tail = b""
            while at < end:
                try:
                    mem.seek(at)
                    chunk = mem.read(min(1 << 22, end - at))
                except (OSError, ValueError, OverflowError):
                    break  # guard pages and sparse maps cannot be read; nobody else can read them either
                if not chunk:
                    break
                if needle in tail + chunk:
                    return True
                tail, at = chunk[-len(needle):], at + len(chunk)
    return False


def files_hold(folder, needle):
    for top, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(top, name)
            if os.path.isfile(path):
                with open(path, "rb") as f:
                    tail = b""
                    while chunk := f.read(1 << 22):
                        if needle in tail + chunk:
                            return path
                        tail = chunk[-len(needle):]
    return None
