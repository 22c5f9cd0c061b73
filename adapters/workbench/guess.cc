#include "adapters/workbench/guess.h"

#include <algorithm>
#include <array>
#include <set>

#include "adapters/formats/mapping/cover.h"
#include "adapters/formats/mapping/values.h"
#include "schemas/policy/decide.h"
#include "schemas/values.h"

namespace adapters::workbench {
namespace {

namespace mapping = formats::mapping;

constexpr std::size_t kMaxRecords = 200, kMaxCodes = 20, kMaxCode = 32;
constexpr std::array kForms = {"",
                               "%m/%d/%Y %H:%M:%S",
                               "%m/%d/%Y %H:%M",
                               "%m/%d/%Y %I:%M:%S %p",
                               "%m/%d/%Y %I:%M %p",
                               "%m/%d/%Y",
                               "%Y/%m/%d %H:%M:%S",
                               "%Y/%m/%d",
                               "%Y%m%d%H%M%S",
                               "%Y%m%d%H%M",
                               "%Y%m%d",
                               "%d-%b-%Y %H:%M",
                               "%d-%b-%Y",
                               "%m-%d-%Y %H:%M",
                               "%m-%d-%Y"};

struct Column {
  std::string path, general;
  std::vector<std::string> values;    // different ones, in order of appearance
  bool several = false;               // more than one place of a list
};

std::string without_brackets(std::string text) {
  for (auto at = text.find("[]"); at != text.npos; at = text.find("[]", at)) text.erase(at, 2);
  return text;
}

// Paths of the source with their values; places of one list together, under the first.
std::vector<Column> columns_of(const mapping::Records& source, bool tree) {
  std::vector<Column> out;
  for (const auto& path : source.paths) {
    std::string general = tree ? without_brackets(mapping::without_places(path)) : path;
    const auto it = std::ranges::find(out, general, &Column::general);
    if (it == out.end())
      out.push_back({path, std::move(general), {}, false});
    else
      it->several = true;
  }
  for (Column& c : out) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < std::min(source.records.size(), kMaxRecords); ++i) {
      const auto text = source.records[i].fault ? std::nullopt : source.records[i].text(c.path);
      const std::string value = mapping::trimmed(text.value_or(""));
      if (!value.empty() && seen.insert(value).second) c.values.push_back(value);
    }
  }
  return out;
}

bool hour(std::string_view iso) { return iso.find('T') != iso.npos; }

// The form in which all values are dates, or moments; "-" if there is none.
std::string form_of(const Column& c, bool moments, const std::string& zone) {
  for (const char* form : kForms) {
    const bool all = !c.values.empty() && std::ranges::all_of(c.values, [&](const std::string& v) {
      const auto iso = mapping::iso(v, {form, zone});
      return iso.ok() && hour(*iso) == moments;
    });
    if (all) return form;
  }
  return "-";
}

std::string local_code(std::string_view value) {
  std::string out = in_words(value);
  std::ranges::replace(out, ' ', '-');
  return "x-" + out.substr(0, 24);
}

// Why a column cannot be mapped by itself; "": it can, and `g` says how.
std::string code_problem(const Column& c, const std::string& takes, Guess& g) {
  const schemas::ValueSet* set = schemas::value_set(takes);
  if (set == nullptr) return "";
  if (std::ranges::all_of(c.values, [&](const auto& v) { return schemas::allowed(*set, v); })) return "";
  if (c.values.size() > kMaxCodes || std::ranges::any_of(c.values, [](const auto& v) { return v.size() > kMaxCode; }))
    return "its values are too many or too long for codes";
  bool known = false;
  for (const auto& v : c.values) {
    std::string code = schemas::allowed(*set, v) ? v : std::string(code_for(takes, v));
    known = known || !code.empty();
    if (code.empty() && takes != "reason" && takes != "service" && takes != "urgency") return "not all of its values are known codes";
    if (code.empty() && takes == "urgency") continue;
    g.map.emplace_back(v, code.empty() ? local_code(v) : code);
  }
  if (takes == "urgency") g.other = "urgent";
  if (!known && takes != "reason") return "none of its values is a known code";
  g.note = "check the codes";
  return "";
}

