// backup, restore, kit, return: what an agency keeps against the day on which a disk dies, its own or the hub's.
#include <fmt/format.h>

#include <charconv>
#include <cstdlib>

#include "adapters/agent/backup.h"
#include "adapters/agent/files.h"
#include "adapters/agent/returning.h"
#include "adapters/program/commands.h"
#include "adapters/program/line.h"

namespace adapters::program {
namespace {

const char* credentials() { return std::getenv("CREDENTIALS_DIRECTORY"); }
agent::UnlockSource unlock_of(const Arguments& a) { return {a.get("passphrase-file"), a.get("key-file"), a.get("credential")}; }

}  // namespace

base::Result<int> backup(const Arguments& a) {
  if (a.words.size() != 2) return usage("backup takes the agent's folder and a new folder");
  TRY_ASSIGN(const agent::Settings settings, agent::load_settings(a.words[0] + "/agent.toml"));
  TRY_ASSIGN(const auto vault, agent::open_vault(settings, crypto::system_random(), credentials()));
  TRY_ASSIGN(const agent::BackupReport r, agent::backup_agent(settings, *vault, a.words[1], crypto::system_random(), base::real_now()));
  fmt::print("{}: a backup of {}, {} KiB, log up to {}; read back and whole\nIt opens with the agent's passphrase and holds the keys of mail that lives now: keep it as safely as the agent, and not for longer than you need.\n",
             a.words[1], r.slug, r.bytes >> 10, r.log_size);
  return kWorked;
}

base::Result<int> restore(const Arguments& a) {
  if (a.words.size() != (a.has("kit") ? 1U : 2U)) return usage("restore takes a backup's folder and a new folder; or --kit FILE and a new folder");
  const std::string& to = a.words.back();
  agent::BackupReport r;
  if (a.has("kit")) {
    TRY_ASSIGN(const std::string kit, agent::read_text(a.get("kit")));
    TRY_ASSIGN(r, agent::restore_from_kit(kit, to, unlock_of(a), crypto::system_random(), base::real_now(), credentials()));
  } else {
    TRY_ASSIGN(r, agent::restore_agent(a.words[0], to, unlock_of(a), crypto::system_random(), base::real_now(), credentials()));
  }
  fmt::print("{}: {} is set up again{}\nIt sends nothing until it has found its place in the hub's log, and its witness key is silent for a while.\n", to, r.slug,
             a.has("kit") ? " from its kit, without its mail" : ", as of " + base::rfc3339(r.made));
  if (!unlock_of(a).passphrase_file.empty() || !unlock_of(a).key_file.empty()) fmt::print("Set [unlock] in {}/agent.toml if the secret is not where it was.\n", to);
  next("make sure that the old agent is off for good; then handoff-agent run " + to);
  return kWorked;
}

base::Result<int> kit(const Arguments& a) {
  auto words = a.words;
  const std::string out = out_of(a, words);
  if (words.size() != 1 || out.empty()) return usage("kit takes the agent's folder and -o FILE");
  TRY_ASSIGN(const agent::Settings settings, agent::load_settings(words[0] + "/agent.toml"));
  TRY_ASSIGN(const std::string text, agent::kit_text(settings, base::real_now()));
  TRY(agent::write_atomic(out, base::view(text)));
  fmt::print("{}: print it, and keep it apart from the passphrase\n", out);
  return kWorked;
}

base::Result<int> give_back(const Arguments& a) {
  auto words = a.words;
  const std::string out = out_of(a, words);
  if (words.size() != 1 || out.empty()) return usage("return takes the agent's folder and -o FILE");
  TRY_ASSIGN(const agent::Settings settings, agent::load_settings(words[0] + "/agent.toml"));
  const std::string text = a.get("from", "0");
  std::uint64_t from = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), from).ptr != text.data() + text.size()) return usage("a log index", "--from");
  TRY_ASSIGN(const agent::Returned r, agent::return_to_hub(settings, from, out, crypto::system_random(), credentials()));
  fmt::print("{}: entries {} to {}, {} batches, {} receipts, {} notes\nIt has sealed mail and its headers in it: hand it to the hub's operator as you would hand over the hub's disk.\n", out,
             from, r.upto, r.batches, r.receipts, r.notes);
  return kWorked;
}

}  // namespace adapters::program
