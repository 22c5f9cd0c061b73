"""Every command and option of --help is in the man page and in each completion; bash really completes them; man and the shells take the files."""
import argparse, os, re, shutil, subprocess, sys

PROGRAMS = ["handoff", "handoff-hub", "handoff-agent", "handoff-authority", "handoff-verify"]
found = []


def check(holds, what):
    if not holds:
        found.append(what)


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def says(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


# CLI11 prints "Subcommands:" and "Options:" blocks; a name starts at column 2.
def block(help_text, title):
    lines = help_text.split(title + ":\n", 1)
    return re.findall(r"^  (\S+)", lines[1].split("\n\n")[0], re.M) if len(lines) == 2 else []


def options_of(help_text):
    return [n for names in block(help_text, "Options") for n in names.split(",") if n not in ("-h", "--help")]


def asked(handoff):
    """path -> options, by asking the program itself."""
    out = {"": options_of(says(handoff, "--help"))}
    for first in block(says(handoff, "--help"), "Subcommands"):
        text = says(handoff, first, "--help")
        seconds = block(text, "Subcommands")
        if not seconds:
            out[first] = options_of(text)
        for second in seconds:
            out[f"{first} {second}"] = options_of(says(handoff, first, second, "--help"))
    return out


def read(program, text):
    """path -> options, from the help of the programs that print usage lines."""
    out = {}
    for line in re.findall(rf"^ *{program} (.*)$", text, re.M):
        if line.startswith("run /") or "example" in line:
            continue
        path = " ".join(re.match(r"((?:[a-z][a-z-]*(?: |$))*)", line).group(1).split())
        if "/var" not in line:
            out[path] = sorted(set(re.findall(r"(?<=[ \[])(--?[a-z][a-z-]*)", line)))
    return out


def bash_offers(file, program, words):
    """What bash offers after these words."""
    script = 'source "$1"; shift; COMP_WORDS=("$@" ""); COMP_CWORD=$(($# )); _%s; printf "%%s\\n" "${COMPREPLY[@]}"' % program.replace("-", "_")
    return says("bash", "--norc", "--noprofile", "-c", script, "bash", file, program, *words).split()


def look_at(program, commands, papers):
    page = text_of(f"{papers}/man/{program}.1").replace("\\-", "-")
    bash_file, zsh_file, fish_file = (f"{papers}/completions/bash/{program}", f"{papers}/completions/zsh/_{program}", f"{papers}/completions/fish/{program}.fish")
    zsh, fish = text_of(zsh_file), text_of(fish_file)
    for path, options in commands.items():
        words = path.split()
        whole = f"{program} {path}".strip()
        check(not path or f".SS {whole}\n" in page, f"man {program}: no section on {whole}")
        for n, word in enumerate(words):
            check(word in bash_offers(bash_file, program, words[:n]), f"bash: no {word} after {program} {' '.join(words[:n])}")
            check(f"'{word}:" in zsh or f"'{word}'" in zsh, f"zsh: {program} has no {word}")
            check(f" -a {word} " in fish, f"fish: {program} has no {word}")
        offered = bash_offers(bash_file, program, words)
        section = page.split(f".SS {whole}\n")[-1].split("\n.SS")[0] if path else page
        for option in options:
            name = option.lstrip("-")
            if option[0] == "-":
                check(option in offered, f"bash: no {option} after {whole}")
                check(f"'{option}" in zsh, f"zsh: {program} has no {option}")
                check(re.search(rf" -[ls] {re.escape(name)}\b", fish), f"fish: {program} has no {option}")
            check(option in section or option in page.split(".SH COMMANDS")[0], f"man {program}: {whole} has no {option}")


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--bin", required=True)
    args.add_argument("--papers", required=True)
    given = args.parse_args()
    counted = 0
    for program in PROGRAMS:
        binary = os.path.join(given.bin, program)
        commands = asked(binary) if program == "handoff" else read(program, says(binary, "--help"))
        counted += len(commands)
        look_at(program, commands, given.papers)
    bash = f"{given.papers}/completions/bash/handoff"
    check(bash_offers(bash, "handoff", ["--agent", "audit", "audit"])[:1] and "search" in bash_offers(bash, "handoff", ["--agent", "audit", "audit"]), "bash: an option's value was taken for a command")
    check(bash_offers(bash, "handoff", ["audit", "search", "--agency"]) == [], "bash: after an option with a value there are no commands")
    for tool, where, command in (("man", "man/{}.1", ["man", "-l", "--warnings"]), ("bash", "completions/bash/{}", ["bash", "-n"]),
                                 ("zsh", "completions/zsh/_{}", ["zsh", "-n"]), ("fish", "completions/fish/{}.fish", ["fish", "-n"])):
        if shutil.which(tool) is None:
            print(f"skipped: {tool} is not installed, so its files are not read by it")
            continue
        for program in PROGRAMS:
            done = subprocess.run(command + [f"{given.papers}/" + where.format(program)], capture_output=True, text=True, env=dict(os.environ, MANWIDTH="100", LC_ALL="C.UTF-8"))
            check(done.returncode == 0 and not done.stderr, f"{tool} on {program}: {done.stderr.strip()[:300]}")
    for what in found[:40]:
        print("NOT SO:", what)
    print(f"{counted} commands of {len(PROGRAMS)} programs looked up, {len(found)} findings")
    check(counted > 80, "too few commands were found: has the form of the help changed?")
    return 1 if found else 0


sys.exit(main())
