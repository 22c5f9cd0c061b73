#!/usr/bin/env python3
"""Checks the house rules of rules.py. Usage: lint.py CHECK [--build DIR]; prints every finding with its place, exit 1 if any."""
import argparse
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tomllib

import rules

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def tracked(*suffixes):
    out = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=TOP, capture_output=True, text=True, check=True).stdout
    return [f for f in out.splitlines() if (not suffixes or f.endswith(suffixes)) and os.path.isfile(os.path.join(TOP, f))]


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8", errors="replace") as f:
        return f.read()


def room_of(path):
    """The room a file lies in: the longest folder of the table that is a prefix of it."""
    parts = path.split("/")[:-1]
    for n in range(len(parts), 0, -1):
        if "/".join(parts[:n]) in rules.LAYERS:
            return "/".join(parts[:n])
    return None


def edge_fault(a, b, header=None):
    """Why room `a` may not see room `b`, or None."""
    if a == b or a == "tests":
        return None
    if b is None or b not in rules.LAYERS:
        return f"{b} is no room of the table"
    if (a, b) in rules.SIBLINGS:
        return None
    if rules.LAYERS[b] >= rules.LAYERS[a]:
        return f"{a} (layer {rules.LAYERS[a]}) may not see {b} (layer {rules.LAYERS[b]})"
    if a in rules.ONLY and b not in rules.ONLY[a]:
        return f"{a} may see only {', '.join(sorted(rules.ONLY[a]))}, not {b}"
    if header and (a, b) in rules.NARROW and header not in rules.NARROW[(a, b)]:
        return f"{a} may not see {header}"
    if b.startswith("hub/") and not a.startswith("hub") and b not in rules.HUB_DOORS:
        return f"{a} may see of hub/ only {', '.join(sorted(rules.HUB_DOORS))}, not {b}"
    return None


def outside_faults(path, name):
    """Tests may look behind any door; the product's rooms may not."""
    for prefix, homes in rules.OUTSIDE.items():
        if name.startswith(prefix) and not path.startswith("tests/") and not any(path.startswith(h) for h in homes):
            yield f"{path}: includes {name}: only {homes} may"


def check_includes(_):
    for path in tracked(".h", ".cc"):
        a = room_of(path)
        if a is None:
            yield f"{path}: lies in no room of the table"
            continue
        for bracket, name in INCLUDE.findall(read(path)):
            local = os.path.isfile(os.path.join(TOP, name))
            if bracket == '"' and local:
                if fault := edge_fault(a, room_of(name), name):
                    yield f"{path}: includes {name}: {fault}"
                if "/internal/" in name and a != "tests" and not path.startswith(name.split("/internal/")[0] + "/"):
                    yield f"{path}: includes {name}: an internal header of another room"
                if a.startswith("hub") and name in rules.HUB_BLIND:
                    yield f"{path}: includes {name}: the hub carries and never reads"
            elif "generated" not in name:
                yield from outside_faults(path, name)
            if path.endswith(".h") and any(name.startswith(p) for p in rules.NOT_IN_HEADERS) and a != "tests":
                yield f"{path}: <{name}> does not belong in a header"