std::string yes_no_problem(const Column& c, const std::string& to, Guess& g) {
  const bool risk = to.starts_with("referral.risk.");
  for (const auto& v : c.values) {
    const auto word = code_for("yes_no", v);
    if (word.empty()) return "its values are not all yes or no";
    g.map.emplace_back(v, word == "unknown" && !risk ? "" : std::string(word));
  }
  // The sample may hold the one and not the other.
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kPairs = {{
      {"Y", "N"}, {"y", "n"}, {"Yes", "No"}, {"yes", "no"}, {"YES", "NO"}, {"true", "false"}, {"T", "F"}, {"1", "0"}}};
  const auto has = [&](std::string_view v) { return std::ranges::find(c.values, v) != c.values.end(); };
  for (const auto& [yes, no] : kPairs) {
    if (has(yes) && !has(no)) g.map.emplace_back(no, "no");
    if (has(no) && !has(yes)) g.map.emplace_back(yes, "yes");
  }
  return c.values.empty() ? "the sample has no value" : "";
}

std::string problem_of(const Column& c, const Meaning& m, const std::string& zone, Guess& g) {
  if (m.shape == Shape::kMoment || m.shape == Shape::kDate) {
    if (c.values.empty()) return "the sample has no value";
    const std::string form = form_of(c, m.shape == Shape::kMoment, zone);
    if (form == "-") return m.shape == Shape::kMoment ? "not a date with a time that is known here" : "not a date that is known here";
    g.timed = true, g.time = form;
    return "";
  }
  if (m.shape == Shape::kYesNo) return yes_no_problem(c, g.to, g);
  if (m.shape != Shape::kCode) return "";
  if (g.to.ends_with(".sex")) {
    for (const auto& v : c.values)
      if (const auto word = code_for("sex", v); !word.empty() && word != v) g.map.emplace_back(v, word);
    if (!g.map.empty() && g.map.size() < c.values.size()) g.map.clear();
    return "";
  }
  if (g.to.ends_with(".co_response")) {
    for (const auto& v : c.values) {
      const auto word = code_for("yes_no", v);
      if (word.empty()) return g.map.clear(), "";
      g.map.emplace_back(v, word == "yes" ? "cit" : "");
    }
    return "";
  }
  return code_problem(c, mapping::taken_at(g.to.substr(0, g.to.find('['))), g);
}

// The field alone, over the sample: what it would say of a record that it cannot read.
std::string trial(const Draft& d, const Guess& g, const mapping::Records& source) {
  const auto config = schemas::Config::parse("[mapping]\nformat = " + quoted(d.format) + "\nkind = " + quoted(d.kind) + "\nzone = " + quoted(d.zone) + "\n" + written(g));
  if (!config.ok()) return "its name cannot be written in a mapping";
  const auto m = mapping::load(*config, "draft");
  if (!m.ok()) return m.error().what;
  for (std::size_t i = 0; i < std::min(source.records.size(), kMaxRecords); ++i) {
    if (source.records[i].fault) continue;
    if (const auto mapped = mapping::apply(*m, source.records[i].text); !mapped.faults.empty()) return mapped.faults[0].what;
  }
  return "";
}

// By looks alone, for a comment.
std::string looks(const Column& c, const std::string& zone) {
  if (c.values.empty()) return "the sample has no value";
  if (form_of(c, true, zone) != "-") return "looks like a date with a time";
  if (form_of(c, false, zone) != "-") return "looks like a date";
  const auto phone = [](const std::string& v) {
    const auto digits = std::ranges::count_if(v, [](char ch) { return ch >= '0' && ch <= '9'; });
    return digits >= 10 && digits <= 15 && v.find_first_not_of("0123456789+-(). x") == v.npos;
  };
  if (std::ranges::all_of(c.values, phone)) return "looks like a telephone number";
  if (std::ranges::all_of(c.values, [](const auto& v) { return !code_for("yes_no", v).empty(); })) return "looks like yes or no";
  if (std::ranges::all_of(c.values, [](const auto& v) { return v.find_first_not_of("0123456789.") == v.npos; })) return "a number";
  return c.values.size() <= kMaxCodes ? "looks like a code" : "free text";
}

std::string custom_name(std::string_view general) {
  std::string out = in_words(general.substr(general.find('/') == general.npos ? 0 : general.rfind('/') + 1));
  std::ranges::replace(out, ' ', '-');
  return "custom.x-" + out;
}

class Guesser {
 public:
  Guesser(Draft& d, const mapping::Records& source) : d_(d), source_(source) {}

  void column(const Column& c) {
    const auto meaning = d_.standard ? std::nullopt : meaning_of(d_.kind, c.path);
    if (!meaning) return undecided(c, looks(c, d_.zone), d_.standard ? custom_name(c.general) : "");
    Guess g;
    g.path = c.path, g.to = meaning->to, g.provenance = meaning->provenance;
    if (g.to.empty()) {
      g.path = c.general, g.note = meaning->why;
      return d_.ignored.push_back(std::move(g));
    }
    if (c.several) return undecided(c, "comes more than once in a record: choose one, or read all with [] behind the name that repeats", g.to);
    if (const auto taken = taken_.find(g.to); taken != taken_.end()) return undecided(c, "may say the same as " + taken->second, g.to);
    std::string problem = problem_of(c, *meaning, d_.zone, g);
    if (problem.empty()) problem = trial(d_, g, source_);
    if (!problem.empty()) return undecided(c, problem, g.to);
    taken_[g.to] = g.path;
    if (d_.row_id.empty() && (g.to == "referral.incident_ref" || g.to == "referral.source_ref")) d_.row_id = g.path;
    d_.fields.push_back(std::move(g));
  }

