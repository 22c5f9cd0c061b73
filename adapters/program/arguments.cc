// Words and options; which there are is the table's to say.
#include "adapters/program/arguments.h"

#include <algorithm>
#include <cstring>

namespace adapters::program {
namespace {

// Is the option in the row's list, and does it need a value?
bool takes(const Command& c, const std::string& name, bool& value) {
  for (std::string_view rest = c.takes; !rest.empty();) {
    const auto space = rest.find(' ');
    std::string_view word = rest.substr(0, space);
    rest = space == std::string_view::npos ? std::string_view() : rest.substr(space + 1);
    value = word.ends_with('=');
    if (value) word.remove_suffix(1);
    if (word == name) return true;
  }
  return false;
}

// The command of one word or two, and how many words it has.
const Command* find(int argc, char** argv, const std::vector<Command>& commands, int& words) {
  for (words = 2; words >= 1; --words) {
    if (argc <= words) continue;
    const std::string name = words == 2 ? std::string(argv[1]) + " " + argv[2] : argv[1];
    for (const Command& c : commands)
      if (name == c.name) return &c;
  }
  return nullptr;
}

}  // namespace

base::Error usage(std::string what, std::string where) {
  return {base::Kind::kUsage, std::move(what), std::move(where), "see handoff-agent --help"};
}

base::Result<Arguments> read_arguments(int argc, char** argv, const std::vector<Command>& commands, const Command** chosen) {
  int words = 0;
  const Command* c = find(argc, argv, commands, words);
  if (c == nullptr) return usage("there is no such command", argc > 1 ? argv[1] : "");
  *chosen = c;
  Arguments a;
  a.command = c->name;
  for (int i = words + 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (!word.starts_with("--")) {
      a.words.push_back(word);
      continue;
    }
    const auto eq = word.find('=');
    const std::string name = word.substr(2, eq == std::string::npos ? eq : eq - 2);
    bool value = false;
    if (!takes(*c, name, value)) return usage("unknown option", word);
    if (!value) {
      a.options[name];
    } else if (eq != std::string::npos) {
      a.options[name] = word.substr(eq + 1);
    } else if (i + 1 < argc) {
      a.options[name] = argv[++i];
    } else {
      return usage("the option needs a value", word);
    }
  }
  return a;
}

std::string out_of(const Arguments& a, std::vector<std::string>& words) {
  const auto it = std::ranges::find(words, "-o");
  if (it == words.end() || it + 1 == words.end()) return a.get("out");
  std::string out = *(it + 1);
  words.erase(it, it + 2);
  return out;
}

base::Result<std::string> config_path(const Arguments& a) {
  if (a.has("config")) return a.get("config");
  if (!a.words.empty()) return a.words[0] + "/agent.toml";
  return usage("name the agent's folder, or --config FILE");
}

}  // namespace adapters::program
