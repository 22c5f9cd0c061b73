// What a compliance officer asks, as data.
#include "cli/audit/commands.h"

namespace cli::audit {
namespace {

using counter::Command, counter::Option;

constexpr Option kThread[] = {{"thread", "the thread's id", Option::kNeeded}, counter::kCsv};
constexpr Option kSearch[] = {
    {"--agency", "sender"},
    {"--to", "recipient"},
    {"--kind", "kind of message"},
    {"--purpose", "purpose"},
    {"--since", "not before this time or date"},
    {"--until", "not after this time or date"},
    {"--thread", "only this thread"},
    {"--limit", "at most so many (default 100)"},
    {"--after", "go on with the token that the last answer ended with"},
    {"--all", "all there are, as they come; with --json one a line", Option::kFlag},
    counter::kCsv,
};
constexpr Option kVerify[] = {
    {"bundle", "a proof bundle to check instead of the live log; - is stdin"},
    {"--anchor-hash", "with a bundle: the anchor's hash, as the consortium publishes it"},
    {"--store", "a copy of a hub's folder to check instead, offline"},
    {"--anchor", "with --store: anchor.note, as the consortium publishes it"},
    {"--known", "with --store: a checkpoint kept elsewhere; was it rolled back?"},
    {"--since", "only the log's entries from this position, time or date on"},
    {"--whole", "the whole log, also what was verified before on this machine", Option::kFlag},
};
constexpr Option kProve[] = {
    {"message", "the message's id", Option::kNeeded},
    {"-o,--out", "file to write", Option::kNeeded},
    {"--disclose", "put the key in: whoever has the file can read the message", Option::kFlag},
    {"--binary", "the compact form instead of JSON; handoff-verify reads both", Option::kFlag},
};
constexpr Option kDenials[] = {
    {"--week", "of the last seven days", Option::kFlag}, {"--since", "not before this time or date"},
    {"--until", "not after this time or date"},          {"--each", "every one with its words, instead of counts", Option::kFlag},
    {"--limit", "at most so many (default 1000)"},       {"--after", "go on after this one"},
    counter::kCsv,
};
constexpr Option kAccess[] = {
    {"--thread", "the referral", Option::kNeeded},      {"--person", "this login alone"},   {"--access", "open, print, denied, ... alone"},
    {"--since", "not before this time or date"},        {"--until", "before this time or date"}, counter::kCsv,
    {"--limit", "at most so many (default 1000)"},      {"--after", "go on after this one"},
};
constexpr Option kLedger[] = {
    {"--verify", "was a row changed, taken out or cut off?", Option::kFlag},
    {"--head", "with --verify: the head that was kept elsewhere"}, {"--size", "and how many rows it was of"},
    {"--person", "this login alone"},                   {"--access", "open, print, denied, ... alone"},
    {"--since", "not before this time or date"},        {"--until", "before this time or date"}, counter::kCsv,
    {"--limit", "at most so many (default 1000)"},      {"--after", "go on after this one"},
};

constexpr Option kExport[] = {
    {"--format", "jsonl, csv, fhir (AuditEvent) or syslog (RFC 5424)", Option::kNeeded},
    {"--shelf", "ledger: your agency's own (default); log: the hub's"},
    {"--since", "not before this time or date"},
    {"--until", "before this time or date"},
    {"--thread", "only this thread"},
    {"--rows", "end after so many"},
    {"--follow", "what is written from now on, as it comes; until you end it", Option::kFlag},
    {"--every", "with --follow: seconds between two looks (2)"},
};

constexpr Option kEvidenceSave[] = {{"id", "its number in the list", Option::kNeeded}, {"-o,--out", "file to write", Option::kNeeded}};
constexpr Option kEvidenceSettle[] = {{"--reason", "what was found out, for the ledger", Option::kNeeded}};

constexpr Command kCommands[] = {
    {"evidence list", "what was kept because it convicts the hub or a sender", "handoff evidence list", evidence_list, {}},
    {"evidence save", "one of them as a file; handoff-verify judges those against the log offline", "handoff evidence save 1 -o two-trees.json", evidence_save, kEvidenceSave},
    {"evidence settle", "go on with the hub after people have looked at it", "handoff evidence settle --reason 'hub rebuilt, see minutes'", evidence_settle, kEvidenceSettle},
    {"audit denials", "what was not sent or not shown, by which rule", "handoff audit denials --week", denials, kDenials},
    {"audit access", "who opened, printed, exported, answered or was refused a referral",
     "handoff audit access --thread 0199a1b2-0000-7000-8000-000000000001", access, kAccess},
    {"audit ledger", "the agency's own ledger of that; --verify: is it whole?", "handoff audit ledger --verify", ledger, kLedger},
    {"audit export", "the audit for another system, or as a stream for a SIEM", "handoff audit export --format syslog --follow", audit_export, kExport},
    {"audit trail", "each message and receipt of a thread, proved against the log",
     "handoff audit trail 0199a1b2-0000-7000-8000-000000000001", trail, kThread},
    {"audit search", "the same columns for what the filters say, newest first", "handoff audit search --agency harbor --since 2026-10-01",
     search, kSearch},
    {"audit verify", "the whole log; or offline a copy of a hub's store, or one bundle",
     "handoff audit verify --store hub-copy --anchor anchor.note", verify, kVerify},
    {"audit prove", "write a file that convinces a third party offline",
     "handoff audit prove 0199a1b2-0000-7000-8000-000000000002 -o referral.proof", prove, kProve},
};

}  // namespace

std::span<const Command> table() { return kCommands; }

}  // namespace cli::audit
