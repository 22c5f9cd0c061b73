// handoff inbox watch: a line and a bell for each new notice, for a desk that has a terminal and no browser. The words have no content: who
// passes the desk learns that something waits. It asks again and again, so that it outlives a restart of the agent.
#include <chrono>
#include <nlohmann/json.hpp>
#include <ostream>
#include <thread>

#include "cli/counter/print.h"
#include "cli/program/commands.h"

namespace cli::program {
namespace {

using counter::Json;
using counter::text;

constexpr std::uint64_t kPage = 200;

class Watch {
 public:
  Watch(const counter::Call& call, std::uint64_t every_s, std::uint64_t most) : call_(call), every_(every_s), most_(most) {}

  counter::Exit run() {
    TRY(look());  // who may not ask, or asks nobody, learns it at once
    while (most_ == 0 || told_ < most_) {
      std::this_thread::sleep_for(std::chrono::seconds(every_));
      const base::Status now = look();
      if (!now.ok() && now.error().kind == base::Kind::kDenied) return now.error();
      if (now.ok() != there_) call_.err << (now.ok() ? "the agent is back\n" : "the agent does not answer; asking on\n") << std::flush;
      there_ = now.ok();
    }
    return counter::kWorked;
  }

 private:
  // What nobody has seen, and was not rung for yet; oldest first.
  base::Status look() {
    TRY_ASSIGN(const auto answer, counter::ask(call_, {{"op", "notices"}, {"unseen", true}, {"limit", kPage}}));
    TRY_ASSIGN(const Json* list, counter::list_in(*answer, "notices"));
    std::uint64_t newest = rung_;
    for (auto n = list->rbegin(); n != list->rend(); ++n) {
      const std::uint64_t seq = n->value("seq", std::uint64_t{0});
      newest = std::max(newest, seq);
      if (seq > rung_ && (most_ == 0 || told_ < most_)) ring(*n);
    }
    rung_ = newest;
    return {};
  }
  void ring(const Json& notice) {
    ++told_;
    if (call_.json()) {
      counter::print_json(call_.out, {{"seq", notice["seq"]}, {"at", notice["at"]}, {"tell", notice["tell"]}, {"urgency", notice["urgency"]}, {"words", notice["short"]}});
    } else {
      counter::wrap(call_.out, 0, counter::seconds(text(notice, "at")) + "  " + text(notice, "short") + "  (for " + text(notice, "tell") + ")");
      if (!call_.has("quiet")) call_.out << (text(notice, "urgency") == "emergent" ? "\a\a\a" : "\a");
    }
    call_.out << std::flush;
  }

  const counter::Call& call_;
  std::uint64_t every_, most_, told_ = 0, rung_ = 0;
  bool there_ = true;
};

}  // namespace

counter::Exit inbox_watch(const counter::Call& call) {
  TRY_ASSIGN(const std::uint64_t every, counter::number_option(call, "every", 2));
  TRY_ASSIGN(const std::uint64_t most, counter::number_option(call, "notices", 0));
  if (every < 1 || every > 3600) return base::Error{base::Kind::kUsage, "out of range", "--every", "use 1 to 3600 seconds"};
  return Watch(call, every, most).run();
}

}  // namespace cli::program
