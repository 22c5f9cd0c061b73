#!/usr/bin/env python3
"""A crisis center's EHR: finds referrals in a folder (or reads and searches them over a FHIR REST API) and answers them with Tasks."""
import argparse
import json
import os
import sys

from office import call, drop


class Clinic:
    """Its two folders: `out` is where the agent puts things for it, `inbox` is where the agent looks for answers."""

    def __init__(self, inbox, out=None):
        self.inbox, self.out, self.answers = inbox, out, 0

    def find(self, resource_type, holding):
        """The first resource of that type with these words in it: (file, resource), or None."""
        for name in sorted(n for n in os.listdir(self.out) if n.endswith(".json")):
            with open(os.path.join(self.out, name), encoding="utf-8") as f:
                resource = json.load(f)
            if resource["resourceType"] == resource_type and holding in json.dumps(resource):
                return name, resource
        return None

    def answer(self, task, name=None):
        self.answers += 1
        return drop(self.inbox, name or f"answer_{self.answers:04}.json", json.dumps(task))

    @staticmethod
    def task(thread, status, note=None):
        return {"resourceType": "Task", "id": thread, "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{thread}"}],
                "status": status, "intent": "order", **({"note": [{"text": note}]} if note else {})}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    answer = verbs.add_parser("answer", help="drop a Task into the folder")
    answer.add_argument("--folder", required=True)
    answer.add_argument("--thread", required=True)
    answer.add_argument("--status", default="accepted")
    answer.add_argument("--note")
    answer.add_argument("--name", help="of the file")
    http = verbs.add_parser("http", help="METHOD PATH against a FHIR API; a file is the body")
    http.add_argument("--url", required=True, help="https://HOST:PORT/fhir/R4")
    http.add_argument("--token")
    http.add_argument("method")
    http.add_argument("path")
    http.add_argument("file", nargs="?")
    args = parser.parse_args()
    if args.verb == "answer":
        print(Clinic(args.folder).answer(Clinic.task(args.thread, args.status, args.note), args.name))
        return 0
    body = None
    if args.file:
        with open(args.file, encoding="utf-8") as f:
            body = f.read()
    status, _, text = call(args.method, args.url.rstrip("/") + "/" + args.path.lstrip("/"), body, "application/fhir+json", args.token)
    print(status)
    print(text)
    return 0 if status < 300 else 1


if __name__ == "__main__":
    sys.exit(main())
