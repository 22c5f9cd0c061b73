"""How the story is told: a line an event, in the words of whoever acts, and the facts of it for --json."""

CANARY = "Quillfeather-Zephyrine"  # the subject's made-up family name, looked for wherever it must not be
CARD = "MRN-7731-ALDER"
CRIMINAL = "III-HIT-OF-ALDER-0417"  # what the terminal returned: it may be seen nowhere but at the police
STORY = {}
_clock = {"words": lambda: ""}


def set_clock(words):
    """From now on each line begins with the county's own time."""
    _clock["words"] = words


def tell(who, words, **facts):
    at = _clock["words"]()
    print(f"  {at:<10}{who:<12} {words}", flush=True)
    STORY.setdefault("steps", []).append({"at": at, "who": who, "what": words, **facts})


def scene(title):
    print(f"\n{title}", flush=True)
