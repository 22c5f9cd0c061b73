#include "cli/kit/story.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/kit/samples.h"
#include "schemas/registry.h"

namespace cli::kit {
namespace {

constexpr std::size_t kMany = 2000, kLong = 6u << 20;
constexpr unsigned kRefusals = 2;
constexpr const char* kNoPoke = "give --poke COMMAND, which makes it submit something (drops a file, sends a message)";

Verdict ok() { return {}; }
Verdict bad(std::string words, std::string mend) { return {Verdict::What::kBad, std::move(words), std::move(mend)}; }
Verdict skipped(std::string why) { return {Verdict::What::kSkipped, std::move(why), ""}; }

Verdict gone(Bench& b) { return bad(b.ended() ? b.ended()->words() : "it does not run", "no delivery and no line may end it"); }

// A request that must have one result: nullopt if it has.
std::optional<Verdict> no_result(Bench& b, std::uint64_t id, const char* what) {
  if (b.result(id)) {
    const std::string& verdict = b.results[id].front();
    if (verdict == "ok" || verdict == "busy" || verdict == "unsupported" || verdict == "failed") return std::nullopt;
    return bad(std::string(what) + " got a verdict that there is not", "say ok, busy, unsupported or failed");
  }
  if (b.ended()) return gone(b);
  return bad(std::string(what) + " got no result in time", "answer every deliver with one result with its id");
}

std::string verdict_of(Bench& b, std::uint64_t id) { return b.results[id].empty() ? "" : b.results[id].front(); }

Verdict hello(Bench& b) {
  const auto h = b.hello();
  if (!h) return b.ended() ? bad("it ended before it said hello: " + b.ended()->words(), "read the first line, and answer with hello") : bad("no hello in time", "answer the first line with hello");
  if (!h->contains("v") || (*h)["v"] != 1) return bad("its hello names no version that there is", "say \"v\": 1");
  if (!h->contains("name") || !(*h)["name"].is_string()) return bad("its hello has no name", "say who you are");
  if (!h->contains("kinds")) return ok();
  for (const Json& k : (*h)["kinds"])
    if (!k.is_string() || !schemas::code_of(schemas::msg_kinds(), k.get<std::string>())) return bad("its hello wants a kind that there is not", "use the names of docs/spec/plugin.md");
  return ok();
}

Verdict kinds(Bench& b) {
  for (const Json& d : sample_deliveries()) {
    const std::string kind = d["kind"];
    const std::uint64_t id = b.deliver(d);
    if (auto fault = no_result(b, id, kind.c_str())) return *fault;
  }
  return ok();
}

Verdict again(Bench& b) {
  const std::size_t before = b.submits.size();
  for (const Json& d : sample_deliveries()) {
    const std::string kind = d["kind"];
    const std::uint64_t first = b.deliver(d), second = b.deliver(d);
    if (auto fault = no_result(b, first, kind.c_str())) return *fault;
    if (auto fault = no_result(b, second, (kind + ", a second time,").c_str())) return *fault;
    if (verdict_of(b, first) != verdict_of(b, second))
      return bad(kind + ": " + verdict_of(b, first) + ", and the second time " + verdict_of(b, second), "the same message again changes nothing and is answered the same");
  }
  std::map<std::string, std::string> keys;  // content -> key
  for (std::size_t i = before; i < b.submits.size(); ++i) {
    const auto [it, fresh] = keys.emplace(b.submits[i].content, b.submits[i].key);
    if (!fresh && it->second != b.submits[i].key) return bad("the same message again made it submit the same thing under another dedupe_key", "make the key from the message, not from the moment");
  }
  return ok();
}

Verdict one_result(Bench& b) {
  for (int i = 0; i < 2; ++i)  // the second answer shows that all of the first has come
    if (!b.alive() && b.ended()) return gone(b);
  for (const auto& [id, verdicts] : b.results)
    if (verdicts.size() > 1) return bad("a delivery got " + std::to_string(verdicts.size()) + " results", "one result for each deliver");
  return ok();
}

Verdict unknown_kind(Bench& b) {
  Json d = sample_message("x", 500);
  d["kind"] = "Telepathy";
  d["body"] = {{"kind", "Telepathy"}, {"opaque", "AAEC"}};
  const std::uint64_t id = b.deliver(d);
  if (auto fault = no_result(b, id, "a kind that it cannot know")) return *fault;
  if (verdict_of(b, id) == "unsupported") return ok();
  return bad("a kind that it cannot know was answered " + verdict_of(b, id), "answer unsupported, so that the queue moves on and nobody thinks it was handled");
}

Verdict unknown_op(Bench& b) {
  b.send({{"op", "tell_a_joke"}, {"id", 1}});
  if (!b.alive()) return b.ended() ? gone(b) : bad("an op that it cannot know silenced it", "pass over ops that you do not know");
  return ok();
}

Verdict unknown_fields(Bench& b) {
  Json d = sample_message("x", 501);
  d["x_new"] = {{"deep", {1, 2}}};
  const std::uint64_t id = b.deliver(d, true);
  if (auto fault = no_result(b, id, "a delivery with fields that are new")) return *fault;
  const std::uint64_t plain = b.deliver(sample_message("x", 502));
  if (auto fault = no_result(b, plain, "a delivery")) return *fault;
  if (verdict_of(b, id) != verdict_of(b, plain)) return bad("fields that are new changed its answer to " + verdict_of(b, id), "pass over fields that you do not know");
  return ok();
}

Verdict health(Bench& b) {
  const std::uint64_t id = b.health();
  if (!b.until([&] { return b.healths.contains(id); })) return b.ended() ? gone(b) : bad("no answer after its health in time", "answer health at once, also while you are busy");
  const Json& h = *b.healths[id];
  if (!h.contains("ok") || !h["ok"].is_boolean() || !h.contains("words") || !h["words"].is_string()) return bad("its health has no ok, or no words", "say ok (true or false) and words (nothing about people)");
  return ok();
}

Verdict pieces(Bench& b) {
  const std::uint64_t id = b.deliver_in_pieces(sample_message("In pieces", 504));
  if (auto fault = no_result(b, id, "a line that came in pieces")) return *fault;
  return ok();
}

Verdict slow(Bench& b) {
  std::vector<std::uint64_t> ids;
  for (unsigned n = 0; n < kMany; ++n) ids.push_back(b.deliver(sample_message("x", 1000 + n)));
  b.write_out(500);
  const auto all = [&] { return std::ranges::all_of(ids, [&](auto id) { return b.results.contains(id); }); };
  if (!b.until(all, 6 * b.setup().wait_ms)) return b.ended() ? gone(b) : bad("an agent that reads slowly lost results", "write every result whole, and wait while the pipe is full");
  return ok();
}

Verdict long_line(Bench& b) {
  const std::uint64_t id = b.deliver(sample_message(std::string(kLong, 'x'), 503));
  b.until([&] { return b.results.contains(id); }, 3 * b.setup().wait_ms);
  if (auto fault = no_result(b, id, "a delivery of 6 MiB")) return *fault;
  return ok();
}

Verdict nothing_came(Bench& b) {
  return bad("the poke made it submit nothing; of the poke: " + b.poke_words(), "look at its output; a folder adapter may wait until a file has settled");
}

// What came since `from`, of this step's one poke.
const Submit* first_since(Bench& b, std::size_t from) { return b.submits.size() > from ? &b.submits[from] : nullptr; }

Verdict submit(Bench& b) {
  if (b.setup().poke.empty()) return skipped(kNoPoke);
  const std::size_t from = b.submits.size();
  b.poke();
  if (!b.until([&] { return first_since(b, from) != nullptr; }, 3 * b.setup().wait_ms))
    return nothing_came(b);
  if (first_since(b, from)->key.empty()) return bad("it submits without a dedupe_key", "make it from what is submitted: a file's name and row, a message's id");
  return ok();
}

Verdict busy(Bench& b) {
  if (b.setup().poke.empty()) return skipped(kNoPoke);
  const std::size_t from = b.submits.size();
  std::map<std::string, unsigned> asked;
  b.answer = [&](const Submit& s) { return ++asked[s.key] > kRefusals ? "submitted" : "busy"; };
  b.poke();
  const auto accepted = [&] {
    return std::any_of(b.submits.begin() + static_cast<std::ptrdiff_t>(from), b.submits.end(), [](const Submit& s) { return s.answered == "submitted"; });
  };
  const bool done = b.until(accepted, 6 * b.setup().wait_ms);
  const Submit* first = first_since(b, from);
  if (first == nullptr) return nothing_came(b);
  for (std::size_t i = from; i < b.submits.size(); ++i) {
    if (b.submits[i].key != first->key && b.submits[i].content == first->content)
      return bad("it tried again under another dedupe_key", "the key belongs to the thing, not to the try: the agent would send it twice");
    if (b.submits[i].key == first->key && b.submits[i].content != first->content)
      return bad("it tried again with another content under the same dedupe_key", "try again with the same bytes");
  }
  if (!done) return bad("what was refused with kind busy was not submitted again", "keep it, and submit it again after a pause, under the same dedupe_key");
  return ok();
}

Verdict conflict(Bench& b) {
  if (b.setup().poke.empty()) return skipped(kNoPoke);
  const std::size_t from = b.submits.size();
  b.answer = [](const Submit&) { return "conflict"; };
  b.poke();
  if (!b.until([&] { return first_since(b, from) != nullptr; }, 3 * b.setup().wait_ms)) return nothing_came(b);
  const std::string key = first_since(b, from)->key;
  const bool again_and_again = b.until([&] { return std::count_if(b.submits.begin() + static_cast<std::ptrdiff_t>(from), b.submits.end(), [&](const Submit& s) { return s.key == key; }) > 1; },
                                       b.setup().wait_ms / 4);
  if (again_and_again) return bad("what was refused with kind conflict was submitted again", "only busy may be tried again; show or quarantine the rest");
  return b.ended() ? gone(b) : ok();
}

Verdict restart(Bench& b) {
  if (b.setup().poke.empty()) return skipped(kNoPoke);
  const std::size_t from = b.submits.size();
  b.answer = [](const Submit&) { return ""; };
  b.poke();
  if (!b.until([&] { return first_since(b, from) != nullptr; }, 3 * b.setup().wait_ms)) return nothing_came(b);
  const Submit before = *first_since(b, from);
  b.kill();
  b.answer = [](const Submit&) { return "submitted"; };
  if (const auto s = b.start(); !s.ok()) return bad(s.error().message(), "it must start again");
  const auto since = [&](auto like) { return std::any_of(b.submits.begin(), b.submits.end(), [&](const Submit& s) { return s.run == b.run() && like(s); }); };
  const auto same = [&] { return since([&](const Submit& s) { return s.key == before.key; }); };
  if (!b.until(same, 6 * b.setup().wait_ms)) {
    if (since([&](const Submit& s) { return s.content == before.content; })) return bad("after its restart it submitted the same under another dedupe_key", "keep nothing in memory that the key is made from");
    return bad("what was not answered when it was killed was lost", "let the source go (move the file, acknowledge the message) only after submitted or a final refusal");
  }
  if (!since([&](const Submit& s) { return s.key == before.key && s.content == before.content; })) return bad("after its restart it submitted something else under the same dedupe_key", "the same key, the same bytes");
  return ok();
}

Verdict end(Bench& b, const char* how) {
  const bool left = b.until([&] { return b.ended().has_value(); });
  if (!left) return bad(std::string("it goes on after ") + how, "finish what is begun, then leave");
  const auto e = b.ended();
  if (e->signal != 0 || e->code != 0) return bad(std::string("after ") + how + " " + e->words(), "leave with exit code 0");
  return ok();
}
Verdict stop(Bench& b) {
  b.send({{"op", "stop"}});
  return end(b, "stop");
}
Verdict end_of_input(Bench& b) {
  b.close_input();
  return end(b, "the end of its input");
}

Verdict chatter(Bench& b) {
  if (b.faults.empty()) return ok();
  return bad(b.faults.front() + (b.faults.size() > 1 ? ", and " + std::to_string(b.faults.size() - 1) + " more" : ""),
             "standard output carries protocol lines and nothing else: send words for developers to standard error");
}

}  // namespace

const std::vector<Step>& story() {
  static const std::vector<Step> steps{
      {"hello", "says hello in time", hello},
      {"kinds", "answers each kind of delivery with a result", kinds},
      {"again", "takes the same delivery twice without harm", again},
      {"one-result", "gives each delivery one result and no more", one_result},
      {"unknown-kind", "answers a kind that it cannot know: unsupported", unknown_kind},
      {"unknown-op", "passes over an op that it cannot know", unknown_op},
      {"unknown-fields", "passes over fields that it cannot know", unknown_fields},
      {"health", "says how it is, in time", health},
      {"pieces", "understands a line that comes in pieces", pieces},
      {"slow", "waits for an agent that reads slowly, and loses nothing", slow},
      {"long-line", "takes a line of 6 MiB", long_line},
      {"submit", "submits what it is given", submit},
      {"busy", "tries again what was refused as busy: once, under the same key", busy},
      {"conflict", "gives up what was refused as a conflict", conflict},
      {"restart", "goes on after a sudden end, without loss and without a second copy", restart},
      {"stop", "leaves when it is told to", stop},
      {"end-of-input", "leaves when its input ends", end_of_input},
      {"output", "writes nothing but the protocol", chatter},
  };
  return steps;
}

}  // namespace cli::kit
