// Pages from handoff's own table, and from the help of the programs whose tables belong to other rooms.
#include <algorithm>
#include <cctype>

#include "cli/papers/page.h"
#include "cli/table.h"

namespace cli::papers {
namespace {

using counter::Option;

std::string trimmed(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return std::string(s);
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const auto end = std::min(text.find(at), text.size());
    out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

Flag flag_of(const Option& o) {
  Flag flag{{}, o.words, o.kind != Option::kFlag, o.kind == Option::kNeeded};
  for (const auto name : split(o.spec, ',')) flag.names.emplace_back(name);
  return flag;
}

std::string usage_of(const counter::Command& c) {
  std::string out;
  for (const Option& o : c.options) {
    const Flag f = flag_of(o);
    std::string one = f.names.back();
    if (one[0] != '-') {
      std::transform(one.begin(), one.end(), one.begin(), [](unsigned char ch) { return std::toupper(ch); });
    } else if (f.value) {
      one += " TEXT";
    }
    out += (out.empty() ? "" : " ") + (f.needed ? one : "[" + one + "]") + (o.kind == Option::kMany ? "..." : "");
  }
  return out;
}

// "[--origin NAME] [--json]": the options that a usage line or the words below it name, each once.
std::vector<Flag> flags_in(std::string_view text) {
  std::vector<Flag> out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '-' || (at > 0 && text[at - 1] != ' ' && text[at - 1] != '[' && text[at - 1] != '\n')) continue;
    auto end = at;
    while (end < text.size() && (std::islower(static_cast<unsigned char>(text[end])) || text[end] == '-')) ++end;
    const std::string name(text.substr(at, end - at));
    if (name.size() < 2 || name.find_first_not_of('-') == std::string::npos) continue;
    const bool value = end + 1 < text.size() && text[end] == ' ' && text[end + 1] != '[' && text[end + 1] != '-' && text[end + 1] != ' ';
    const auto known = std::find_if(out.begin(), out.end(), [&](const Flag& f) { return f.names[0] == name; });
    if (known == out.end()) out.push_back({{name}, {}, value, at == 0 || text[at - 1] != '['});
    at = end;
  }
  return out;
}

// "map new --from SAMPLE": the words that name the command.
std::size_t path_length(std::string_view usage) {
  std::size_t at = 0;
  while (at < usage.size()) {
    auto end = std::min(usage.find(' ', at), usage.size());
    const auto word = usage.substr(at, end - at);
    const bool name = !word.empty() && std::islower(static_cast<unsigned char>(word[0])) &&
                      std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::islower(c) || c == '-'; });
    if (!name) break;
    at = std::min(end + 1, usage.size());
  }
  return at;
}

Entry entry_of(std::string_view usage_line) {
  Entry e;
  const auto n = path_length(usage_line);
  e.path = trimmed(usage_line.substr(0, n));
  auto rest = usage_line.substr(n);
  const auto gap = rest.find("  ");  // the words may stand in the same line, in a column of their own
  e.usage = trimmed(rest.substr(0, gap));
  if (gap != std::string_view::npos) e.words = trimmed(rest.substr(gap));
  e.flags = flags_in(e.usage);
  return e;
}

}  // namespace

Page of_table() {
  Page page{"handoff", "referrals between agencies, and the proof of them", {}, {}, {}, {}};
  page.tail = {"Exit codes: 0 it worked or holds, 1 a finding (tampering, denied), 2 an error."};
  for (const Option& o : global_options()) page.everywhere.push_back(flag_of(o));
  for (const Option& g : groups()) page.groups.emplace_back(g.spec, g.words);
  for (const counter::Command& c : commands()) {
    Entry e{c.path, usage_of(c), c.words, c.example, {}};
    for (const Option& o : c.options) e.flags.push_back(flag_of(o));
    page.entries.push_back(std::move(e));
  }
  return page;
}

base::Result<Page> of_help(const std::string& program, std::string_view help) {
  Page page{program, {}, {}, {{{"--help"}, "say all this", false, false}}, {}, {}};
  bool inside = false;
  for (const auto raw : split(help, '\n')) {
    const std::string line = trimmed(raw);
    if (line.starts_with(program + ":")) {
      page.about = trimmed(std::string_view(line).substr(program.size() + 1));
    } else if (line.starts_with(program + " ")) {
      page.entries.push_back(entry_of(std::string_view(line).substr(program.size() + 1)));
      inside = true;
    } else if (line.empty()) {
      inside = false;
    } else if (inside && raw.starts_with("    ")) {
      Entry& e = page.entries.back();
      if (line.starts_with("example: ")) {
        e.example = line.substr(9);
        continue;
      }
      e.words += (e.words.empty() ? "" : "\n") + line;
      for (const Flag& f : flags_in(line)) {
        if (std::none_of(e.flags.begin(), e.flags.end(), [&](const Flag& k) { return k.names == f.names; })) e.flags.push_back(f);
      }
    } else {
      page.tail.push_back(line);
    }
  }
  if (page.about.empty() && !page.entries.empty()) page.about = page.entries[0].words.substr(0, page.entries[0].words.find('\n'));
  if (page.entries.empty() || page.about.empty()) return base::malformed("its help names no command", program, "keep the form of the others' help");
  return page;
}

std::vector<Place> places(const Page& page) {
  std::vector<Place> out{{"", {}, page.everywhere}};
  const auto at = [&](const std::string& path) -> Place& {
    for (Place& p : out) {
      if (p.path == path) return p;
    }
    return out.emplace_back(Place{path, {}, page.everywhere});
  };
  const auto add = [&](const std::string& path, const std::string& word, const std::string& words) {
    auto& next = at(path).next;
    if (std::none_of(next.begin(), next.end(), [&](const auto& n) { return n.first == word; })) next.emplace_back(word, words);
  };
  for (const Entry& e : page.entries) {
    const auto space = e.path.find(' ');
    const std::string first = e.path.substr(0, space);
    std::string about = space == std::string::npos ? e.words : "";
    for (const auto& [name, words] : page.groups) about = name == first ? words : about;
    if (!first.empty()) add("", first, about.substr(0, about.find('\n')));
    if (space != std::string::npos) add(first, e.path.substr(space + 1), e.words.substr(0, e.words.find('\n')));
    auto& flags = at(e.path).flags;
    for (const Flag& f : e.flags) {
      if (f.names[0][0] == '-') flags.push_back(f);
    }
  }
  return out;
}

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace cli::papers
