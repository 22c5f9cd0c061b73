// handoff-hub: the table of its commands.
#include <algorithm>
#include <cstdio>
#include <span>

#include "hub/main_folder.h"

namespace {

struct Command {
  const char* name;
  int (*run)(const hub::Arguments&);
  const char* words;
};

constexpr Command kCommands[] = {
    {"keygen", hub::keygen_command, "keygen DIR [--origin NAME] [--json]         make the log key and the transport key\n"
                                    "  handoff-hub keygen DIR --next [--json]                  those that the next anchor is to name"},
    {"init", hub::init_command, "init DIR --anchor FILE                      pin the consortium's anchor and begin the log"},
    {"add", hub::add_command, "add DIR NOTE... [--rules FILE] [--wait]     hand notes in: certificates, or a policy with its rules"},
    {"run", hub::run_command, "run DIR [--listen tcp://ADDRESS:PORT]       serve until SIGTERM\n"
                               "  handoff-hub run --config FILE                           the same, as the file says"},
    {"check", hub::check_command,
     "check DIR [--json]                          recompute the whole store, offline: 0 it holds, 1 it does not"},
    {"backup", hub::backup_command, "backup DIR DEST                             copy, also while the hub runs"},
    {"restore", hub::restore_command, "restore BACKUP DIR                          a new folder from a backup"},
    {"rebuild", hub::rebuild_command,
     "rebuild DIR --from BACKUP FILE... [--known NOTE]\n"
     "                                              a new folder from a backup and what agents returned"},
};
constexpr std::string_view kFlags[] = {"json", "wait", "next"};  // options without a value
constexpr std::string_view kValues[] = {"origin", "anchor", "rules", "listen", "config", "from", "known"};

int help(FILE* to, int code) {
  std::fprintf(to, "handoff-hub: carries sealed mail between agencies and keeps the log; it can open none of it.\n\n");
  for (const auto& c : kCommands) std::fprintf(to, "  handoff-hub %s\n", c.words);
  std::fprintf(to,
               "\nExample: handoff-hub run /var/lib/handoff-hub --listen tcp://0.0.0.0:7780\nExit codes: 0 worked, 1 a finding, 2 an "
               "error, 3 the disk failed (run check first).\n");
  return code;
}

bool in(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return help(stderr, hub::kError);
  const std::string_view name = argv[1];
  if (name == "--help" || name == "-h" || name == "help") return help(stdout, hub::kWorked);
  hub::Arguments arguments;
  for (int i = 2; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (!word.starts_with("--")) {
      arguments.words.emplace_back(word);
      continue;
    }
    const auto option = word.substr(2);
    if (option == "help") return help(stdout, hub::kWorked);
    const bool flag = in(kFlags, option);
    if (!flag && (!in(kValues, option) || i + 1 == argc)) return help(stderr, hub::kError);
    arguments.options.emplace_back(option, flag ? "" : argv[++i]);
  }
  crypto::init();
  for (const auto& c : kCommands) {
    if (name == c.name) return c.run(arguments);
  }
  return help(stderr, hub::kError);
}
