// A guessed mapping as a file for people: what it is sure of, what to check, and what a person has to decide as comments.
#include <algorithm>

#include "adapters/formats/mapping/place.h"
#include "adapters/formats/mapping/values.h"
#include "adapters/workbench/guess.h"
#include "schemas/values.h"

namespace adapters::workbench {
namespace {

std::string table(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string out;
  for (const auto& [from, to] : pairs) out += (out.empty() ? "" : ", ") + quoted(from) + " = " + quoted(to);
  return "{ " + out + " }";
}

std::string commented(const std::string& text) {
  std::string out = "# ";
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "# ";
  }
  while (out.ends_with(' ') || out.ends_with('#') || out.ends_with('\n')) out.pop_back();
  return out + "\n";
}

// An element of a list that a field begins has a name, a system or a role.
std::string companion(const Guess& g) {
  const auto open = g.to.find('['), close = g.to.find(']');
  if (open == g.to.npos || close == g.to.npos) return "";
  const std::string list = g.to.substr(0, open), word = g.to.substr(open + 1, close - open - 1), element = g.to.substr(0, close + 1);
  const char* key = list.ends_with("timeline") ? ".name" : list.ends_with("ids") ? ".system" : "";
  if (*key == '\0') return "";
  return "[[field]]\nvalue = " + quoted(word) + "\nto = " + quoted(element + key) + "\n\n";
}

std::string ignored(const std::vector<Guess>& all) {
  std::string out;
  std::vector<std::pair<std::string_view, std::string>> reasons;
  for (const Guess& g : all)
    if (std::ranges::find(reasons, std::pair(g.provenance, g.note)) == reasons.end()) reasons.emplace_back(g.provenance, g.note);
  for (const auto& [provenance, note] : reasons) {
    out += "[[ignore]]  # " + note + (provenance == "local" ? "" : ": check where each comes from") + "\nfrom = [";
    bool first = true;
    for (const Guess& g : all) {
      if (g.provenance != provenance || g.note != note) continue;
      out += (first ? "" : ", ") + quoted(g.path);
      first = false;
    }
    out += "]\nprovenance = " + quoted(provenance) + "\n\n";
  }
  return out;
}

std::string blank_field(const std::string& path) {
  std::string to = path, codes;
  if (to == "referral.reasons" || to == "referral.service") to += ".code";
  if (to == "referral.subject.name") to += ".family";
  if (const auto* set = schemas::value_set(formats::mapping::taken_at(to)))
    for (const auto& v : set->values) codes += (codes.empty() ? "  # one of " : ", ") + v.code;
  return commented("[[field]]\nvalue = \"\"" + codes + "\nto = " + quoted(to) + "\n") + "\n";
}

std::string head(const Draft& d, const std::string& sample) {
  std::string out = "# Begun from " + sample + " by handoff-agent map new. " + coverage(d) + ".\n";
  out += "# Go through all of it: a name may mean something else at your agency. The language: docs/guide/mapping.md.\n[mapping]\nformat = " + quoted(d.format) +
         "\nkind = " + quoted(d.kind) + "\n";
  if (d.standard) out += "base = \"standard\"  # what the adapter makes of it comes first; fields below go over it\n";
  if (!d.row_id.empty()) out += "row_id = " + quoted(d.row_id) + "  # check: names a record for good\n";
  if (!d.standard) out += "zone = " + quoted(d.zone) + "  # check: of times without an offset\n";
  if (!d.record.empty()) out += (d.format == "json" ? "\n[json]\nrecords = " : "\n[xml]\nrecord = ") + quoted(d.record) + "  # check: each of these is a record\n";
  return out + "\n";
}

}  // namespace

std::string quoted(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out = "\"";
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (u < 0x20 || u == 0x7F)
      ((out += "\\u00") += kHex[u >> 4U]) += kHex[u & 15U];
    else
      out += c;
  }
  return out + "\"";
}

std::string written(const Guess& g) {
  std::string out = "[[field]]" + (g.note.empty() ? "" : "  # " + g.note) + "\nfrom = " + quoted(g.path) + "\nto = " + quoted(g.to) + "\nprovenance = " +
                    quoted(g.provenance) + "\n";
  if (g.timed) out += g.time.empty() ? "time = {}\n" : "time = { format = " + quoted(g.time) + " }\n";
  if (!g.map.empty()) out += "map = " + table(g.map) + "\n";
  if (!g.other.empty()) out += "other = " + quoted(g.other) + "\n";
  return out;
}

std::string written(const Draft& d, const std::string& sample) {
  std::string out = head(d, sample);
  for (const Guess& g : d.fields) out += written(g) + "\n" + companion(g);
  out += ignored(d.ignored);
  if (!d.lacking.empty()) out += "# What every " + d.kind + " has to say, and nothing here says yet: map a column to it, or take a constant.\n";
  for (const auto& path : d.lacking) out += blank_field(path);
  if (!d.undecided.empty())
    out += "# To decide. Until each of these is mapped or ignored, files that hold it are refused.\n";
  for (const Guess& g : d.undecided) {
    Guess shown = g;
    if (shown.to.empty()) shown.to = "referral.";
    out += commented(written(shown)) + "\n";
  }
  return out;
}

}  // namespace adapters::workbench
