#include "cli/kit/bench.h"

#include <poll.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/kit/samples.h"
#include "crypto/base/instant.h"
#include "schemas/registry.h"

namespace cli::kit {
namespace {

using adapters::transport::Process;
using adapters::transport::ProcessOptions;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::uint64_t kTurnMs = 20;

ProcessOptions shell(const std::string& command, const std::string& folder) {
  ProcessOptions o;
  o.command = {"sh", "-c", command};
  o.folder = folder;
  o.environment = {"PATH=" + o.path, "LANG=C.UTF-8", "HOME=/"};
  o.own_stderr = false;  // the developer watches
  return o;
}

bool is_text(const Json& j, const char* key) { return j.contains(key) && j[key].is_string(); }

}  // namespace

base::Status Bench::start() {
  process_.reset();
  lines_ = adapters::transport::Lines(16u << 20);
  out_.clear(), hello_.reset(), broken_ = false, line_no_ = 0;
  ProcessOptions o = shell(setup_.command, setup_.folder);
  o.memory_bytes = setup_.memory_mb << 20;
  TRY_ASSIGN(process_, Process::start(o));
  ++run_;
  send({{"op", "hello"}, {"v", 1}, {"name", "kit"}, {"agency", "stb"}, {"agency_kind", "hospital_ed"}, {"now", base::rfc3339(base::real_now())},
        {"config", *schemas::parse_json(setup_.config).value()}, {"max_line", 16u << 20}});
  until([this] { return hello_ != nullptr; });
  return {};
}

void Bench::kill() {
  if (process_) process_->finish(0);
}

std::optional<Json> Bench::hello() { return hello_ ? std::optional(*hello_) : std::nullopt; }
std::optional<adapters::transport::Ended> Bench::ended() { return process_ ? process_->ended() : std::nullopt; }

void Bench::send(const Json& message) { out_ += schemas::dump(message) + "\n"; }
void Bench::close_input() {
  until([this] { return out_.empty(); });
  process_->close_in();
}

std::uint64_t Bench::deliver(const Json& delivery, bool with_more) {
  Json line{{"op", "deliver"}, {"id", ++ids_}, {"delivery", delivery}};
  if (with_more) line["x_new"] = true;
  send(line);
  return ids_;
}

std::uint64_t Bench::health() {
  send({{"op", "health"}, {"id", ++ids_}});
  return ids_;
}

std::uint64_t Bench::deliver_in_pieces(const Json& delivery) {
  deliver(delivery);
  std::string line;
  line.swap(out_);
  for (std::size_t at = 0; at < line.size(); at += 1 + line.size() / 20) {
    out_ += std::string_view(line).substr(at, 1 + line.size() / 20);
    until([] { return false; }, kTurnMs);
  }
  return ids_;
}

bool Bench::alive() { return result(deliver(sample_message("Are you there?", 499))); }

void Bench::poke() {
  ProcessOptions o = shell(setup_.poke, setup_.folder);
  o.environment.push_back("HANDOFF_POKE=" + std::to_string(++pokes_));
  auto started = Process::start(o);
  poke_words_ = started.ok() ? "it runs still" : started.error().message();
  if (started.ok()) poking_ = std::move(*started);
}

bool Bench::until(const Test& done, std::uint64_t wait_ms) {
  const auto end = steady_clock::now() + milliseconds(wait_ms == 0 ? setup_.wait_ms : wait_ms);
  while (!done()) {
    const bool gone = ended().has_value();
    turn(gone ? 0 : kTurnMs, true);
    if (gone && !done()) return false;
    if (steady_clock::now() > end) return done();
  }
  return true;
}

void Bench::write_out(std::uint64_t stall_ms) {
  auto moved = steady_clock::now();
  while (!out_.empty() && !ended() && steady_clock::now() < moved + milliseconds(stall_ms)) {
    const std::size_t before = out_.size();
    turn(kTurnMs, false);
    if (out_.size() != before) moved = steady_clock::now();
  }
}

void Bench::turn(std::uint64_t wait_ms, bool read) {
  pollfd all[] = {{read && !broken_ ? process_->out() : -1, POLLIN, 0}, {out_.empty() ? -1 : process_->in(), POLLOUT, 0}, {process_->end(), POLLIN, 0}};
  ::poll(all, std::size(all), static_cast<int>(wait_ms));
  if (!out_.empty()) {
    if (const auto n = process_->put(out_)) out_.erase(0, *n);
  }
  if (poking_ && poking_->ended()) {
    poke_words_ = poking_->ended()->words();
    poking_.reset();
  }
  if (poking_) (void)Process::take(poking_->out());  // what it prints is nobody's
  if (!read || broken_) return;
  const auto bytes = Process::take(process_->out());
  if (!bytes) return;
  lines_.feed(*bytes);
  for (;;) {
    const auto line = lines_.next();
    if (!line.ok()) {
      fault("is longer than 16 MiB");
      broken_ = true;
    }
    if (!line.ok() || !*line) return;
    ++line_no_;
    take(**line);
  }
}

void Bench::fault(const std::string& what) {
  faults.push_back("run " + std::to_string(run_) + ", line " + std::to_string(line_no_) + " of its output " + what);
}

void Bench::take(const std::string& line) {
  const auto parsed = schemas::parse_json(line, 16u << 20);
  if (!parsed.ok() || !(*parsed)->is_object() || !is_text(**parsed, "op")) return fault("is no JSON object with an op");
  const Json& j = **parsed;
  const std::string op = j["op"];
  const bool asked = j.contains("id") && j["id"].is_number_unsigned() && j["id"].get<std::uint64_t>() <= ids_;
  if (op == "hello") {
    if (hello_) return fault("says hello again");
    hello_ = *parsed;
  } else if (!hello_) {
    fault("comes before hello");
  } else if (op == "result") {
    if (!asked || !is_text(j, "verdict")) return fault("is a result without the id of a request, or without a verdict");
    results[j["id"].get<std::uint64_t>()].push_back(j["verdict"]);
  } else if (op == "health") {
    if (!asked) return fault("answers a question after its health that was not asked");
    healths[j["id"].get<std::uint64_t>()] = *parsed;
  } else if (op == "submit") {
    take_submit(j);
  } else if (op == "quarantine" || op == "propose") {
    if (!j.contains("id")) return fault("has no id");
    send({{"op", "kept"}, {"id", j["id"]}, {"number", op == "propose" ? Json() : Json(1)}});
  } else if (op == "ask") {
    take_ask(j);
  } else if (op != "say") {
    fault("has an op that there is not");
  }
}

void Bench::take_submit(const Json& j) {
  if (!j.contains("id") || !is_text(j, "dedupe_key") || !j.contains("body")) return fault("submits without id, dedupe_key or body");
  if (const auto body = schemas::body_from_json(j["body"]); !body.ok()) return fault("submits a body that cannot be read: " + body.error().where + ": " + body.error().what);
  // The agent compares the source's bytes where there are any (what was handed in), else the whole.
  Json content = j;
  content.erase("id"), content.erase("dedupe_key");
  if (j["body"].contains("source")) content["body"] = j["body"]["source"];
  Submit s{j["dedupe_key"], schemas::dump(content), run_, ""};
  s.answered = answer(s);
  if (s.answered == "submitted") {
    const bool repeat = !taken_.insert(s.key).second;
    send({{"op", "submitted"}, {"id", j["id"]}, {"message", "0199a1b2-0000-7000-8000-0000000000ff"}, {"thread", j.value("thread", "0199a1b2-0000-7000-8000-0000000000fe")}, {"repeat", repeat}});
  } else if (!s.answered.empty()) {
    send({{"op", "refused"}, {"id", j["id"]}, {"error", {{"kind", s.answered}, {"what", "the kit says so"}, {"where", ""}, {"mend", ""}}}});
  }
  submits.push_back(std::move(s));
}

// An agent with one thread (samples.cc), which it was asked in by harbor.
void Bench::take_ask(const Json& j) {
  if (!j.contains("id") || !is_text(j, "what")) return fault("asks without an id, or for nothing");
  const std::string what = j["what"];
  Json out{{"op", "answer"}, {"id", j["id"]}};
  if (what == "slug")
    out["slug"] = nullptr;
  else if (what == "thread")
    out["threads"] = Json::array({{{"thread", j.value("thread", "")}, {"other", "harbor"}, {"requester", false}, {"loop", {{"phase", "received"}, {"loop", "open"}, {"escalation", 0}}}}});
  else if (what.starts_with("threads"))
    out["threads"] = Json::array(), out["next"] = 0;
  else if (what == "events")
    out["events"] = Json::array();
  else
    out = {{"op", "refused"}, {"id", j["id"]}, {"error", {{"kind", "not_found"}, {"what", "the kit has none"}}}};
  send(out);
}

}  // namespace cli::kit
