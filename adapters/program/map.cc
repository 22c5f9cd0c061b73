// A mapping, from the first guess to its golden samples.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "adapters/program/commands.h"
#include "adapters/transport/files.h"
#include "adapters/workbench/bench.h"

namespace adapters::program {
base::Result<int> map_new(const Arguments& a) {
  std::vector<std::string> words = a.words;
  const std::string out = out_of(a, words);
  if (!a.has("from") || !words.empty()) return usage("name one sample: map new --from FILE");
  TRY_ASSIGN(const auto made, workbench::new_mapping({a.get("from"), a.get("format"), a.get("kind", "Referral"), a.get("zone", "UTC")}));
  if (out.empty()) {
    fmt::print("{}", made.toml);
    fmt::print(stderr, "{}\n", made.coverage);
    return kWorked;
  }
  if (std::filesystem::exists(out)) return base::Error{base::Kind::kConflict, "there is such a file", out, "name another, or remove it"};
  const std::filesystem::path path(out);
  TRY(transport::write_file(path.has_parent_path() ? path.parent_path().string() : ".", path.filename().string(), made.toml));
  fmt::print("{}\n", made.coverage);
  return kWorked;
}

base::Result<int> map_test(const Arguments& a) {
  if (a.words.size() != 1) return usage("name the folder: map test DIR");
  TRY_ASSIGN(const auto all, workbench::test_mappings(a.words[0], a.has("write")));
  bool same = true;
  for (const auto& t : all) {
    same = same && t.golden && t.differences.empty();
    fmt::print("{}: {}\n", t.name, !t.golden ? "no " + t.name + ".expected.json yet; --write makes it"
                                   : t.differences.empty() ? "as expected" : std::to_string(t.differences.size()) + " differences");
    for (const auto& d : t.differences) fmt::print("  {}\n", d);
  }
  return same ? kWorked : kFinding;
}

base::Result<int> map_show(const Arguments& a) {
  if (a.words.size() != 1) return usage("name the mapping: map show FILE");
  TRY_ASSIGN(const std::string table, workbench::show_mapping(a.words[0]));
  fmt::print("{}", table);
  return kWorked;
}

}  // namespace adapters::program
