// Completion for fish: a line a word, under the condition that the words before it are its place.
#include "cli/papers/page.h"

namespace cli::papers {
namespace {

// fish knows two escapes inside single quotes.
std::string fished(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + "'";
}

}  // namespace

std::string fish(const Page& page) {
  std::string out = "# fish completion for " + page.program + ", written by the build.\n", cases;
  std::string at = "__" + page.program + "_at";
  for (char& c : at) c = c == '-' ? '_' : c;
  std::string paths, takes;
  for (const Place& p : places(page)) {
    if (!p.path.empty()) paths += " " + fished(p.path);
    for (const Flag& f : p.flags) {
      for (const auto& n : f.names) takes += f.value ? " " + n : "";
    }
  }
  out += "function " + at + R"(
  set -l place ''
  set -l skip ''
  for word in (commandline -opc)[2..-1]
    if test -n "$skip"
      set skip ''
    else if string match -q -- '-*' $word
      contains -- $word)" + takes + R"(; and set skip 1
    else if contains -- (string trim -- "$place $word"))" + paths + R"(
      set place (string trim -- "$place $word")
    end
  end
  test "$place" = "$argv[1]"
end
)";
  for (const Place& p : places(page)) {
    const std::string when = "complete -c " + page.program + " -n " + fished(at + " " + fished(p.path));
    for (const auto& [word, about] : p.next) out += when + " -f -a " + word + " -d " + fished(about) + "\n";
    for (const Flag& f : p.flags) {
      out += when;
      for (const auto& n : f.names) out += n.starts_with("--") ? " -l " + n.substr(2) : " -s " + n.substr(1);
      out += (f.value ? " -r" : "") + std::string(f.words.empty() ? "" : " -d " + fished(f.words)) + "\n";
    }
  }
  return out;
}

}  // namespace cli::papers
