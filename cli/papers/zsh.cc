// Completion for zsh: as for bash, with what each word does beside it.
#include "cli/papers/page.h"

namespace cli::papers {
namespace {

std::string described(const std::string& word, const std::string& about) {
  std::string name;
  for (const char c : word) name += c == ':' ? std::string("\\:") : std::string(1, c);
  return " " + quoted(name + (about.empty() ? "" : ":" + about));
}

}  // namespace

std::string zsh(const Page& page) {
  std::string cases;
  for (const Place& p : places(page)) {
    std::string words, values;
    for (const auto& [word, about] : p.next) words += described(word, about);
    for (const Flag& f : p.flags) {
      for (const auto& n : f.names) words += described(n, f.words), values += f.value ? " " + n : "";
    }
    cases += "    " + quoted(p.path) + ") can=(" + words + ") takes=(" + values + " ) ;;\n";
  }
  const std::string name = "_" + page.program;
  return "#compdef " + page.program + "\n# zsh completion for " + page.program + ", written by the build.\n" + name + "_place() {\n  case $1 in\n" + cases +
         "    *) return 1 ;;\n  esac\n}\n" + name + R"(() {
  local -a can takes
  local place="" skip="" word
  )" + name + R"(_place ""
  for word in "${(@)words[2,CURRENT-1]}"; do
    if [[ -n $skip ]]; then skip=""; continue; fi
    if [[ $word == -* ]]; then
      (( ${takes[(Ie)$word]} )) && skip=1
    elif )" + name + R"(_place "${place:+$place }$word"; then
      place="${place:+$place }$word"
    fi
  done
  if [[ -n $skip ]]; then _files; return; fi
  _describe -V )" + page.program + R"( can || _files
}
)" + name + " \"$@\"\n";
}

}  // namespace cli::papers
