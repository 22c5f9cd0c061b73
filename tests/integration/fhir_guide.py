"""The ten minutes of docs/guide/fhir.md, run as they are written: the page's tables in a real agent's agent.toml, the page's request.json, the
page's lines typed into a shell with the real curl. Only the port is another one. What is sent must be at the other agency's agent."""
import json
import os
import re
import subprocess
import sys

from guide import Failed, eventually, page, run

ASKS, ASKED = "stb", "harbor"


def blocks(text):
    """language -> what stands in the part's block of that language."""
    part = text[text.index("## Ten minutes"):]
    part = part[:part.index("\n## ", 4)]
    return dict(re.findall(r"^```(\w+)\n(.*?)^```", part, re.M | re.S))


def serve(two, table):
    """The page's tables beside what is there, and the secret as the table says it is made; then the agent is started again."""
    home = two.stage.path(ASKS)
    made = re.search(r"made with: (.+)", table).group(1)
    subprocess.run(["sh", "-c", made], cwd=home, check=True)
    with open(os.path.join(home, "agent.toml"), "a") as f:
        f.write("\n" + table)
    two.stage.stop(ASKS)
    two.stage.start(ASKS, "handoff-agent", "run", home, ready="ready ")
    eventually("the agent is back and knows the other", lambda: two.knows(ASKS, ASKED))


def type_in(two, lines, request):
    """Runs the page's lines where the secret is. Returns what they printed as JSON, and the status of each call."""
    home = two.stage.path(ASKS)
    for name, text in (("request.json", request), (".curlrc", 'write-out = "%{stderr}%{http_code}\\n"\n')):
        with open(os.path.join(home, name), "w") as f:
            f.write(text)
    done = subprocess.run(["sh", "-e", "-c", lines], cwd=home, env={**os.environ, "CURL_HOME": home}, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"the page's lines: exit {done.returncode}\n{done.stdout}{done.stderr}")
    printed, text = [], done.stdout.strip()
    while text:
        value, end = json.JSONDecoder().raw_decode(text)
        printed.append(value)
        text = text[end:].lstrip()
    return printed, done.stderr.split()


def check(two, printed, statuses):
    if statuses != ["200"] * 4:
        raise Failed(f"not every call was answered 200: {statuses}\n{printed}")
    metadata, tasks, answer = printed
    if (metadata["resourceType"], tasks["type"], answer["type"]) != ("CapabilityStatement", "searchset", "transaction-response"):
        raise Failed(f"other answers than the page lets expect: {printed}")
    entries = [e["response"] for e in answer["entry"]]
    if any(e["status"] != "201 Created" for e in entries):
        raise Failed(f"not all of it was taken: {entries}")
    thread = next(e["location"] for e in entries if e["location"].startswith("Task/")).removeprefix("Task/")
    shown = eventually("the referral at the other agency", lambda: two.thread_of(ASKED, thread))
    if shown["other"] != ASKS or shown["opening"]["referral"]["subject"]["name"]["family"] != "Doe":
        raise Failed(f"another referral than the page's: {shown}")


def play(two):
    parts = blocks(page("fhir.md"))
    port = f"127.0.0.1:{two._free_port()}"
    serve(two, parts["toml"].replace("127.0.0.1:8460", port))
    check(two, *type_in(two, parts["sh"].replace("127.0.0.1:8460", port), parts["json"]))
    return "the ten minutes of the page did what it says"


if __name__ == "__main__":
    sys.exit(run(play, agencies=(ASKS, ASKED)))
