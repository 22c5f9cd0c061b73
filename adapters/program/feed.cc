// feed dry-run, feed shadow, feed report, go-live, rollback: from the first message that an adapter reads to the first that it sends.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "adapters/agent/files.h"
#include "adapters/program/commands.h"
#include "adapters/program/line.h"

namespace adapters::program {
namespace {

constexpr std::size_t kMaxFile = 16u << 20;

// Words of one reader: what would leave, and what the policy takes out of it and by which rule.
void print_reader(const Json& r) {
  const bool allowed = r.value("allowed", false);
  std::string line = fmt::format("       {} {}: {}", allowed ? "to" : "NOT to", field(r, "to"), joined(r.value("rules", Json::array())));
  if (allowed) line += ", view " + field(r, "view");
  if (const Json withheld = r.value("withheld", Json::array()); !withheld.empty()) line += ", without " + joined(withheld);
  fmt::print("{}\n", line);
  if (!allowed && !field(r, "words").empty()) fmt::print("         {}\n", field(r, "words"));
}

void print_message(const Json& m) {
  fmt::print("  {:<10} {:<22} {}\n", field(m, "verdict"), field(m, "kind"), field(m, "at"));
  for (const Json& r : m.value("readers", Json::array())) print_reader(r);
  if (const Json unmapped = m.value("unmapped", Json::array()); !unmapped.empty()) fmt::print("       unmapped, as they came: {}\n", joined(unmapped));
  if (!m.contains("error")) return;
  const Json& e = m.at("error");
  const std::string where = field(e, "where"), mend = field(e, "mend");
  fmt::print("       {}{}{}\n", where.empty() ? "" : where + ": ", field(e, "what"), mend.empty() ? "" : "; " + mend);
}

void print_mode(const Json& a) {
  const Json kinds = a.value("kinds", Json::array());
  const bool live = field(a, "mode") == "live";
  fmt::print("{}: {}{}{}\n", field(a, "adapter"), field(a, "mode"), kinds.empty() ? "" : ", live: " + joined(kinds),
             live ? "" : ". An accepting answer does not mean sent" + std::string(kinds.empty() ? "; nothing leaves, and events for this system wait" : ""));
}

base::Result<std::shared_ptr<Json>> set_mode(const Arguments& a, const char* mode, const Json& kinds) {
  if (a.words.size() < (a.has("config") ? 1u : 2u)) return usage("name the agent's folder and the adapter");
  TRY_ASSIGN(const std::string dir, data_folder(a));
  return ask(dir, {{"op", "feed.mode"}, {"adapter", a.words[a.has("config") ? 0 : 1]}, {"mode", mode}, {"kinds", kinds}});
}

base::Result<int> shown(const Arguments& a, const base::Result<std::shared_ptr<Json>>& answer, const std::string& then) {
  if (!answer.ok()) return answer.error();
  if (a.has("json")) {
    fmt::print("{}\n", schemas::dump(**answer));
  } else {
    print_mode(**answer);
    next(then);
  }
  return kWorked;
}

std::string with(const Arguments& a, const char* command) {
  return fmt::format("handoff-agent {} {} {}", command, a.has("config") ? "--config " + a.get("config") : a.words[0], a.words[a.has("config") ? 0 : 1]);
}

base::Result<bool> try_file(const Arguments& a, const std::string& dir, const std::string& adapter, const std::string& path) {
  TRY_ASSIGN(const base::Bytes bytes, agent::read_file(path, kMaxFile));
  TRY_ASSIGN(const auto answer, ask(dir, {{"op", "feed.try"}, {"adapter", adapter}, {"format", a.get("format")}, {"bytes", base::base64(bytes)}}));
  if (a.has("json")) {
    (*answer)["file"] = path;
    fmt::print("{}\n", schemas::dump(*answer));
  } else {
    fmt::print("{}\n", path);
    for (const Json& m : answer->value("messages", Json::array())) print_message(m);
    if (answer->value("messages", Json::array()).empty()) fmt::print("  nothing would come of it\n");
  }
  return answer->value("good", false);
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < list.size();) {
    const auto comma = std::min(list.find(',', at), list.size());
    if (comma > at) out.push_back(list.substr(at, comma - at));
    at = comma + 1;
  }
  return out;
}

}  // namespace

base::Result<int> feed_dry_run(const Arguments& a) {
  const std::size_t first = a.has("config") ? 1 : 2;
  if (a.words.size() <= first) return shown(a, set_mode(a, "dry-run", Json::array()), "send it real messages, then " + with(a, "feed report"));
  TRY_ASSIGN(const std::string dir, data_folder(a));
  bool all = true;
  for (std::size_t i = first; i < a.words.size(); ++i) {
    TRY_ASSIGN(const bool good, try_file(a, dir, a.words[first - 1], a.words[i]));
    all = all && good;
  }
  if (!a.has("json")) next(with(a, "feed dry-run") + ": the same with what really comes in");
  return all ? kWorked : kFinding;
}

base::Result<int> feed_shadow(const Arguments& a) {
  if (a.words.size() > (a.has("config") ? 1u : 2u)) return usage("feed shadow takes a folder and an adapter");
  return shown(a, set_mode(a, "shadow", Json::array()), "let it run beside the old road for a day, then " + with(a, "feed report"));
}

base::Result<int> go_live(const Arguments& a) {
  const Json kinds = split(a.get("kinds"));
  if (a.has("kinds") && kinds.empty()) return usage("name the kinds: Referral,StatusUpdate", "--kinds");
  return shown(a, set_mode(a, kinds.empty() ? "live" : "shadow", kinds), "handoff status; back at once with " + with(a, "rollback"));
}

base::Result<int> rollback(const Arguments& a) { return shown(a, set_mode(a, "shadow", Json::array()), with(a, "feed report") + "; when it is mended, go-live again"); }

base::Result<int> feed_report(const Arguments& a) {
  TRY_ASSIGN(const std::string dir, data_folder(a));
  Json request = {{"op", "feed.report"}, {"limit", 100}};
  const std::size_t at = a.has("config") ? 0 : 1;
  if (a.words.size() > at) request["adapter"] = a.words[at];
  TRY_ASSIGN(const auto answer, ask(dir, request));
  if (a.has("json")) {
    fmt::print("{}\n", schemas::dump(*answer));
    return kWorked;
  }
  for (const Json& one : answer->value("adapters", Json::array())) {
    print_mode(one);
    for (const Json& c : one.value("counts", Json::array())) {
      fmt::print("  {:>6} x {:<10} {:<22} {:<10} {}  (last {})\n", c.value("count", std::uint64_t{0}), field(c, "verdict"), field(c, "kind"), field(c, "to"), field(c, "reason"), field(c, "last"));
    }
    for (const Json& m : one.value("messages", Json::array())) print_message(m);
  }
  next("mend the mapping, agent.toml or the policy where it is not as meant; then feed shadow, and go-live");
  return kWorked;
}

}  // namespace adapters::program
