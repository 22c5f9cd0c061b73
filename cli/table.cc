// See table.h.
#include "cli/table.h"

#include "cli/admin/commands.h"
#include "cli/audit/commands.h"
#include "cli/policy/commands.h"
#include "cli/program/commands.h"
#include "cli/referral/commands.h"

namespace cli {
namespace {

constexpr Option kGlobal[] = {
    {"--agent", "data folder of the agent to speak to"},
    {"--profile", "or the profile ~/.config/handoff/NAME.toml that names it"},
    {"--json", "print one JSON document", Option::kFlag},
};
constexpr Option kGroups[] = {
    {"inbox", "referrals to and from this agency, and the answers to them"},
    {"audit", "who sent what kind of thing to whom, when, and the proof of it"},
    {"handoff", "warm handoffs: who brings a person, who takes them"},
    {"capacity", "who has room"},
    {"consent", "the agency's register of consents"},
    {"btg", "break-glass in an emergency, and its review"},
    {"policy", "who may send what to whom: check it, try it, compare it, print it"},
};

constexpr Option kCanSend[] = {
    {"--to", "agency", Option::kNeeded},
    {"--kind", "Referral, SecureMessage, ...", Option::kNeeded},
    {"--purpose", "CRISIS, TREAT, COORD, CAPACITY, ADMIN or TEST"},
};
constexpr Option kSend[] = {
    {"--to", "agency; or go on with a --thread"},
    {"--thread", "thread to go on with"},
    {"--kind", "Referral, SecureMessage, or another kind with --file", Option::kNeeded},
    {"--file", "body.json, or a document in a format that the agent reads; - is stdin"},
    {"--purpose", "CRISIS, TREAT, COORD, CAPACITY, ADMIN or TEST"},
    {"--dedupe-key", "the same key again sends nothing twice"},
    {"--test", "mark it as a test", Option::kFlag},
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
constexpr Option kSearch[] = {
    {"--agency", "sender"},
    {"--to", "recipient"},
    {"--kind", "kind of message"},
    {"--purpose", "purpose"},
    {"--since", "not before this time or date"},
    {"--until", "not after this time or date"},
    {"--thread", "only this thread"},
    {"--limit", "at most so many (default 100)"},
    {"--after", "go on after this one"},
};
constexpr Option kVerify[] = {
    {"bundle", "a proof bundle to check instead of the live log; - is stdin"},
    {"--anchor-hash", "with a bundle: the anchor's hash, as the consortium publishes it"},
    {"--store", "a copy of a hub's folder to check instead, offline"},
    {"--anchor", "with --store: anchor.note, as the consortium publishes it"},
    {"--since", "only the log's entries from this position on"},
};
constexpr Option kProve[] = {
    {"message", "the message's id", Option::kNeeded},
    {"-o,--out", "file to write", Option::kNeeded},
    {"--disclose", "put the key in: whoever has the file can read the message", Option::kFlag},
};

constexpr Option kLoops[] = {
    {"--open", "only loops that are not closed", Option::kFlag},
    {"--overdue", "only those with a deadline that has passed", Option::kFlag},
    {"--limit", "at most so many (default 100)"},
};
constexpr Option kTimers[] = {
    {"--thread", "only this thread"},
    {"--limit", "at most so many (default 100)"},
    {"--after", "go on after this one"},
};
constexpr Option kNotices[] = {
    {"--unseen", "only those that nobody has seen", Option::kFlag},
    {"--seen", "say that you have seen this one"},
    {"--limit", "at most so many (default 100)"},
    {"--after", "go on after this one"},
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
constexpr Option kCapacityList[] = {{"--service", "only this service"}};
constexpr Option kCapacitySet[] = {
    {"--service", "code of the service", Option::kNeeded},
    {"--state", "has, none, waitlist or divert", Option::kNeeded},
    {"--count", "places"},
    {"--minutes", "how long this word is good for (default 60)"},
    {"--accepts", "whom: in words"},
    {"--phone", "number to call"},
};
constexpr Option kCapacityAsk[] = {
    {"--to", "agency", Option::kNeeded},
    {"--service", "code of the service", Option::kNeeded},
    {"--age-band", "age band: adult, 65+"},
    {"--urgency", "emergent, urgent or routine"},
};
constexpr Option kConsentList[] = {{"--names", "also whose consents they are (protected)", Option::kFlag}};
constexpr Option kConsentId[] = {{"id", "the consent's reference", Option::kNeeded}};
constexpr Option kConsentAdd[] = {{"file", "the consent as JSON; - is stdin", Option::kNeeded}};
constexpr Option kBtgOpen[] = {
    {"message", "the message that is to be opened", Option::kNeeded},
    {"--reason", "code of the reason: LIFE_THREAT, ...", Option::kNeeded},
    {"--text", "what the emergency is", Option::kNeeded},
    {"--role", "your role"},
};
constexpr Option kBtgList[] = {
    {"--unreviewed", "only those that wait for a review", Option::kFlag},
    {"--names", "also what was said at the opening (protected)", Option::kFlag},
};
constexpr Option kBtgReview[] = {
    {"id", "the use's id", Option::kNeeded},
    {"--finding", "justified or not_justified", Option::kNeeded},
};
constexpr Option kDenials[] = {
    {"--week", "of the last seven days", Option::kFlag}, {"--since", "not before this time or date"},
    {"--until", "not after this time or date"},          {"--each", "every one with its words, instead of counts", Option::kFlag},
    {"--limit", "at most so many (default 1000)"},       {"--after", "go on after this one"},
};

constexpr Option kPolicyLint[] = {
    {"file", "policy file; without it the agent's policy"},
    {"--cases", "also run this decision table"},
    {"--at", "as if it were this time or date"},
};
constexpr Option kPolicyTest[] = {
    {"file", "policy file; without it (one file only) the agent's policy", Option::kNeeded},
    {"cases", "decision table: [[case]] rows"},
    {"--at", "ask at this time or date; without it when the policy comes into force"},
};
constexpr Option kPolicyDiff[] = {
    {"old", "policy file; with one file only it is the new one, and the agent's policy the old", Option::kNeeded},
    {"new", "policy file"},
};
constexpr Option kPolicyFile[] = {{"file", "policy file; without it the agent's policy"}};
constexpr Option kPolicyManual[] = {
    {"file", "policy file; without it the agent's policy"},
    {"--format", "md or html"},
    {"-o,--out", "file to write; without it standard output"},
};
constexpr Option kPolicyWhatif[] = {
    {"new", "policy file", Option::kNeeded},
    {"--replay", "ask it about the messages that the agent keeps", Option::kFlag},
    {"--since", "not before this time or date"},
    {"--until", "not after this time or date"},
};
constexpr Option kPolicyExplain[] = {
    {"what", "a message's id; or, with --from and --to, a policy file (without it the agent's policy)"},
    {"--from", "agency or kind of agency that sends"},
    {"--to", "agency or kind of agency that receives"},
    {"--kind", "Referral (if not said), StatusUpdate, SecureMessage, ..."},
    {"--purpose", "CRISIS (if not said), TREAT, COORD, CAPACITY, ADMIN or TEST"},
    {"--basis", "legal ground: consent, emergency, hold, treatment, ..."},
    {"--labels", "labels, with commas between: part2,hiv"},
    {"--consent", "none (if not said), valid, expired, revoked, other, general or legal"},
    {"--court-order", "reference of a court order"},
    {"--good-faith", "the statement that 45 CFR 164.512(j) asks for"},
    {"--at", "as if it were this time or date"},
};

constexpr Command kCommands[] = {
    {"status", "the agent, its hub, queues, keys and adapters; nothing protected", "handoff status", admin::status, {}},
    {"can-send", "would a message go out? asked before it is needed", "handoff can-send --to harbor --kind Referral", admin::can_send,
     kCanSend},
    {"send", "hand a message to the agent",
     "handoff send --to harbor --kind Referral --urgency urgent --reason WELFARE \\\n"
     "    --service CRISIS_EVAL --family Doe --given Sam --callback +1-555-0199 --basis emergency",
     referral::send, kSend},
    {"inbox list", "the threads of this agency, newest first", "handoff inbox list --open", referral::inbox_list, kList},
    {"inbox show", "one thread with all that is in it (protected)", "handoff inbox show 0199a1b2-0000-7000-8000-000000000001",
     referral::inbox_show, kThread},
    {"inbox accept", "accept a referral",
     "handoff inbox accept 0199a1b2-0000-7000-8000-000000000001 --callback +1-555-0142 \\\n    --expected-at 2026-10-05T15:00:00Z",
     referral::inbox_accept, kAccept},
    {"inbox decline", "decline a referral", "handoff inbox decline 0199a1b2-0000-7000-8000-000000000001 --reason CAP_NO_BED",
     referral::inbox_decline, kDecline},
    {"inbox info", "ask the requester something before answering",
     "handoff inbox info 0199a1b2-0000-7000-8000-000000000001 --text 'Any allergies?'", referral::inbox_info, kInfo},
    {"inbox answer", "answer what the other side asked", "handoff inbox answer 0199a1b2-0000-7000-8000-000000000001 --text none",
     referral::inbox_answer, kAnswer},
    {"inbox schedule", "give the person an appointment",
     "handoff inbox schedule 0199a1b2-0000-7000-8000-000000000001 --appointment-at 2026-10-07", referral::inbox_schedule, kSchedule},
    {"inbox start", "the person is here", "handoff inbox start 0199a1b2-0000-7000-8000-000000000001", referral::inbox_start, kStart},
    {"inbox hold", "pause the service", "handoff inbox hold 0199a1b2-0000-7000-8000-000000000001 --reason in-surgery", referral::inbox_hold,
     kWithReason},
    {"inbox complete", "the service is done", "handoff inbox complete 0199a1b2-0000-7000-8000-000000000001 --outcome ENGAGED",
     referral::inbox_complete, kComplete},
    {"inbox close", "take note of the outcome: the loop is closed", "handoff inbox close 0199a1b2-0000-7000-8000-000000000001",
     referral::inbox_close, kStart},
    {"inbox cancel", "call a referral off", "handoff inbox cancel 0199a1b2-0000-7000-8000-000000000001 --reason IMPROVED",
     referral::inbox_cancel, kWithReason},
    {"inbox follow-up", "what came of seeing after the person",
     "handoff inbox follow-up 0199a1b2-0000-7000-8000-000000000001 --mark FU24 --result reached", referral::inbox_follow_up, kFollowUp},
    {"inbox retract", "take back a message that you sent; it stays and counts for nothing",
     "handoff inbox retract 0199a1b2-0000-7000-8000-000000000002 --reason 'wrong person'", referral::inbox_retract, kRetract},
    {"reroute", "the same referral to the next agency, by who asked", "handoff reroute 0199a1b2-0000-7000-8000-000000000001 --to stb",
     referral::reroute, kReroute},
    {"forward", "pass a message on, as far as the reader may see it",
     "handoff forward 0199a1b2-0000-7000-8000-000000000002 --to river --text 'For your intake'", referral::forward, kForward},
    {"handoff offer", "bring a person: say what the other side must know",
     "handoff handoff offer 0199a1b2-0000-7000-8000-000000000001 --place 'Bay 2' \\\n    --condition calm --weapons yes",
     referral::handoff_offer, kOffer},
    {"handoff take", "take the person: responsibility is yours",
     "handoff handoff take 0199a1b2-0000-7000-8000-000000000001 --role clinician_rn", referral::handoff_take, kTake},
    {"handoff refuse", "do not take the person", "handoff handoff refuse 0199a1b2-0000-7000-8000-000000000001 --reason 'no bed in reach'",
     referral::handoff_refuse, kRefuse},
    {"loops", "which referrals are open, and what is late; exit 1 if anything is", "handoff loops --open --overdue", program::loops,
     kLoops},
    {"timers", "every deadline that passed, and what was done", "handoff timers --thread 0199a1b2-0000-7000-8000-000000000001",
     program::timers, kTimers},
    {"notices", "what your people are to be told", "handoff notices --unseen", program::notices, kNotices},
    {"capacity list", "who has room, as they said it last", "handoff capacity list --service CSU_BED", program::capacity_list,
     kCapacityList},
    {"capacity set", "tell the other agencies whether you have room", "handoff capacity set --service CSU_BED --state has --count 3",
     program::capacity_set, kCapacitySet},
    {"capacity ask", "ask an agency for room, without naming anybody",
     "handoff capacity ask --to harbor --service CSU_BED --urgency urgent", program::capacity_ask, kCapacityAsk},
    {"consent list", "the consents that are recorded here", "handoff consent list", program::consent_list, kConsentList},
    {"consent show", "one consent whole (protected)", "handoff consent show C-2026-17", program::consent_show, kConsentId},
    {"consent add", "record a signed consent", "handoff consent add consent.json", program::consent_add, kConsentAdd},
    {"consent revoke", "the person takes it back: it acts from now on", "handoff consent revoke C-2026-17", program::consent_revoke,
     kConsentId},
    {"consent report",
     "which consents end soon (exit 1), have ended or were revoked",
     "handoff consent report",
     program::consent_report,
     {}},
    {"btg open", "in an emergency: see what was withheld",
     "handoff btg open 0199a1b2-0000-7000-8000-000000000002 --reason LIFE_THREAT \\\n    --text 'Not breathing'", program::btg_open,
     kBtgOpen},
    {"btg list", "each use of break-glass; exit 1 if a review is overdue", "handoff btg list --unreviewed", program::btg_list, kBtgList},
    {"btg review", "say whether a use was justified; never one's own",
     "handoff btg review 0199a1b2-0000-7000-8000-000000000002 --finding justified", program::btg_review, kBtgReview},
    {"audit denials", "what was not sent or not shown, by which rule", "handoff audit denials --week", audit::denials, kDenials},
    {"audit trail", "each message and receipt of a thread, proved against the log",
     "handoff audit trail 0199a1b2-0000-7000-8000-000000000001", audit::trail, kThread},
    {"audit search", "the same columns for what the filters say, newest first", "handoff audit search --agency harbor --since 2026-10-01",
     audit::search, kSearch},
    {"audit verify", "the whole log; or offline a copy of a hub's store, or one bundle",
     "handoff audit verify --store hub-copy --anchor anchor.note", audit::verify, kVerify},
    {"audit prove", "write a file that convinces a third party offline",
     "handoff audit prove 0199a1b2-0000-7000-8000-000000000002 -o referral.proof", audit::prove, kProve},
    {"policy lint", "what is wrong with a policy, or will be soon", "handoff policy lint alder-county.toml --cases alder-county-cases.toml",
     policy::lint, kPolicyLint},
    {"policy test", "does it decide as a table of cases says?", "handoff policy test alder-county.toml alder-county-cases.toml",
     policy::test, kPolicyTest},
    {"policy diff", "what does a new version decide differently?", "handoff policy diff v14.toml v15.toml", policy::diff, kPolicyDiff},
    {"policy matrix", "what may go from each kind of agency to each", "handoff policy matrix alder-county.toml", policy::matrix,
     kPolicyFile},
    {"policy manual", "the handbook for all staff", "handoff policy manual alder-county.toml --format html -o handbook.html",
     policy::manual, kPolicyManual},
    {"policy whatif", "which of the agent's messages would a new version have decided differently?",
     "handoff policy whatif v15.toml --replay --since 2026-10-01", policy::whatif, kPolicyWhatif},
    {"policy explain", "why a message was, or would be, allowed or denied",
     "handoff policy explain alder-county.toml --from river --to stb --kind SecureMessage \\\n"
     "    --purpose TREAT --basis consent --labels part2 --consent valid",
     policy::explain, kPolicyExplain},
};

}  // namespace

std::span<const Command> commands() { return kCommands; }
std::span<const Option> global_options() { return kGlobal; }
std::span<const Option> groups() { return kGroups; }

}  // namespace cli
