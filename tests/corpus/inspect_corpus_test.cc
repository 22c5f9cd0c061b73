// The real handoff-agent inspect over every file of a corpus: a verdict with reasons for each, no crash and no silence. HANDOFF_CORPUS names
// a folder of other people's files; without it the samples of the repository stand in. Writes the table that ./dev test corpus shows, and
// holds it against docs/interop.md if that was made from the same corpus; HANDOFF_CORPUS_WRITE=1 writes it there.
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "tests/kit/files.h"

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr std::size_t kBatch = 100, kTop = 8;
constexpr const char *kBegin = "<!-- corpus: written by the corpus test -->\n", *kEnd = "<!-- end of corpus -->\n";

struct Row {
  unsigned files = 0, messages = 0, read = 0, partial = 0, refused = 0;
  std::map<std::string, unsigned> why_partial, why_refused;
};

std::string quoted(const std::string& word) {
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

// Standard output of the command; `code` is its exit code, -1 if a signal ended it.
std::string run(const std::string& command, int& code) {
  std::string out;
  FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  char buffer[1 << 16];
  for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
  const int status = ::pclose(pipe);
  code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return out;
}

// One reason for all files that have it: message types and numbers are not told apart.
std::string general(std::string what) {
  if (const auto and_so = what.find(", and so with all"); and_so != what.npos) what.erase(and_so);
  if (const auto semicolon = what.find(';'); semicolon != what.npos) what.erase(semicolon);
  std::string out;
  for (std::size_t i = 0; i < what.size(); ++i) {
    const auto upper = [&](std::size_t at) { return at < what.size() && ((what[at] >= 'A' && what[at] <= 'Z') || (what[at] >= '0' && what[at] <= '9')); };
    const bool begins = i == 0 || what[i - 1] == ' ' || what[i - 1] == '(';
    if (begins && upper(i) && upper(i + 1) && upper(i + 2) && i + 3 < what.size() && what[i + 3] == '^') {
      out += "a message of this type";
      for (i += 3; i + 1 < what.size() && (what[i + 1] == '^' || upper(i + 1)); ++i) {
      }
    } else if (what[i] >= '0' && what[i] <= '9' && begins) {
      out += 'N';
      while (i + 1 < what.size() && what[i + 1] >= '0' && what[i + 1] <= '9') ++i;
    } else {
      out += what[i];
    }
  }
  return out;
}

void count(const Json& j, Row& row) {
  ++row.files;
  row.messages += j["messages"].get<unsigned>();
  const std::string verdict = j["verdict"];
  if (verdict == "read") {
    ++row.read;
  } else if (verdict == "refused") {
    ++row.refused;
    ++row.why_refused[general(j["error"]["what"])];
  } else {
    ++row.partial;
    std::set<std::string> reasons;
    if (!j["unmapped"].empty()) reasons.insert("holds what nobody reads");
    for (const auto& w : j["warnings"]) reasons.insert(general(w["what"]));
    for (const auto& r : reasons) ++row.why_partial[r];
  }
}

void check(const Json& j) {
  CAPTURE(j["file"].get<std::string>());
  const std::string verdict = j["verdict"];
  const bool known = verdict == "read" || verdict == "partial" || verdict == "refused";
  CHECK(known);
  if (verdict == "partial") {
    const bool reason = !j["warnings"].empty() || !j["unmapped"].empty();
    CHECK(reason);
  }
  if (verdict != "refused") return;
  CHECK_FALSE(j["error"]["what"].get<std::string>().empty());
  CHECK_FALSE(j["error"]["mend"].get<std::string>().empty());
}

std::string top(const std::map<std::string, unsigned>& reasons) {
  std::vector<std::pair<std::string, unsigned>> all(reasons.begin(), reasons.end());
  std::ranges::stable_sort(all, [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string out;
  unsigned rest = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i < kTop)
      out += "- " + std::to_string(all[i].second) + " × " + all[i].first + "\n";
    else
      rest += all[i].second;
  }
  if (rest > 0) out += "- " + std::to_string(rest) + " × " + std::to_string(all.size() - kTop) + " other reasons\n";
  return out;
}

// Runs that a signal ended, or that failed; files that got no answer.
struct Failures {
  std::size_t crashes = 0, silent = 0;
};

std::string table(const std::map<std::string, Row>& rows, const std::string& corpus, const Failures& failures) {
  std::string out = "Corpus: " + corpus + ". Crashes: " + std::to_string(failures.crashes) + ". Files without an answer: " +
                    std::to_string(failures.silent) + ".\n\n| format | files | messages | read | in part | refused |\n|---|---|---|---|---|---|\n";
  for (const auto& [name, r] : rows)
    out += "| " + name + " | " + std::to_string(r.files) + " | " + std::to_string(r.messages) + " | " + std::to_string(r.read) + " | " +
           std::to_string(r.partial) + " | " + std::to_string(r.refused) + " |\n";
  for (const auto& [name, r] : rows) {
    if (!r.why_partial.empty()) out += "\n" + name + ", in part:\n\n" + top(r.why_partial);
    if (!r.why_refused.empty()) out += "\n" + name + ", refused:\n\n" + top(r.why_refused);
  }
  return out;
}

std::vector<std::string> files_of(const fs::path& root) {
  std::vector<std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(root))
    if (entry.is_regular_file()) out.push_back(entry.path().string());
  std::ranges::sort(out);
  return out;
}

