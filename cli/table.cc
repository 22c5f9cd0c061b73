// The rooms of commands, one after the other.
#include "cli/table.h"

#include "cli/admin/commands.h"
#include "cli/audit/commands.h"
#include "cli/compliance/commands.h"
#include "cli/kit/commands.h"
#include "cli/policy/commands.h"
#include "cli/program/commands.h"
#include "cli/referral/commands.h"

namespace cli {
namespace {

using counter::Command, counter::Option;

constexpr Option kGlobal[] = {
    {"--agent", "data folder of the agent to speak to"},
    {"--profile", "or the profile ~/.config/handoff/NAME.toml that names it"},
    {"--json", "print one JSON document", Option::kFlag},
};
constexpr Option kGroups[] = {
    {"directory", "who may send and receive, and notes about that which came by file"},
    {"people", "the accounts of your agency's staff"},
    {"inbox", "referrals to and from this agency, and the answers to them"},
    {"evidence", "what convicts the hub or a sender, kept until people have looked at it"},
    {"audit", "who sent what kind of thing to whom, when, and the proof of it"},
    {"handoff", "warm handoffs: who brings a person, who takes them"},
    {"oncall", "who is told of what waits, by shift"},
    {"notify", "the ways on which you are told"},
    {"capacity", "who has room"},
    {"consent", "the agency's register of consents"},
    {"suspension", "what an official asked not to be told for a time"},
    {"retention", "how long content is kept, and what stops its purge"},
    {"incident", "when a key or a machine was lost"},
    {"access", "who has accounts and keys"},
    {"btg", "break-glass in an emergency, and its review"},
    {"report", "the program's measures, for a board or a funder"},
    {"matches", "records that a person says the referral of"},
    {"quarantine", "what could not be read, sent or handed out, and its way in again"},
    {"policy", "who may send what to whom: check it, try it, compare it, print it"},
    {"profile", "what an auditor asks under a framework, control by control"},
    {"adapter", "for whoever writes an adapter of their own"},
};

}  // namespace

std::vector<Command> commands() {
  std::vector<Command> all;
  for (const auto room : {admin::table(), referral::table(), program::table(), audit::table(), compliance::table(), policy::table(), kit::table()}) all.insert(all.end(), room.begin(), room.end());
  return all;
}
std::span<const Option> global_options() { return kGlobal; }
std::span<const Option> groups() { return kGroups; }

}  // namespace cli
