"""What `./dev demo --keep` adds to the story: the web inbox of three agencies, people who may sign in, three referrals that wait for somebody,
and five things to try. Nothing of it is there without --keep."""
import signal

from county import County
from desks import PEOPLE, add_people, open_desk
from stage import eventually

READY = {"stb": "n.reyes", "apd": "r.vance", "county": "b.ames"}


class Kept(County):
    """Alder County with an inbox at the hospital, the police and the coordinator."""

    def adapters(self):
        super().adapters()
        self.desks = {slug: open_desk(self, slug) for slug in READY}

    def refer(self, service, urgency, given, age, code, text, **risk):
        """The police ask the hospital for something."""
        born = f"{self.now().year - age}-02-14"
        body = {"kind": "Referral", "referral": {
            "subject": {"name": {"family": "Quillfeather-Zephyrine", "given": given}, "dob": born, "language": "en"},
            "reasons": [{"code": code, "text": text}], "service": {"code": service}, "urgency": urgency,
            "requester": {"name": {"family": "Vance", "given": "R."}, "role": "cit_officer", "phone": "+1-555-0117"}, "requester_agency": "apd",
            "authority_basis": "emergency", "location_now": "Mill Street Station", "incident_ref": f"26-{1000 + age}",
            "risk": {"self": "yes", "others": "no", "weapons": "no", **risk}, "notes": ["Calm with the officer."]}}
        return self.handoff("apd", "send", "--to", "stb", "--kind", "Referral", "--purpose", "CRISIS", "--file", self.file("refer.json", body))["thread"]


def seed(county):
    """Something to look at: one that ran out of time, one that must be decided now, one that may wait."""
    late = county.refer("CRISIS_EVAL", "emergent", "Jordan", 34, "SI", "Said he will end his life and named a plan", weapons="yes", weapons_secured="yes", means="knife")
    eventually("the referral at St. Brigid", lambda: county.thread_of("stb", late))
    county.ahead(27 * 60)
    for words in (("CRISIS_EVAL", "emergent", "Toni", 19, "OVERDOSE", "Took pills, awake, needs a medical check"),
                  ("DETOX", "urgent", "Blair", 58, "WITHDRAWAL", "Withdrawal, shaking")):
        thread = county.refer(*words)
        eventually("the referral at St. Brigid", lambda t=thread: county.thread_of("stb", t))


def invite(county):
    seed(county)
    add_people(county, READY.values())
    hub = next(p for name, p in county.stage.running if name == "hub")
    print(f"\nEverything is still running; its clock stands at {county.words()}. Three inboxes are open:")
    for slug, login in READY.items():
        person = PEOPLE[login]
        print(f"  {county.desks[slug].url + '/inbox/':<38} {login:<9} {person['password']:<26} {person['name']}, {person['words']}")
    print(f"""
Five things to try:
  1. As {PEOPLE[READY['stb']]['name']}, open the referral at the top (it is late) and accept it: two taps, and ten seconds to change your mind.
  2. In another window, as {PEOPLE[READY['apd']]['name']}, open "From us" and watch the four marks of that referral fill while the hospital reads and answers.
  3. As {PEOPLE[READY['stb']]['name']}, decline the second one for want of room; as {PEOPLE[READY['apd']]['name']}, ask the next agency.
  4. As {PEOPLE[READY['county']]['name']}, open the board: counts and times of every loop, and nobody's name.
  5. In another terminal, silence the exchange and see what the inboxes say: kill -STOP {hub.pid}; it is back with: kill -CONT {hub.pid}
Press Ctrl-C to stop everything.""", flush=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        signal.pause()
    except KeyboardInterrupt:
        hub.send_signal(signal.SIGCONT)
        print()