def check_links(args):
    """The link graph that CMake wrote: targets named as rooms, private links only."""
    target_room = {}
    graph = [line.split("|") for line in open(os.path.join(args.build, "link_graph.txt")).read().splitlines() if line]
    folders = {"base": "crypto/base", "crypto": "crypto", "crypto_seal": "crypto", "crypto_locker": "crypto", "schemas": "schemas",
               "schemas_body": "schemas", "schemas_time": "schemas", "schemas_policy": "schemas", "schemas_report": "schemas", "store": "hub/store", "net": "hub/net", "state": "hub/state", "journal": "hub/journal", "client": "hub/client",
               "broker": "hub/broker", "formats": "adapters/formats", "transport": "adapters/transport", "agent": "adapters/agent",
               "hospital": "adapters/hospital", "behavioral": "adapters/behavioral", "police": "adapters/police", "folder": "adapters/folder", "ems": "adapters/ems", "facade": "adapters/facade", "foreign": "adapters/foreign", "inbox": "adapters/inbox", "workbench": "adapters/workbench",
               "cli_kit": "cli/kit", "authority": "cli/authority", "proof": "cli/verify",
               "cli_counter": "cli/counter", "cli_admin": "cli/admin", "cli_audit": "cli/audit", "cli_referral": "cli/referral", "cli_policy": "cli/policy", "cli_compliance": "cli/compliance", "cli_program": "cli/program", "cli": "cli", "kit": "tests", "handoff-hub": "hub",
               "handoff-agent": "adapters", "handoff": "cli", "handoff-papers": "cli/papers", "handoff-authority": "cli/authority", "handoff-verify": "cli/verify"}
    sees = {}
    for name, rooms, _ in graph:
        if name not in folders and not name.startswith(("kit", "bench", "fault", "vectors")):
            yield f"link graph: {name} is not in the table of tests/lint"
        target_room[name] = folders.get(name, "tests")
        sees[name] = [r for r in rooms.split(";") if r]
    for name, rooms in sees.items():
        for other in rooms:
            if fault := edge_fault(target_room[name], folders.get(other, "tests")):
                yield f"link graph: {name} links {other}: {fault}"
    reach, todo = set(), ["handoff-hub"]
    while todo:
        n = todo.pop()
        if n not in reach:
            reach.add(n)
            todo += sees.get(n, [])
    for n in reach & {"crypto_seal", "crypto_locker", "schemas_body", "schemas_time", "schemas_policy", "schemas_report"}:
        yield f"promise 1: handoff-hub links {n}"
    for path in tracked("CMakeLists.txt"):
        if path != "CMakeLists.txt" and re.search(r"target_link_libraries\([^)]*\bPUBLIC\b", read(path)):
            yield f"{path}: a public link"


def nm(args, program, *flags):
    out = subprocess.run(["nm", *flags, os.path.join(args.build, "bin", program)], capture_output=True, text=True)
    if out.returncode != 0:
        raise SystemExit(f"{program}: {out.stderr.strip()}; build it first")
    return out.stdout


def check_promises(args):
    for program, pattern in rules.FORBIDDEN_SYMBOLS.items():
        for line in (nm(args, program, "-D", "--undefined-only") + nm(args, program)).splitlines():
            if re.search(pattern, line.split()[-1].split("@")[0]):
                yield f"{program}: holds or imports {line.split()[-1]}"
    for program, libs in rules.FORBIDDEN_NEEDED.items():
        needed = subprocess.run(["ldd", os.path.join(args.build, "bin", program)], capture_output=True, text=True, check=True).stdout
        for lib in libs:
            if lib in needed:
                yield f"{program}: needs {lib}"
    for room in ("adapters/hospital", "adapters/behavioral", "adapters/police", "adapters/folder", "adapters/ems", "adapters/facade", "adapters/foreign"):
        for path in tracked(".h", ".cc"):
            if path.startswith(room + "/") and re.search(r'#include\s*[<"](sodium|crypto/(?!base/))', read(path)):
                yield f"{path}: promise 2: a mapping names a key room"


FUNCTION_START = re.compile(r"^(?!\s*(?:namespace|class|struct|enum|union|extern|using|typedef|#|//|\}|TEST_CASE))[\w:~<>,&*\[\]\s\"().=+\-]*\)[^;{]*\{\s*$")


def functions(text):
    """(name line, length) of each top-level function body, by indentation: our format puts the closing brace at the opener's column."""
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if not line.endswith("{") or "(" not in line or line.lstrip().startswith(("if", "for", "while", "switch", "namespace", "struct", "class", "//", "} ", "TEST_CASE", "do", "else")):
            continue
        indent = len(line) - len(line.lstrip())
        if indent > 2 or not FUNCTION_START.match(line):
            continue
        closing = " " * indent + "}"
        for j in range(i + 1, len(lines)):
            if lines[j].startswith(closing) and (len(lines[j]) == len(closing) or lines[j][len(closing)] in ";),"):
                yield i + 1, j - i + 1, line.strip()
                break


