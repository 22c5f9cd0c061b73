// What a program asks, as data.
#include "cli/program/commands.h"

namespace cli::program {
namespace {

using counter::Command, counter::Option;

constexpr Option kLoops[] = {
    {"--open", "only loops that are not closed", Option::kFlag},
    {"--overdue", "only those with a deadline that has passed", Option::kFlag},
    {"--limit", "at most so many (default 100)"},
    counter::kCsv,
};
constexpr Option kReport[] = {
    {"name", "which one (see: handoff report list)", Option::kNeeded},
    {"--period", "2026-Q3, 2026-09, 2026, or 2026-09-01..2026-09-30", Option::kNeeded},
    {"--by", "partner, from, urgency, service or month"},
    {"--format", "table, csv, html or json"},
    {"--preview", "keep nothing: a look that is not for release", Option::kFlag},
    {"-o,--out", "the file to write it to"},
};
constexpr Option kTimers[] = {
    {"--thread", "only this thread"},
    {"--limit", "at most so many (default 100)"},
    {"--after", "go on after this one"},
    counter::kCsv,
};
constexpr Option kNotices[] = {
    {"--unseen", "only those that nobody has seen", Option::kFlag},
    {"--seen", "say that you have seen this one"},
    {"--limit", "at most so many (default 100)"},
    {"--after", "go on after this one"},
    counter::kCsv,
};
constexpr Option kCapacityList[] = {{"--service", "only this service"}, counter::kCsv};
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
constexpr Option kConsentList[] = {{"--names", "also whose consents they are (protected)", Option::kFlag}, counter::kCsv};
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
    counter::kCsv,
};
constexpr Option kBtgReview[] = {
    {"id", "the use's id", Option::kNeeded},
    {"--finding", "justified or not_justified", Option::kNeeded},
};
constexpr Option kMatchList[] = {
    {"--all", "also those that somebody has decided", Option::kFlag},
    {"--limit", "at most so many (default 100)"},
    {"--after", "go on after this one"},
    counter::kCsv,
};
constexpr Option kMatchId[] = {{"id", "its number in the list", Option::kNeeded}};
constexpr Option kMatchConfirm[] = {
    {"id", "its number in the list", Option::kNeeded},
    {"--thread", "the referral that it belongs to", Option::kNeeded},
};
constexpr Option kMatchDismiss[] = {{"id", "its number in the list", Option::kNeeded}, {"--reason", "why, for your own record"}};
constexpr Option kMatchUndo[] = {{"id", "its number in the list", Option::kNeeded}, {"--reason", "why; the other side reads it", Option::kNeeded}};
constexpr Option kQuarantineList[] = {
    {"--adapter", "of this adapter"},
    {"--why", "whose reason contains these words"},
    {"--since", "since then: a date, or a time as in RFC 3339"},
    {"--limit", "at most so many (default 100)"},
    counter::kCsv,
};
constexpr Option kQuarantineShow[] = {
    {"id", "the item's number", Option::kNeeded},
    {"--bytes", "also its contents (protected)", Option::kFlag},
};
constexpr Option kQuarantineExport[] = {
    {"id", "the item's number", Option::kNeeded},
    {"-o,--out", "new file", Option::kNeeded},
};
constexpr Option kQuarantineReplay[] = {
    {"ids", "the items' numbers: 3,4,7-9"},
    {"--adapter", "all of this adapter"},
    {"--why", "all whose reason contains these words"},
    {"--since", "all since then"},
    {"--all", "all", Option::kFlag},
    {"--preview", "what would become of each (what it does without --go)", Option::kFlag},
    {"--go", "really", Option::kFlag},
    {"--limit", "at most so many (default 100)"},
    {"--rate", "so many a minute (default 60)"},
    {"--most-waiting", "none while more than that wait in the outbox (default 50)"},
};
constexpr Option kQuarantineDiscard[] = {
    {"ids", "the items' numbers: 3,4,7-9"},
    {"--adapter", "all of this adapter"},
    {"--why", "all whose reason contains these words"},
    {"--since", "all since then"},
    {"--all", "all", Option::kFlag},
    {"--reason", "why; it is on record", Option::kNeeded},
};
constexpr Option kReplayId[] = {{"id", "the replay's number", Option::kNeeded}};

constexpr Option kWatch[] = {
    {"--every", "seconds between two looks (2)"},
    {"--notices", "end after so many"},
    {"--quiet", "no bell", Option::kFlag},
};
constexpr Option kOncallSet[] = {
    {"list", "on_call, supervisor, privacy_officer, it or coordinator", Option::kNeeded},
    {"--shift", "'LOGIN FROM UNTIL', or without an end 'LOGIN FROM'; give all of them", Option::kMany},
    {"--always", "whom to tell while no shift is on, in order", Option::kMany},
    {"--phone", "the list's own number"},
};
constexpr Option kOncallTake[] = {
    {"list", "on_call, supervisor, privacy_officer, it or coordinator", Option::kNeeded},
    {"--until", "when it ends"},
};
constexpr Option kOncallHandOver[] = {
    {"list", "on_call, supervisor, privacy_officer, it or coordinator", Option::kNeeded},
    {"--to", "who takes the rest of it", Option::kNeeded},
};
constexpr Option kNotifyList[] = {{"--login", "another person's, by who keeps the accounts"}, counter::kCsv};
constexpr Option kNotifyAdd[] = {
    {"--email", "an e-mail address"},
    {"--webhook", "a [[notify.webhook]] of agent.toml: your telephone number goes to it"},
    {"--label", "your own word for it"},
    {"--login", "for another person, by who keeps the accounts"},
};
constexpr Option kNotifyRemove[] = {
    {"id", "its number in the list", Option::kNeeded},
    {"--login", "another person's, by who keeps the accounts"},
};
constexpr Option kNotifyTest[] = {
    {"--id", "only this one"},
    {"--login", "another person's, by who keeps the accounts"},
};

constexpr Command kCommands[] = {
    {"loops", "which referrals are open, and what is late; exit 1 if anything is", "handoff loops --open --overdue", loops,
     kLoops},
    {"report list", "what can be reported", "handoff report list", report_list, {}},
    {"report run", "a report, small numbers hidden; it is kept, so that the next one gives nothing away",
     "handoff report run quarterly --period 2026-Q3 --format html -o quarter.html", report_run, kReport},
    {"timers", "every deadline that passed, and what was done", "handoff timers --thread 0199a1b2-0000-7000-8000-000000000001",
     timers, kTimers},
    {"notices", "what your people are to be told", "handoff notices --unseen", notices, kNotices},
    {"inbox watch", "a line and a bell for each new notice, without content", "handoff inbox watch", inbox_watch, kWatch},
    {"oncall show", "who is on call now and later, list by list", "handoff oncall show", oncall_show, {}},
    {"oncall set", "a list's shifts, and whom to tell without one",
     "handoff oncall set on_call --always s.holt --shift 'm.okafor 2026-10-05T07:00:00Z'", oncall_set, kOncallSet},
    {"oncall take", "from now on it is you who is told", "handoff oncall take on_call --until 2026-10-05T19:00:00Z", oncall_take, kOncallTake},
    {"oncall hand-over", "what is left of your shift becomes another's", "handoff oncall hand-over on_call --to s.holt", oncall_hand_over,
     kOncallHandOver},
    {"notify list", "the ways on which you are told", "handoff notify list", notify_list, kNotifyList},
    {"notify add", "one more of them", "handoff notify add --webhook sms --label 'desk telephone'", notify_add, kNotifyAdd},
    {"notify remove", "one less", "handoff notify remove 3", notify_remove, kNotifyRemove},
    {"notify test", "a message that says it is a test; exit 1 if it was not taken", "handoff notify test", notify_test, kNotifyTest},
    {"capacity list", "who has room, as they said it last", "handoff capacity list --service CSU_BED", capacity_list,
     kCapacityList},
    {"capacity set", "tell the other agencies whether you have room", "handoff capacity set --service CSU_BED --state has --count 3",
     capacity_set, kCapacitySet},
    {"capacity ask", "ask an agency for room, without naming anybody",
     "handoff capacity ask --to harbor --service CSU_BED --urgency urgent", capacity_ask, kCapacityAsk},
    {"consent list", "the consents that are recorded here", "handoff consent list", consent_list, kConsentList},
    {"consent show", "one consent whole (protected)", "handoff consent show C-2026-17", consent_show, kConsentId},
    {"consent add", "record a signed consent", "handoff consent add consent.json", consent_add, kConsentAdd},
    {"consent revoke", "the person takes it back: it acts from now on", "handoff consent revoke C-2026-17", consent_revoke,
     kConsentId},
    {"consent report",
     "which consents end soon (exit 1), have ended or were revoked",
     "handoff consent report",
     consent_report,
     {}},
    {"btg open", "in an emergency: see what was withheld",
     "handoff btg open 0199a1b2-0000-7000-8000-000000000002 --reason LIFE_THREAT \\\n    --text 'Not breathing'", btg_open,
     kBtgOpen},
    {"btg list", "each use of break-glass; exit 1 if a review is overdue", "handoff btg list --unreviewed", btg_list, kBtgList},
    {"btg review", "say whether a use was justified; never one's own",
     "handoff btg review 0199a1b2-0000-7000-8000-000000000002 --finding justified", btg_review, kBtgReview},
    {"matches list", "records that came without saying which referral they belong to", "handoff matches list", matches_list,
     kMatchList},
    {"matches show", "one of them, and the referrals that come near (protected)", "handoff matches show 7", matches_show, kMatchId},
    {"matches confirm", "say where it belongs: it is sent there, and what follows of the visit",
     "handoff matches confirm 7 --thread 0199a1b2-0000-7000-8000-000000000001", matches_confirm, kMatchConfirm},
    {"matches dismiss", "it belongs to none: drop it", "handoff matches dismiss 7", matches_dismiss, kMatchDismiss},
    {"matches undo", "take back a wrong match, everywhere, with what followed", "handoff matches undo 7 --reason 'another person'",
     matches_undo, kMatchUndo},
    {"quarantine list", "what waits in quarantine, and why", "handoff quarantine list --adapter ehr", quarantine_list, kQuarantineList},
    {"quarantine show", "one item", "handoff quarantine show 3", quarantine_show, kQuarantineShow},
    {"quarantine export", "write an item's bytes to a file (protected)", "handoff quarantine export 3 -o item.hl7", quarantine_export,
     kQuarantineExport},
    {"quarantine replay", "hand items in again: first shown, with --go really", "handoff quarantine replay 3,4 --go", quarantine_replay,
     kQuarantineReplay},
    {"quarantine replays",
     "replays and discards, and how far they are",
     "handoff quarantine replays",
     quarantine_replays,
     {}},
    {"quarantine stop", "stop a replay: what was not taken stays", "handoff quarantine stop 1", quarantine_stop, kReplayId},
    {"quarantine discard", "give items up", "handoff quarantine discard 3 --reason 'sent by fax'", quarantine_discard,
     kQuarantineDiscard},
};

}  // namespace

std::span<const Command> table() { return kCommands; }

}  // namespace cli::program
