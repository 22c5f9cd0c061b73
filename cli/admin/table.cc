// What IT and keepers of accounts ask, as data.
#include "cli/admin/commands.h"

namespace cli::admin {
namespace {

using counter::Command, counter::Option;

constexpr Option kLogin[] = {
    {"login", "your login", Option::kNeeded},
    {"--password-file", "read the password from this file instead of asking; - is stdin"},
    {"--new-password-file", "the same for a password of your own, where the first one has to be changed"},
    {"--code", "code of your authenticator app"},
};
constexpr Option kPerson[] = {
    {"login", "the account", Option::kNeeded},
    {"--name", "as people read it: \"M. Okafor\""},
    {"--role", "role of the policy; as often as needed", Option::kMany},
    {"--phone", "where the person is reached"},
    {"--email", "where notices go"},
    {"--language", "en or es"},
    {"--sign-on", "ID=SUBJECT at a provider of agent.toml; as often as needed", Option::kMany},
    {"--password-file", "a first password; else one is made and printed once"},
};
constexpr Option kPersonSet[] = {
    {"login", "the account", Option::kNeeded},
    {"--name", "as people read it"},
    {"--role", "role of the policy, instead of those before; as often as needed", Option::kMany},
    {"--phone", "where the person is reached"},
    {"--email", "where notices go"},
    {"--language", "en or es"},
    {"--sign-on", "ID=SUBJECT at a provider of agent.toml, instead of those before", Option::kMany},
};
constexpr Option kPeople[] = {counter::kCsv};
constexpr Option kPersonLogin[] = {{"login", "the account", Option::kNeeded}};
constexpr Option kPersonReset[] = {
    {"login", "the account", Option::kNeeded},
    {"--password-file", "a first password; else one is made and printed once"},
};
constexpr Option kPersonRecover[] = {
    {"login", "the account", Option::kNeeded},
    {"--unlock-file", "the file that unlocks the agent's keys; else the passphrase is asked for. - is stdin"},
};
constexpr Option kPersonFactor[] = {
    {"login", "the account", Option::kNeeded},
    {"factor", "totp or passkeys", Option::kNeeded},
};
constexpr Option kCanSend[] = {
    {"--to", "agency", Option::kNeeded},
    {"--kind", "Referral, SecureMessage, ...", Option::kNeeded},
    {"--purpose", "CRISIS, TREAT, COORD, CAPACITY, ADMIN or TEST"},
};

constexpr Option kOffer[] = {{"file", "a complete note: a suspension, a revocation, an anchor or a certificate; - is stdin", Option::kNeeded}};
constexpr Option kDirectory[] = {counter::kCsv};

constexpr Command kCommands[] = {
    {"status", "the agent, its hub, queues, keys and adapters; nothing protected", "handoff status", status, {}},
    {"can-send", "would a message go out? asked before it is needed", "handoff can-send --to harbor --kind Referral", can_send,
     kCanSend},
    {"directory list", "who is in the directory and in what standing, and what is known by file only", "handoff directory list", directory_list, kDirectory},
    {"directory offer", "a note that came by file: checked, in effect here at once, handed to the hub until it is logged", "handoff directory offer suspend.note",
     directory_offer, kOffer},
    {"login", "sign in to your agent from this terminal", "handoff login m.okafor", login, kLogin},
    {"logout", "sign out again", "handoff logout", logout, {}},
    {"people list", "who has an account, and how they sign in", "handoff people list", people_list, kPeople},
    {"people add", "give somebody an account", "handoff people add m.okafor --name 'M. Okafor' --role clinician", people_add, kPerson},
    {"people set", "change an account", "handoff people set m.okafor --role supervisor", people_set, kPersonSet},
    {"people disable", "end somebody's sessions, and let them in no more", "handoff people disable m.okafor", people_disable, kPersonLogin},
    {"people enable", "let them in again", "handoff people enable m.okafor", people_enable, kPersonLogin},
    {"people reset", "a new first password, and no lock-out any more", "handoff people reset m.okafor", people_reset, kPersonReset},
    {"people recover", "the last one who keeps accounts cannot sign in: a first password, for whoever can unlock the agent's keys", "handoff people recover k.ito", people_recover, kPersonRecover},
    {"people sessions", "who is signed in, on which device, since when", "handoff people sessions", people_sessions, kPeople},
    {"people sign-out", "end somebody's sessions on every device", "handoff people sign-out m.okafor", people_sign_out, kPersonLogin},
    {"people remove-factor", "for a telephone that is lost", "handoff people remove-factor m.okafor totp", people_remove_factor, kPersonFactor},
    {"people remove", "take an account away; the ledger keeps its name", "handoff people remove m.okafor", people_remove, kPersonLogin},
};

}  // namespace

std::span<const Command> table() { return kCommands; }

}  // namespace cli::admin