 private:
  void undecided(const Column& c, std::string note, std::string to) {
    Guess g;
    g.path = c.path, g.to = std::move(to), g.note = std::move(note);
    d_.undecided.push_back(std::move(g));
  }

  Draft& d_;
  const mapping::Records& source_;
  std::map<std::string, std::string> taken_;
};

}  // namespace

std::vector<std::string> needed_of(std::string_view kind) {
  const auto body = mapping::body_of(kind);
  const auto code = schemas::code_of(schemas::msg_kinds(), kind);
  std::vector<std::string> out;
  if (!body.ok() || !code) return out;
  schemas::policy::Ask ask;
  ask.kind = static_cast<schemas::MsgKind>(*code);
  for (const auto& e : schemas::policy::missing({}, ask, *body)) out.push_back(e.where);
  return out;
}

std::vector<std::string> lacking_of(std::string_view kind, const std::vector<std::string>& targets) {
  std::vector<std::string> out;
  for (const auto& needed : needed_of(kind)) {
    const bool filled = std::ranges::any_of(targets, [&](const std::string& t) {
      if (needed == "referral.subject.dob" && t == "referral.subject.age_band") return true;
      if (needed == "referral.subject.name" && t == "referral.subject.descriptor") return true;
      const bool code = t.starts_with(needed) && (t.size() == needed.size() || t[needed.size()] == '.' || t[needed.size()] == '[');
      return code || t.ends_with("." + needed) || needed.ends_with("." + t);
    });
    if (!filled) out.push_back(needed);
  }
  return out;
}

std::string record_of(const std::string& format, const mapping::Records& source) {
  if (format != "json" && format != "xml" && format != "niem") return "";
  std::map<std::string, std::size_t> below;  // paths below each outermost list
  std::set<std::string> several;
  for (const auto& path : source.paths) {
    const auto open = path.find('[');
    if (open == path.npos || open == 0) continue;
    const std::string list = path.substr(0, open);
    if (path.compare(open, 3, "[0]") != 0) several.insert(list);
  }
  for (const auto& path : source.paths)
    for (const auto& list : several)
      if (path.starts_with(list) && path.size() > list.size() && std::string_view("[/").find(path[list.size()]) != std::string_view::npos) ++below[list];
  const auto most = std::ranges::max_element(below, {}, [](const auto& entry) { return entry.second; });
  if (most == below.end() || most->second * 5 < source.paths.size() * 4) return "";
  return format == "json" ? most->first : most->first.substr(most->first.rfind('/') == std::string::npos ? 0 : most->first.rfind('/') + 1);
}

base::Result<Draft> guess(const std::string& format, const std::string& kind, const std::string& zone, const mapping::Records& source) {
  TRY_ASSIGN(const auto body, mapping::body_of(kind));
  (void)body;
  Draft d;
  d.format = format, d.kind = kind, d.zone = zone;
  d.standard = format == "hl7v2" || format == "nemsis" || format == "fhir";
  Guesser guesser(d, source);
  for (const Column& c : columns_of(source, format != "csv" && format != "tsv")) {
    if (d.standard && mapping::standard_covers(format, c.path)) continue;
    ++d.paths;
    guesser.column(c);
  }
  std::vector<std::string> targets;
  for (const Guess& g : d.fields) targets.push_back(g.to);
  if (!d.standard) d.lacking = lacking_of(kind, targets);
  return d;
}

std::string coverage(const Draft& d) {
  const char* what = d.standard ? "site-specific paths" : d.format == "csv" || d.format == "tsv" ? "columns" : "paths";
  std::string out = std::to_string(d.fields.size()) + " of " + std::to_string(d.paths) + " " + what + " mapped, " + std::to_string(d.ignored.size()) +
                    " ignored, " + std::to_string(d.undecided.size()) + " to decide";
  if (d.standard) return out + "; the rest is read by the standard mapping";
  std::string lacking;
  for (const auto& path : d.lacking) lacking += (lacking.empty() ? "" : ", ") + path;
  return out + "; required fields without a source: " + (lacking.empty() ? "none" : lacking);
}

}  // namespace adapters::workbench
