#include "adapters/foreign/link.h"

#include <poll.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace adapters::foreign {
namespace {

using base::Error;
using base::Kind;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::uint64_t kLongestPause = 60'000, kSoundLife = 30'000;
constexpr std::size_t kMaxUnread = 2 * kMaxLine;  // answers that it has not read yet: beyond it, it is not listened to

}  // namespace

struct Link::Life {
  std::unique_ptr<transport::Process> process;
  transport::Lines lines{kMaxLine};
  std::string out;                           // not yet taken by the program
  std::size_t noise = 0;                     // lines on its standard error
  bool greeted = false, open = true;
  Time began = steady_clock::now(), next_health{}, next_minute{}, stuck_since{};

  void count_noise() {
    const auto bytes = transport::Process::take(process->err());
    if (bytes) noise += static_cast<std::size_t>(std::ranges::count(*bytes, '\n'));
  }
};

void Link::start() {
  thread_ = std::thread([this] { run(); });
}

void Link::stop() {
  stop_.set();
  const std::lock_guard held(joining_);
  if (thread_.joinable()) thread_.join();
}

base::Result<std::shared_ptr<Json>> Link::ask(Json request) {
  std::unique_lock lock(mutex_);
  if (!up_) return Error{Kind::kBusy, "the plugin does not run now: " + why_};
  const std::uint64_t id = ++ids_;
  request["id"] = id;
  std::string line = schemas::dump(request);
  if (line.size() > kMaxLine) return Error{Kind::kTooLarge, "it does not fit into a line of the plugin protocol"};
  waiting_[id] = {steady_clock::now() + milliseconds(settings_.answer_ms), request["op"], nullptr};
  outgoing_.push_back(std::move(line) + "\n");
  bell_.ring();
  changed_.wait(lock, [&] { return !waiting_.contains(id) || waiting_[id].answer; });
  const auto it = waiting_.find(id);
  auto answer = it == waiting_.end() ? nullptr : it->second.answer;
  waiting_.erase(id);
  if (!answer) return Error{Kind::kBusy, "the plugin ended before it answered: " + why_, kEndedWhere};
  return answer;
}

bool Link::wants(const agent::Delivery& d) const {
  const std::lock_guard lock(mutex_);
  if (!up_) return true;  // it will say
  return (!d.outgoing || own_) && (kinds_.empty() || std::ranges::find(kinds_, schemas::name_of(d.kind)) != kinds_.end());
}

agent::Health Link::health() const {
  const std::lock_guard lock(mutex_);
  agent::Health h = health_;
  h.accepted = desk_.accepted(), h.refused = desk_.refused();
  if (!up_) h.ok = false, h.words = why_;
  return h;
}

void Link::run() {
  std::uint64_t pause = settings_.restart_ms;
  while (!stop_.is_set()) {
    const Time began = steady_clock::now();
    bool greeted = false;
    std::string why = live(greeted);
    if (stop_.is_set()) break;
    if (greeted && steady_clock::now() - began > milliseconds(kSoundLife)) pause = settings_.restart_ms;
    host_.say(settings_.name, why + "; it is started again in " + std::to_string(pause) + " ms");
    down(std::move(why));
    transport::wait_for(-1, 0, stop_, pause);
    pause = std::min(kLongestPause, pause * 2);
  }
  down("stopped");
}

void Link::down(std::string why) {
  const std::lock_guard lock(mutex_);
  up_ = false, why_ = std::move(why);
  outgoing_.clear();
  waiting_.clear();
  changed_.notify_all();
}

std::string Link::live(bool& greeted) {
  auto started = transport::Process::start(settings_.process);
  if (!started.ok()) return started.error().message();
  Life life;
  life.process = std::move(*started);
  const Json hello{{"op", "hello"},        {"v", kVersion},
                   {"name", settings_.name}, {"agency", host_.own_slug()},
                   {"agency_kind", host_.own_kind()}, {"now", base::rfc3339(host_.now())},
                   {"config", *schemas::parse_json(settings_.config).value()}, {"max_line", kMaxLine}};
  life.out = schemas::dump(hello) + "\n";
  life.next_minute = life.began + milliseconds(base::kMinute);
  std::string why;
  while (wait_and_move(life)) {
    if (auto s = turn(life); !s.ok()) {
      why = s.error().what;
      break;
    }
  }
  greeted = life.greeted;
  if (stop_.is_set()) {
    say_goodbye(life);
    return "stopped";
  }
  const transport::Ended end = life.process->finish(why.empty() ? settings_.grace_ms : 0);
  if (why.empty()) why = end.words();
  life.count_noise();
  if (life.noise > 0) why += ", after " + std::to_string(life.noise) + " lines on its standard error, which are not kept";
  return why;
}

std::uint64_t Link::soonest_ms(const Life& life) const {
  Time soonest = std::min(life.next_minute, life.greeted ? life.next_health : life.began + milliseconds(settings_.hello_ms));
  if (!life.out.empty()) soonest = std::min(soonest, life.stuck_since + milliseconds(settings_.answer_ms));
  const std::lock_guard lock(mutex_);
  for (const auto& [id, w] : waiting_)
    if (!w.answer) soonest = std::min(soonest, w.due);
  const auto left = std::chrono::duration_cast<milliseconds>(soonest - steady_clock::now()).count();
  return left < 0 ? 0 : static_cast<std::uint64_t>(left) + 1;
}