def check_walls(_):
    seen_file, seen_function = set(), set()
    for path in tracked(".h", ".cc"):
        text = read(path)
        n = text.count("\n")
        if n > rules.MAX_FILE_LINES:
            seen_file.add(path)
            if path not in rules.OVER_FILE:
                yield f"{path}: {n} lines; the wall is {rules.MAX_FILE_LINES}"
        first = text.lstrip().split("\n", 1)[0]
        explained_by_header = path.endswith(".cc") and os.path.isfile(os.path.join(TOP, path[:-3] + ".h"))
        if not first.startswith("//") and not explained_by_header:
            yield f"{path}:1: the first line does not say what the file is for"
        for at, length, what in functions(text):
            if length > rules.MAX_FUNCTION_LINES:
                key = f"{path}:{what}"
                seen_function.add(key)
                if key not in rules.OVER_FUNCTION:
                    yield f"{path}:{at}: a function of {length} lines; the wall is {rules.MAX_FUNCTION_LINES}"
    for gone in (set(rules.OVER_FILE) - seen_file) | (set(rules.OVER_FUNCTION) - seen_function):
        yield f"rules.py: {gone} is under the wall now: take it off the list"
    folders = {}
    for path in tracked(".h", ".cc"):
        folders.setdefault(os.path.dirname(path), []).append(path)
    for folder, files in folders.items():
        if len(files) > 60:
            yield f"{folder}: {len(files)} files; make a sub-room with a door"


def check_words(_):
    for path in tracked():
        if path.startswith("tests/lint/") or path.endswith(".png"):
            continue
        text = read(path)
        for pattern in rules.FORBIDDEN_WORDS:
            for m in re.finditer(pattern, text):
                yield f"{path}:{text.count(chr(10), 0, m.start()) + 1}: {m.group(0)!r}"
    for path in tracked(".fbs"):
        for table in re.findall(r"^table \w+ \{(.*?)^\}", read(path), re.M | re.S):
            for line in table.split("\n"):
                if ":" in line.split("//")[0] and "id:" not in line:
                    yield f"{path}: a field without an explicit id: {line.strip()}"


# Rows of the regulatory matrix, each of which docs/compliance.md must have.
MATRIX = [*(f"H{n}" for n in range(1, 15)), *(f"P{n}" for n in range(1, 8)), *(f"C{n}" for n in range(1, 10)), "F1", "F2", "F3", "S1", "S2", "S3", "B1"]


def check_compliance(_):
    yield from compliance_faults(read("docs/compliance.md"))
    for path in tracked(".toml"):
        if path.startswith("schemas/policy/controls/"):
            yield from control_faults(path, read(path))


# Rows of the threat table that may wait; whoever builds one takes it out of here.
WAITS = {"T43"}


def check_threats(_):
    """Every row T1 to T46 of docs/threat-model.md names a test that exists, or is one of those that wait."""
    yield from threat_faults(read("docs/threat-model.md"))


def threat_faults(text):
    page, rows = "docs/threat-model.md", dict(re.findall(r"^\| (T\d+) \|.*\| ([^|]*) \|$", text, re.M))
    for name in (f"T{n}" for n in range(1, 47)):
        shown = rows.get(name, "")
        if not shown:
            yield f"{page}: row {name} is missing or shown by nothing"
        elif shown.startswith("waits: ") != (name in WAITS):
            yield f"{page}: row {name} " + ("waits, and may not" if shown.startswith("waits: ") else "no longer waits: take it out of WAITS")
        tests = re.findall(r'`([^`]+)` (?:"([^"]+)"|(\w+))', shown)
        if shown and not tests and not shown.startswith("waits: "):
            yield f"{page}: row {name} names no test"
        for path, test, ctest in tests:
            yield from named_test_faults(f"{page}: row {name}", path, test, ctest)


