// What a compliance officer keeps, as data.
#include "cli/compliance/commands.h"

namespace cli::compliance {
namespace {

using counter::Command, counter::Option;

constexpr Option kAccounting[] = {
    {"--patient", "a record number of the person's"},
    {"--system", "whose number that is; without it anybody's"},
    {"--family", "or the family name, with --given and --dob"},
    {"--given", "given name"},
    {"--dob", "birth date, YYYY-MM-DD"},
    {"--years", "how far back (6)"},
    {"--passed-on", "only what was passed on for another agency (42 CFR 2.24)", Option::kFlag},
    {"--with-suspended", "for you, not for the person: with what an official had suspended", Option::kFlag},
    {"--page", "a page to print for the person, into this file"},
    {"--copy", "all that your agency holds of the person, for their own request, into this file"},
    counter::kCsv,
};
constexpr Option kSuspend[] = {
    {"--agency", "whose disclosures are left out", Option::kNeeded},
    {"--official", "who asks for it", Option::kNeeded},
    {"--until", "for how long", Option::kNeeded},
    {"--statement", "reference of the written statement; without one 30 days at most"},
};
constexpr Option kId[] = {{"id", "its number in the list", Option::kNeeded}};
constexpr Option kFlows[] = {
    {"--to-kind", "only to agencies of this kind: police, ems, hospital_ed, ..."},
    {"--month", "YYYY-MM; without it and --since everything"},
    {"--since", "from this time or date on"},
    {"--until", "and before this one"},
    counter::kCsv,
};
constexpr Option kScope[] = {
    {"--key", "a public key (hex, base64), an epoch key's id, or an agency", Option::kNeeded},
    {"--from", "only what was sent from then on"},
    {"--to", "and before then"},
    counter::kCsv,
};
constexpr Option kHold[] = {
    {"--reason", "why; it is on record", Option::kNeeded},
    {"--thread", "only this one; without it nothing at all is purged"},
};
constexpr Option kReview[] = {
    {"--week", "a day of that week; without it the last one that is over"},
    {"--sign", "sign it off", Option::kFlag},
    {"--finding", "nothing or followed_up"},
    {"--words", "what was done about it"},
};
constexpr Option kAccessReview[] = {counter::kCsv};

constexpr Command kCommands[] = {
    {"accounting", "what of a person left your agency: to whom, what, why", "handoff accounting --patient MRN-0042 --years 6 --page account.html",
     accounting, kAccounting},
    {"suspension add", "an official asks that the person is not told for a time",
     "handoff suspension add --agency apd --official 'Det. Ruiz' --until 2026-12-01 --statement APD-77", suspension_add, kSuspend},
    {"suspension list", "what is suspended, and until when", "handoff suspension list", suspension_list, {}},
    {"suspension lift", "before its time", "handoff suspension lift 1", suspension_lift, kId},
    {"audit flows", "what left your agency, by kind of reader, of message and by view", "handoff audit flows --to-kind police --month 2026-10", audit_flows, kFlows},
    {"incident scope", "if this key leaked, what is exposed; exit 1 if anything is", "handoff incident scope --key stb --from 2026-10-01", incident_scope,
     kScope},
    {"retention status", "what is kept, due, held and purged", "handoff retention status", retention_status, {}},
    {"retention run", "purge what is due; a signed tombstone stays of each", "handoff retention run", retention_run, {}},
    {"retention hold", "nothing of it is purged until you release it", "handoff retention hold --reason 'case 26-CV-0101'", retention_hold, kHold},
    {"retention release", "end a hold", "handoff retention release 1", retention_release, kId},
    {"audit review", "a week of the audit, and its sign-off; exit 1 if one is late", "handoff audit review --sign --finding nothing", audit_review, kReview},
    {"access review", "accounts, roles and keys, and whether they are used; exit 1 if some are not", "handoff access review --csv", access_review,
     kAccessReview},
};

}  // namespace

std::span<const Command> table() { return kCommands; }

}  // namespace cli::compliance