// Waits until there is something to do, and moves what was asked for meanwhile into the life's output.
bool Link::wait_and_move(Life& life) {
  const auto& p = *life.process;
  const bool listen = life.open && life.out.size() < kMaxUnread;
  pollfd all[] = {{stop_.fd(), POLLIN, 0},         {bell_.fd(), POLLIN, 0}, {p.end(), POLLIN, 0}, {listen ? p.out() : -1, POLLIN, 0},
                  {p.err(), POLLIN, 0}, {life.out.empty() ? -1 : p.in(), POLLOUT, 0}};
  ::poll(all, std::size(all), static_cast<int>(std::min<std::uint64_t>(soonest_ms(life), 1u << 30)));
  bell_.quiet();
  const std::lock_guard lock(mutex_);
  if (life.out.empty() && !outgoing_.empty()) life.stuck_since = steady_clock::now();
  for (const std::string& line : outgoing_) life.out += line;
  outgoing_.clear();
  return !stop_.is_set();
}

base::Status Link::turn(Life& life) {
  if (!life.out.empty()) {
    const auto taken = life.process->put(life.out);
    if (taken && *taken > 0) life.out.erase(0, *taken), life.stuck_since = steady_clock::now();
  }
  life.count_noise();
  const bool gone = life.process->ended().has_value();  // what it wrote before is still read
  TRY(read(life));
  if (gone || !life.open) return Error{Kind::kBusy, gone ? life.process->ended()->words() : "it closed its standard output"};
  return check_time(life);
}

base::Status Link::read(Life& life) {
  while (life.open && life.out.size() < kMaxUnread) {
    const auto bytes = transport::Process::take(life.process->out());
    if (!bytes) life.open = false;
    if (!bytes || bytes->empty()) return {};
    life.lines.feed(*bytes);
    for (;;) {
      TRY_ASSIGN(const auto line, life.lines.next());
      if (!line) break;
      TRY(take(life, *line));
    }
    if (!life.process->ended()) return {};  // one piece a turn, so that nothing else waits for a flood
  }
  return {};
}

base::Status Link::take(Life& life, const std::string& line) {
  const auto j = read_line(line);
  if (!j.ok()) return base::malformed("it wrote a line that is none of the protocol's");
  const std::string op = text_or(**j, "op");
  if (op == "hello" && !life.greeted) return greet(life, **j);
  if (!life.greeted) return base::malformed("its first line was not hello");
  if (op == "result" || op == "health") return settle(std::move(**j));
  TRY_ASSIGN(const auto answer, desk_.answer(**j));
  if (!answer) return {};
  if (life.out.empty()) life.stuck_since = steady_clock::now();
  life.out += schemas::dump(*answer) + "\n";
  return {};
}

base::Status Link::greet(Life& life, const Json& hello) {
  if (number_or(hello, "v", 0) != kVersion) return Error{Kind::kUnsupported, "it speaks another version of the plugin protocol"};
  std::vector<std::string> kinds;
  if (const auto it = hello.find("kinds"); it != hello.end()) {
    if (!it->is_array()) return base::malformed("its hello has kinds that are no list");
    for (const Json& k : *it) {
      if (!k.is_string() || !schemas::code_of(schemas::msg_kinds(), k.get<std::string>()))
        return base::malformed("its hello wants a kind that there is not");
      kinds.push_back(k);
    }
  }
  life.greeted = true;
  life.next_health = steady_clock::now() + milliseconds(settings_.health_ms);
  const std::string name = plain(text_or(hello, "name", "a plugin"));
  {
    const std::lock_guard lock(mutex_);
    kinds_ = std::move(kinds), own_ = flag_or(hello, "outgoing", false);
    health_.ok = true, health_.words = name + " runs";
    up_ = true;
  }
  host_.say(settings_.name, name + " " + plain(text_or(hello, "version")) + " runs");
  return {};
}

base::Status Link::settle(Json answer) {
  const std::uint64_t id = number_or(answer, "id", 0);
  const bool health = answer["op"] == "health";
  const std::lock_guard lock(mutex_);
  const auto it = waiting_.find(id);
  if (it == waiting_.end() || it->second.answer || (it->second.op == "health") != health) return base::malformed("it answered what was not asked");
  if (health) {
    const agent::Health said = health_from(answer);
    health_.ok = said.ok, health_.words = said.words;
    waiting_.erase(it);
    return {};
  }
  it->second.answer = std::make_shared<Json>(std::move(answer));
  changed_.notify_all();
  return {};
}

base::Status Link::check_time(Life& life) {
  const Time now = steady_clock::now();
  if (!life.greeted && now > life.began + milliseconds(settings_.hello_ms)) return Error{Kind::kBusy, "it did not say hello in time"};
  if (!life.out.empty() && now > life.stuck_since + milliseconds(settings_.answer_ms)) return Error{Kind::kBusy, "it does not read what it is sent"};
  if (now > life.next_minute) {
    life.process->allow_cpu(settings_.process.cpu_seconds);
    life.next_minute = now + milliseconds(base::kMinute);
  }
  const std::lock_guard lock(mutex_);
  for (const auto& [id, w] : waiting_)
    if (!w.answer && now > w.due) return Error{Kind::kBusy, "it did not answer in time (" + w.op + ")"};
  if (life.greeted && now > life.next_health) {
    const std::uint64_t id = ++ids_;
    waiting_[id] = {now + milliseconds(settings_.answer_ms), "health", nullptr};
    if (life.out.empty()) life.stuck_since = now;
    life.out += schemas::dump({{"op", "health"}, {"id", id}}) + "\n";
    life.next_health = now + milliseconds(settings_.health_ms);
  }
  return {};
}

// Told to stop, it may still finish what it is in the middle of; what it asks is answered no more: it will ask again.
void Link::say_goodbye(Life& life) {
  down("stopped");
  (void)life.process->put(life.out + "{\"op\":\"stop\"}\n");
  life.process->close_in();
  life.process->finish(settings_.grace_ms);
}

}  // namespace adapters::foreign