def control_faults(path, text):
    """Every control of a profile says how far it goes, and every test that it names exists."""
    for control in tomllib.loads(text).get("control", []):
        if control["here"] not in ("shown", "part", "duty", "later"):
            yield f"{path}: {control['id']} does not say shown, part, duty or later"
        if control["here"] == "shown" and not control["shown_by"]:
            yield f"{path}: {control['id']} is shown by nothing"
        for by in control["shown_by"]:
            yield from named_test_faults(f"{path}: {control['id']}", *re.fullmatch(r'(\S+) (?:"(.+)"|(\w+))', by).groups())


def named_test_faults(where, path, test, ctest):
    source = read(path) if os.path.isfile(os.path.join(TOP, path)) else ""
    said = f"test('{test}'" if path.endswith(".mjs") else f'TEST_CASE("{test}")'
    if test and said not in source.replace("\\'", "'"):
        yield f"{where}: {path} has no test {test!r}"
    if ctest and ctest not in source and "foreach(check" not in source:
        yield f"{where}: {path} has no test {ctest}"


def compliance_faults(text):
    """Every row is there, says how far it goes, and every test that it names exists."""
    page, rows = "docs/compliance.md", {}
    for line in text.split("\n"):
        cells = [c.strip() for c in line.strip("|").split(" | ")]
        if len(cells) == 5 and re.fullmatch(r"[A-Z]\d+", cells[0].strip("| ")):
            rows[cells[0].strip("| ")] = cells
    for name in MATRIX:
        if name not in rows:
            yield f"{page}: row {name} is missing"
            continue
        here, shown = rows[name][3], rows[name][4].strip(" |")
        if not re.match(r"(shown|part|duty|later)", here):
            yield f"{page}: row {name} does not say shown, part, duty or later"
        if here.startswith("shown") and not shown:
            yield f"{page}: row {name} is shown by nothing"
        for path, test, ctest in re.findall(r'`([^`]+)` (?:"([^"]+)"|(\w+))', shown):
            yield from named_test_faults(f"{page}: row {name}", path, test, ctest)


def shown_by_its_source(path):
    """A source that includes its own header first has compiled it alone, in every build."""
    source = os.path.join(TOP, path[:-2] + ".cc")
    if not os.path.exists(source):
        return False
    with open(source) as f:
        return next((line for line in f if line.startswith("#include")), "").startswith(f'#include "{path}"')


def check_headers(args):
    """Every header compiles alone: by its own source, else by one small source file each, through ccache, so that only what changed is compiled again."""
    folder = os.path.join(args.build, "headers")
    os.makedirs(folder, exist_ok=True)
    ccache = ["ccache"] if shutil.which("ccache") else []

    def one(path):
        source = os.path.join(folder, path.replace("/", "__") + ".cc")
        text = f'#include "{path}"\n'
        if not os.path.exists(source) or open(source).read() != text:
            with open(source, "w") as f:
                f.write(text)
        command = [*ccache, "g++", "-std=c++20", "-O0", "-Wall", "-Wextra", "-Werror", "-I" + TOP, "-I" + os.path.join(args.build, "generated"), "-c", source,
                   "-o", source[:-3] + ".o"]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "CCACHE_BASEDIR": TOP, "CCACHE_NOHASHDIR": "1"})
        return None if done.returncode == 0 else f"{path}: does not compile alone\n{done.stderr[:600]}"

    headers = [p for p in tracked(".h") if not p.startswith("tests/") and not shown_by_its_source(p)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from filter(None, pool.map(one, headers))


def check_format(_):
    files = tracked(".h", ".cc")
    done = subprocess.run(["clang-format-16", "--dry-run", "--ferror-limit=1", *files], cwd=TOP, capture_output=True, text=True)
    for line in done.stderr.splitlines():
        if "warning:" in line:
            yield line.split(" warning:")[0] + " is not formatted; clang-format-16 -i mends it"


CHECKS = {name[6:]: f for name, f in list(globals().items()) if name.startswith("check_")}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("check", choices=CHECKS)
    parser.add_argument("--build", default=os.path.join(TOP, "build", "dev"))
    args = parser.parse_args()
    findings = list(CHECKS[args.check](args))
    print("\n".join(findings) or f"{args.check}: nothing found in {len(tracked())} files")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
