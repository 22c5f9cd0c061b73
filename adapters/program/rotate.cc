// rotate: new keys, and what the authority is asked for; enroll, when its answer has come.
#include "adapters/agent/rotation.h"

#include <fmt/format.h>

#include <cstdlib>

#include "adapters/agent/backup.h"
#include "adapters/agent/files.h"
#include "adapters/agent/keep/replica.h"
#include "adapters/program/commands.h"
#include "adapters/program/line.h"
#include "crypto/random.h"

namespace adapters::program {
namespace {

const char* credentials() { return std::getenv("CREDENTIALS_DIRECTORY"); }

}  // namespace

base::Result<int> rotate(const Arguments& a) {
  if (a.words.size() != 1) return usage("rotate takes a folder");
  const std::string& dir = a.words[0];
  std::optional<agent::KeySet> keys;
  if (a.has("keys")) {
    TRY_ASSIGN(keys, agent::parse_key_set(a.get("keys")));
  }
  TRY_ASSIGN(const agent::Settings s, agent::load_settings(dir + "/agent.toml"));
  TRY_ASSIGN(const crypto::SecretBytes secret, agent::unlock_secret(s.unlock, credentials()));
  TRY_ASSIGN(const agent::Rotation r, agent::rotate_keys(dir, keys, secret.view(), crypto::system_random()));
  fmt::print("{} for serial {}: {}\nThe present keys go on until that certificate stands in the log.\n", r.repeated ? "the same request as before," : "a request", r.serial, r.request_path);
  if (!r.recovery_path.empty()) fmt::print("Put {} into a safe and delete it here: it can suspend this agent. The old one is good until then.\n", r.recovery_path);
  next("with the authority's answer: handoff-agent enroll " + dir + " --cert FILE");
  return kWorked;
}

// Signs for the old key what the authorities have signed. Checked against this agent's own copy of the directory, beside the running agent.
base::Result<int> enroll_next(const Arguments& a, const std::string& dir) {
  TRY_ASSIGN(const agent::Settings s, agent::load_settings(dir + "/agent.toml"));
  TRY_ASSIGN(const std::string cert, agent::read_text(a.get("cert"), 64 << 10));
  TRY_ASSIGN(const auto vault, agent::open_vault(s, crypto::system_random(), credentials()));
  TRY_ASSIGN(const auto store, agent::keep::Store::open_beside(dir + "/store", vault->store_key(), crypto::system_random(), s.store_bytes));
  TRY_ASSIGN(const std::string anchor, agent::read_text(dir + "/anchor.note"));
  agent::Alarms alarms;
  TRY_ASSIGN(const auto replica, agent::keep::Replica::open(*store, anchor, alarms));
  TRY_ASSIGN(const agent::Countersigned c, agent::countersign(dir, cert, *vault, replica->directory(), base::real_now()));
  fmt::print("serial {}, until {}\n", c.serial, base::rfc3339(c.not_after));
  if (c.logged) {
    next("it stands in the log already: the agent takes it over by itself, or at its next start");
    return kWorked;
  }
  fmt::print("Hand {} to the authority: handoff-authority record. It bears the old key's signature as well.\n", c.path);
  next("a running agent hands it to the hub and takes the new keys over; then handoff-agent doctor " + dir + ", a new backup, a new kit");
  return kWorked;
}

}  // namespace adapters::program
