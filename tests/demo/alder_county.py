#!/usr/bin/env python3
"""Alder County: real processes on this machine's loopback play a mental-health crisis and the 72 hours after it, between police, ambulance,
hospital, crisis center and a treatment program, and then a compliance officer asks the questions. Everything is fictional; the days pass by
setting the test consortium's clock. Exit 0 only if every step held, every loop closed and the log verified."""
import argparse
import json
import os
import shutil
import sys
import tempfile

import keep
import questions
import story_after
import story_crisis
from county import County
from stage import Failed
from hospital import HospitalSystem
from telling import STORY, scene, set_clock


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True, help="folder of the programs")
    parser.add_argument("--keep", action="store_true", help="leave the county running, with its inboxes open to sign in to, until Ctrl-C")
    parser.add_argument("--json", help="write the story's facts to this file")
    args = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="alder-county-")
    county = None
    try:
        print("Alder County: a hub that can read nothing, five agencies, a coordinator and an auditor. All names are made up.")
        hospital = HospitalSystem()
        county = (keep.Kept if args.keep else County)(os.path.abspath(args.bin), folder, hospital.port)
        set_clock(county.words)
        scene("The county sets itself up")
        county.to("13:40")
        hub = county.set_up()
        first, second = story_crisis.play(county)
        third = story_after.play(county, hospital, first, second)
        story_after.policy_story(county)
        questions.officer_story(county, third)
        questions.shelf_story(county, third)
        questions.quarterly(county)
        questions.blind_hub(county, hub)
        questions.tamper(county)
        print("\nEvery loop closed, the log verified, and the hub knew no name.")
        STORY["ok"] = True
        if args.keep:
            keep.invite(county)
    except (Failed, OSError) as failure:
        STORY["ok"] = False
        print(f"\nThe demo failed: {failure}", file=sys.stderr)
        print(f"Logs are in {folder}", file=sys.stderr)
    finally:
        if county:
            county.stage.stop()
        if args.json:
            with open(args.json, "w") as f:
                json.dump(STORY, f, indent=2)
    if STORY.get("ok"):
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if STORY.get("ok") else 1


if __name__ == "__main__":
    sys.exit(main())