// Which corpus it was, without its names: how many files and bytes.
std::string corpus_of(const std::vector<std::string>& files) {
  std::uintmax_t bytes = 0;
  for (const auto& f : files) bytes += fs::file_size(f);
  return std::to_string(files.size()) + " files, " + std::to_string(bytes) + " bytes";
}

// The table in docs/interop.md is that of the corpus that was there last; of another corpus it says nothing.
void hold_against_page(const std::string& made, const std::string& corpus) {
  const fs::path page = fs::path(HANDOFF_SOURCE_DIR) / "docs/interop.md";
  std::string text = kit::read_file(page);
  const auto from = text.find(kBegin), to = text.find(kEnd);
  REQUIRE(from != text.npos);
  REQUIRE(to != text.npos);
  const auto first = from + std::string(kBegin).size();
  const std::string kept = text.substr(first, to - first);
  if (std::getenv("HANDOFF_CORPUS_WRITE") != nullptr) {
    text.replace(first, to - first, made);
    std::ofstream(page, std::ios::binary) << text;
  } else if (kept.find("Corpus: " + corpus + ".") != kept.npos) {
    CHECK_MESSAGE(kept == made, "docs/interop.md is not what inspect says now: HANDOFF_CORPUS_WRITE=1 writes it anew");
  }
}

}  // namespace

TEST_CASE("every file of the corpus gets a verdict with reasons from the program itself") {
  const char* named = std::getenv("HANDOFF_CORPUS");
  const fs::path root = named != nullptr ? fs::path(named) : fs::path(HANDOFF_SOURCE_DIR) / "tests/corpus/samples";
  const auto files = files_of(root);
  REQUIRE_FALSE(files.empty());
  std::map<std::string, Row> rows;
  Failures failures;
  for (std::size_t at = 0; at < files.size(); at += kBatch) {
    std::string command = std::string(HANDOFF_BIN_DIR) + "/handoff-agent inspect";
    const std::size_t end = std::min(at + kBatch, files.size());
    for (std::size_t i = at; i < end; ++i) command += " " + quoted(files[i]);
    int code = 0;
    std::istringstream lines(run(command, code));
    failures.crashes += code == 0 || code == 1 ? 0 : 1;
    std::size_t i = at;
    for (std::string line; std::getline(lines, line); ++i) {
      const Json j = Json::parse(line);
      REQUIRE(i < end);
      CHECK(j["file"] == files[i]);
      check(j);
      const std::string format = j["format"];
      count(j, rows[format.empty() ? "none of ours" : format]);
    }
    failures.silent += end - i;
  }
  CHECK(failures.crashes == 0);
  CHECK(failures.silent == 0);
  const std::string corpus = corpus_of(files), made = table(rows, corpus, failures);
  std::ofstream(fs::path(HANDOFF_BIN_DIR) / "../corpus.md", std::ios::binary) << made;
  std::printf("%s", made.c_str());
  if (named != nullptr) hold_against_page(made, corpus);
}
