// handoff audit verify: the whole live log, checked by one's own agent against its signed checkpoints; or one of the offline forms.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/audit/commands.h"
#include "cli/counter/print.h"
#include "cli/counter/profile.h"
#include "cli/counter/verified.h"

namespace cli::audit {
namespace {

using counter::Json;
using counter::text;

// `--since`: an entry's number, or a time.
base::Status since_option(const counter::Call& call, Json& request) {
  const std::string since = call.get("since");
  if (since.empty()) return {};
  if (since.find_first_not_of("0123456789") == std::string::npos) {
    TRY_ASSIGN(const std::uint64_t n, counter::number_option(call, "since", 0));
    if (n != 0) request["since"] = n;
    return {};
  }
  const auto time = counter::time_option(call, "since");
  if (!time.ok()) return base::Error{base::Kind::kUsage, "this is neither an entry's number nor a time", "--since", "write it as 31007, 2026-10-05T14:00:00Z or 2026-10-05"};
  request["since_time"] = *time;
  return {};
}

// What was verified on this machine before goes along, unless it is not wanted.
base::Result<std::optional<counter::KeptHead>> before(const counter::Call& call, const std::string& file, bool hub, Json& request) {
  std::optional<counter::KeptHead> kept;
  TRY(since_option(call, request));
  if (call.has("whole") || call.has("since")) return kept;
  std::string words;
  kept = counter::kept_head(file, &words);
  if (!words.empty()) counter::wrap(call.err, 0, words);
  if (kept && hub == kept->log.empty()) kept.reset();  // of an agent, and now it is a hub, or the other way round
  if (!kept) return kept;
  if (kept->verified.at > call.now.plus(2 * base::kMinute))
    counter::wrap(call.err, 0, "this machine's clock stands before the last verification (" + base::rfc3339(kept->verified.at) + "): one of the two times is wrong. The log's own times are the hub's");
  if (hub) {
    request["from"] = counter::to_json(*kept);
  } else {
    request["since"] = kept->verified.mark.size;
    request["since_root"] = base::hex(kept->verified.root);
  }
  return kept;
}

std::string vouching(const Json& witnessed) {
  if (!witnessed.is_object()) return {};
  if (witnessed.value("quorum", false) == false) return "no witnesses are asked for: only the hub's own key vouches for the log's past";
  std::string names;
  for (const Json& name : witnessed.value("by", Json::array())) names += (names.empty() ? "" : ", ") + counter::plain(name.is_string() ? name.get<std::string>() : std::string());
  if (names.empty()) return "no checkpoint has enough witnesses yet";
  return fmt::format("up to entry {} it is also vouched for by {}", text(witnessed, "size"), names);
}

// A log that held to its end is where the next verification begins.
void keep(const counter::Call& call, const std::string& file, const Json& answer) {
  std::optional<counter::KeptHead> head;
  if (const auto mark = answer.find("mark"); mark != answer.end()) {
    head = counter::head_from(*mark);
  } else if (const auto root = base::unhex_hash(text(answer, "root")); root && answer.contains("entries") && answer.at("entries").is_number_unsigned()) {
    head.emplace();
    head->verified.mark.size = answer.at("entries").get<std::uint64_t>();
    head->verified.root = *root;
  }
  if (!head || head->verified.mark.size == 0) return;
  head->verified.at = call.now;
  if (const auto kept = counter::keep_head(file, *head); !kept.ok()) counter::wrap(call.err, 0, "what was verified could not be kept for the next time: " + kept.error().message());
}

void print(const counter::Call& call, const Json& j, bool ok, const std::optional<counter::KeptHead>& kept) {
  const auto bad = j.find("first_bad");
  const bool named = bad != j.end() && bad->is_object();
  if (!ok) {
    counter::wrap(call.out, 0,
                  fmt::format("THE LOG DOES NOT HOLD. {}{}", named ? "Entry #" + text(*bad, "index") + ": " : "",
                              named ? text(*bad, "why") : "this agency's own copy of the log has stopped; see handoff status"));
    return;
  }
  counter::wrap(call.out, 0, fmt::format("the log holds: {} entries, root {}", text(j, "entries"), text(j, "root")));
  if (const std::string words = vouching(j.value("witnessed", Json())); !words.empty()) counter::wrap(call.out, 0, words);
  const std::string since = text(j, "since");
  if (since.empty() || since == "0") return;
  counter::wrap(call.out, 0,
                kept ? fmt::format("read from #{} on; what lies before was verified on {} and is bound by the same root (--whole reads it again)", since, base::rfc3339(kept->verified.at))
                     : fmt::format("read from #{} on; what lies before was not read", since));
}

counter::Exit verify_log(const counter::Call& call) {
  Json request{{"op", "audit.verify"}};
  TRY_ASSIGN(const counter::Profile whom, counter::whom_to_ask(call));
  const std::string file = counter::verified_file(call);
  TRY_ASSIGN(const auto kept, before(call, file, !whom.hub.empty(), request));
  TRY_ASSIGN(const auto answer, counter::ask(call, request, counter::progress_to(call, "entries checked")));
  Json& j = *answer;
  const auto bad = j.find("first_bad");
  const bool named = bad != j.end() && bad->is_object();
  const bool ok = !named && j.contains("ok") && j.at("ok") == true && (!j.contains("holds") || j.at("holds") == true);
  const auto entries = j.find("entries");
  if (ok && (entries == j.end() || !entries->is_number_unsigned() || !base::unhex_hash(text(j, "root"))))
    return base::malformed("the answer does not say what was verified", "audit.verify", "are the agent and this program of one version?");
  if (ok && !call.has("since")) keep(call, file, j);
  j["ok"] = ok;  // of the log; the agent's own says that it could answer
  j.erase("holds");
  j.erase("mark");
  if (const auto root = base::unhex_hash(text(j, "root"))) j["root"] = base::base64(*root);  // as checkpoints print it
  if (call.json()) {
    counter::print_json(call.out, j);
  } else {
    print(call, j, ok, kept);
  }
  return ok ? counter::kWorked : counter::kFinding;
}

}  // namespace

counter::Exit verify(const counter::Call& call) {
  if (call.has("bundle") && call.has("store"))
    return base::Error{base::Kind::kUsage, "a bundle and a store are two questions", "--store", "ask them one at a time"};
  if (call.has("since") && (call.has("bundle") || call.has("store")))
    return base::Error{base::Kind::kUsage, "this option is for the live log", "--since", "leave it out"};
  if (call.has("whole") && (call.has("since") || call.has("bundle") || call.has("store")))
    return base::Error{base::Kind::kUsage, "this option is for the live log, and without --since", "--whole", "leave it out"};
  if (call.has("known") && !call.has("store"))
    return base::Error{base::Kind::kUsage, "this option goes with --store", "--known", "leave it out"};
  if (call.has("anchor") && !call.has("store"))
    return base::Error{base::Kind::kUsage, "this option goes with --store", "--anchor", "leave it out"};
  if (call.has("anchor-hash") && !call.has("bundle"))
    return base::Error{base::Kind::kUsage, "this option goes with a bundle", "--anchor-hash", "leave it out"};
  if (call.has("bundle")) return verify_bundle(call);
  if (call.has("store")) return verify_store(call);
  return verify_log(call);
}

}  // namespace cli::audit
