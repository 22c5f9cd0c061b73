// The referral story, as data.
#include "cli/referral/commands.h"

namespace cli::referral {
namespace {

using counter::Command, counter::Option;

constexpr Option kSend[] = {
    {"--to", "agency; or go on with a --thread"},
    {"--thread", "thread to go on with"},
    {"--kind", "Referral, SecureMessage, or another kind with --file", Option::kNeeded},
    {"--file", "body.json, or a document in a format that the agent reads; - is stdin"},
    {"--purpose", "CRISIS, TREAT, COORD, CAPACITY, ADMIN or TEST"},
    {"--dedupe-key", "the same key again sends nothing twice"},
    {"--test", "mark it as a test", Option::kFlag},
    {"--attach", "a file that goes along: FILE or FILE:TYPE; as often as needed", Option::kMany},
    {"--urgency", "emergent, urgent or routine"},
    {"--reason", "code of the reason"},
    {"--service", "code of the service asked for"},
    {"--family", "the person's family name"},
    {"--given", "the person's given name"},
    {"--dob", "the person's date of birth, as precise as known: 1992-02-14, 1992"},
    {"--sex", "the person's sex"},
    {"--phone", "the person's phone"},
    {"--unknown", "nobody knows who the person is", Option::kFlag},
    {"--descriptor", "words that tell an unknown person from others"},
    {"--requester", "who asks"},
    {"--role", "role of who asks or writes"},
    {"--callback", "number on which the requester answers"},
    {"--basis", "authority to share: consent, emergency, hold, treatment"},
    {"--consent", "reference of the consent"},
    {"--location", "where the person is now"},
    {"--ref", "your own reference; it returns in every answer"},
    {"--note", "a note"},
    {"--age-band", "the person's age, roughly: 30-39"},
    {"--weapons", "weapons: yes, no or unknown"},
    {"--hold-form", "form of an involuntary hold: M-1"},
    {"--hold-start", "when that hold began"},
    {"--text", "text of a SecureMessage"},
};
constexpr Option kList[] = {
    {"--open", "only loops that are not closed", Option::kFlag},
    {"--names", "also the persons' names (protected)", Option::kFlag},
    {"--limit", "at most so many (default 50)"},
    {"--after", "go on after this one"},
    counter::kCsv,
};
constexpr Option kAttachment[] = {
    {"message", "the message's id", Option::kNeeded},
    {"number", "which of its files, from 1 (see inbox show)", Option::kNeeded},
    {"-o,--out", "the new file to write it to", Option::kNeeded},
};
constexpr Option kThread[] = {{"thread", "the thread's id", Option::kNeeded}};
constexpr Option kAccept[] = {
    {"thread", "the thread's id", Option::kNeeded},
    {"--name", "on whose behalf (default: you)"},
    {"--role", "their role"},
    {"--callback", "number of the desk; an acceptance needs it"},
    {"--expected-at", "when you expect the person"},
    {"--place", "where to come to"},
    {"--text", "anything else"},
};
constexpr Option kDecline[] = {
    {"thread", "the thread's id", Option::kNeeded},
    {"--class", "class of the reason"},
    {"--reason", "code of the reason", Option::kNeeded},
    {"--text", "words for the requester"},
    {"--name", "on whose behalf (default: you)"},
    {"--role", "their role"},
    {"--callback", "number of the desk"},
};
constexpr Option kStart[] = {
    {"thread", "the thread's id", Option::kNeeded},
    {"--name", "on whose behalf (default: you)"},
    {"--role", "their role"},
    {"--text", "anything else"},
};
constexpr Option kAnswer[] = {
    {"thread", "the thread's id", Option::kNeeded},
    {"--text", "the answer", Option::kNeeded},
    {"--name", "on whose behalf (default: you)"},
    {"--role", "their role"},
};
constexpr Option kComplete[] = {
    {"thread", "the thread's id", Option::kNeeded},
    {"--outcome", "what came of it", Option::kNeeded},
    {"--appointment-at", "the next appointment"},
    {"--name", "on whose behalf (default: you)"},
    {"--role", "their role"},
    {"--text", "anything else"},
};
constexpr Option kWithReason[] = {
    {"thread", "the thread's id", Option::kNeeded},
    {"--reason", "why", Option::kNeeded},
    {"--name", "on whose behalf (default: you)"},
    {"--role", "their role"},
    {"--text", "anything else"},
};
constexpr Option kSchedule[] = {
    {"thread", "the thread's id", Option::kNeeded},
    {"--appointment-at", "when", Option::kNeeded},
    {"--place", "where to come to"},
    {"--name", "on whose behalf (default: you)"},
    {"--role", "their role"},
    {"--text", "anything else"},
};
constexpr Option kInfo[] = {
    {"thread", "the thread's id", Option::kNeeded},
    {"--text", "the question", Option::kNeeded},
    {"--name", "on whose behalf (default: you)"},
    {"--role", "their role"},
};
constexpr Option kReroute[] = {
    {"thread", "the thread's id", Option::kNeeded},
    {"--to", "the agency to ask next; without it: which may be asked"},
};
constexpr Option kForward[] = {
    {"message", "the message's id", Option::kNeeded},
    {"--to", "agency", Option::kNeeded},
    {"--text", "words of your own that go with it"},
    {"--basis", "authority to share it with them, if it is another than the original's"},
    {"--purpose", "CRISIS, TREAT, COORD, CAPACITY, ADMIN or TEST"},
};
constexpr Option kFollowUp[] = {
    {"thread", "the thread's id", Option::kNeeded},
    {"--mark", "FU24, FU72, FU7 or FU30: hours or days after the outcome", Option::kNeeded},
    {"--result", "reached, not_reached, declined or na", Option::kNeeded},
    {"--attempts", "how often it was tried"},
    {"--role", "your role"},
    {"--text", "anything else"},
};
constexpr Option kRetract[] = {
    {"message", "the id of a message that you sent", Option::kNeeded},
    {"--reason", "why", Option::kNeeded},
    {"--text", "anything else"},
};
constexpr Option kOffer[] = {
    {"thread", "the referral's thread; without it --to"},
    {"--to", "agency, for a person whom nobody referred"},
    {"--at", "when (default: now)"},
    {"--place", "where"},
    {"--condition", "how the person is"},
    {"--custody", "who has custody after this: offerer, taker or none"},
    {"--clinical", "who has clinical responsibility: offerer, taker or none"},
    {"--legal", "who has the legal hold: offerer, taker or none"},
    {"--restraint", "restraint that was used"},
    {"--weapons", "screened for weapons: yes, no or unknown"},
    {"--belongings", "what comes along"},
    {"--hold-form", "form of an involuntary hold: M-1"},
    {"--hold-start", "when that hold began"},
    {"--name", "on whose behalf (default: you)"},
    {"--role", "their role"},
    {"--callback", "their number"},
    {"--basis", "authority to share: consent, emergency, hold, treatment"},
};
constexpr Option kTake[] = {
    {"thread", "the thread of the offer", Option::kNeeded},
    {"--at", "when (default: now)"},
    {"--condition", "how you found the person"},
    {"--differs", "what differs from the offer"},
    {"--custody", "who has custody after this: offerer, taker or none"},
    {"--clinical", "who has clinical responsibility: offerer, taker or none"},
    {"--legal", "who has the legal hold: offerer, taker or none"},
    {"--name", "who takes (default: you)"},
    {"--role", "their role"},
    {"--callback", "their number"},
    {"--tell", "threads whose requesters are told"},
};
constexpr Option kRefuse[] = {
    {"thread", "the thread of the offer", Option::kNeeded},
    {"--reason", "why", Option::kNeeded},
    {"--at", "when (default: now)"},
    {"--name", "who refuses (default: you)"},
    {"--role", "their role"},
    {"--callback", "their number"},
};

constexpr Command kCommands[] = {
    {"send", "hand a message to the agent",
     "handoff send --to harbor --kind Referral --urgency urgent --reason WELFARE \\\n"
     "    --service CRISIS_EVAL --family Doe --given Sam --callback +1-555-0199 --basis emergency",
     send, kSend},
    {"inbox list", "the threads of this agency, newest first", "handoff inbox list --open", inbox_list, kList},
    {"inbox show", "one thread with all that is in it (protected)", "handoff inbox show 0199a1b2-0000-7000-8000-000000000001",
     inbox_show, kThread},
    {"inbox accept", "accept a referral",
     "handoff inbox accept 0199a1b2-0000-7000-8000-000000000001 --callback +1-555-0142 \\\n    --expected-at 2026-10-05T15:00:00Z",
     inbox_accept, kAccept},
    {"inbox decline", "decline a referral", "handoff inbox decline 0199a1b2-0000-7000-8000-000000000001 --reason CAP_NO_BED",
     inbox_decline, kDecline},
    {"inbox info", "ask the requester something before answering",
     "handoff inbox info 0199a1b2-0000-7000-8000-000000000001 --text 'Any allergies?'", inbox_info, kInfo},
    {"inbox answer", "answer what the other side asked", "handoff inbox answer 0199a1b2-0000-7000-8000-000000000001 --text none",
     inbox_answer, kAnswer},
    {"inbox schedule", "give the person an appointment",
     "handoff inbox schedule 0199a1b2-0000-7000-8000-000000000001 --appointment-at 2026-10-07", inbox_schedule, kSchedule},
    {"inbox start", "the person is here", "handoff inbox start 0199a1b2-0000-7000-8000-000000000001", inbox_start, kStart},
    {"inbox hold", "pause the service", "handoff inbox hold 0199a1b2-0000-7000-8000-000000000001 --reason in-surgery", inbox_hold,
     kWithReason},
    {"inbox complete", "the service is done", "handoff inbox complete 0199a1b2-0000-7000-8000-000000000001 --outcome ENGAGED",
     inbox_complete, kComplete},
    {"inbox close", "take note of the outcome: the loop is closed", "handoff inbox close 0199a1b2-0000-7000-8000-000000000001",
     inbox_close, kStart},
    {"inbox cancel", "call a referral off", "handoff inbox cancel 0199a1b2-0000-7000-8000-000000000001 --reason IMPROVED",
     inbox_cancel, kWithReason},
    {"inbox follow-up", "what came of seeing after the person",
     "handoff inbox follow-up 0199a1b2-0000-7000-8000-000000000001 --mark FU24 --result reached", inbox_follow_up, kFollowUp},
    {"inbox retract", "take back a message that you sent; it stays and counts for nothing",
     "handoff inbox retract 0199a1b2-0000-7000-8000-000000000002 --reason 'wrong person'", inbox_retract, kRetract},
    {"inbox attachment", "write a file that came with a message (protected)",
     "handoff inbox attachment 0199a1b2-0000-7000-8000-000000000002 1 -o form.pdf", inbox_attachment, kAttachment},
    {"reroute", "the same referral to the next agency, by who asked", "handoff reroute 0199a1b2-0000-7000-8000-000000000001 --to stb",
     reroute, kReroute},
    {"forward", "pass a message on, as far as the reader may see it",
     "handoff forward 0199a1b2-0000-7000-8000-000000000002 --to river --text 'For your intake'", forward, kForward},
    {"handoff offer", "bring a person: say what the other side must know",
     "handoff handoff offer 0199a1b2-0000-7000-8000-000000000001 --place 'Bay 2' \\\n    --condition calm --weapons yes",
     handoff_offer, kOffer},
    {"handoff take", "take the person: responsibility is yours",
     "handoff handoff take 0199a1b2-0000-7000-8000-000000000001 --role clinician_rn", handoff_take, kTake},
    {"handoff refuse", "do not take the person", "handoff handoff refuse 0199a1b2-0000-7000-8000-000000000001 --reason 'no bed in reach'",
     handoff_refuse, kRefuse},
};

}  // namespace

std::span<const Command> table() { return kCommands; }

}  // namespace cli::referral
