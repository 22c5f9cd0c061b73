// Completion for bash: the words typed so far give the place, the place gives the words that can follow.
#include "cli/papers/page.h"

namespace cli::papers {
namespace {

std::string function_name(std::string program) {
  for (char& c : program) c = c == '-' ? '_' : c;
  return "_" + program;
}

}  // namespace

std::string bash(const Page& page) {
  const std::string name = function_name(page.program);
  std::string next, takes;
  for (const Place& p : places(page)) {
    std::string words, values;
    for (const auto& [word, about] : p.next) words += word + " ";
    for (const Flag& f : p.flags) {
      for (const auto& n : f.names) words += n + " ", values += f.value ? " " + n : "";
    }
    next += "    " + quoted(p.path) + ") words=" + quoted(words) + " takes=" + quoted(values + " ") + " ;;\n";
  }
  return "# bash completion for " + page.program + ", written by the build.\n" + name + "_place() {\n  case $1 in\n" + next +
         "    *) return 1 ;;\n  esac\n}\n" + name + R"(() {
  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} place="" words="" takes="" skip="" i
  COMPREPLY=()
  )" + name + R"(_place ""
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ $skip ]]; then skip=""; continue; fi
    case ${COMP_WORDS[i]} in
      -*) [[ $takes == *" ${COMP_WORDS[i]} "* ]] && skip=1 ;;
      *) )" + name + R"(_place "${place:+$place }${COMP_WORDS[i]}" && place="${place:+$place }${COMP_WORDS[i]}" ;;
    esac
  done
  [[ $skip ]] && return  # a value: files
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F )" + name + " " + page.program + "\n";
}

}  // namespace cli::papers
