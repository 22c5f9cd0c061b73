// See crash_oracle.h.
#include "tests/fault/crash_oracle.h"

#include <poll.h>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <functional>

#include <doctest/doctest.h>  // last: its CHECK is the one that tests mean

namespace fault {
namespace {

bool eventually(const std::function<bool()>& holds) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::minutes(3);  // ends only a story that has gone wrong
  while (!holds()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    ::poll(nullptr, 0, 50);
  }
  return true;
}

bool can_send(const County& county, std::size_t from) {
  const auto answer =
      ask(county.agent_dir(from), {{"op", "can_send"}, {"to", kSlugs[1 - from]}, {"kind", "SecureMessage"}, {"purpose", "TREAT"}});
  return answer && answer->value("allowed", false) && answer->value("epoch_key", false);
}

// Everything that waits has been sent, and every message is known to be delivered.
bool settled(const County& county, std::size_t agent) {
  const auto status = ask(county.agent_dir(agent), {{"op", "status"}});
  if (!status || !status->value("ok", false)) return false;
  const auto& outbox = status->at("outbox");
  return outbox.at("waiting") == 0 && outbox.at("in_flight") == 0;
}

std::string texts(const nlohmann::json& shown, bool outgoing) {
  std::string out;
  for (const auto& e : shown.at("events")) {
    if (e.at("outgoing") == outgoing) out += e.at("body").at("secure_message").at("text").get<std::string>() + " ";
  }
  return out;
}

std::string numbers(unsigned n) {
  std::string out;
  for (unsigned i = 1; i <= n; ++i) out += std::to_string(i) + " ";
  return out;
}

// One thread, asked at both ends.
void judge_thread(const County& county, const Thread& thread) {
  if (thread.acknowledged == 0) return;
  CAPTURE(thread.id);
  const auto expected = numbers(thread.acknowledged);
  nlohmann::json shown;
  const auto arrived = [&] {
    const auto answer = ask(county.agent_dir(1 - thread.from), {{"op", "inbox.show"}, {"thread", thread.id}});
    if (answer && answer->value("ok", false)) shown = *answer;
    return shown.is_object() && texts(shown, false).size() >= expected.size();
  };
  eventually(arrived);
  REQUIRE(shown.is_object());
  CHECK(texts(shown, false) == expected);  // each once, in order, none missing
  const auto sent = ask(county.agent_dir(thread.from), {{"op", "inbox.show"}, {"thread", thread.id}});
  REQUIRE(sent);
  CHECK(texts(*sent, true) == expected);
}

}  // namespace

Folder::Folder() {
  path = (std::filesystem::temp_directory_path() / "handoff-crash-XXXXXX").string();
  REQUIRE(mkdtemp(path.data()) != nullptr);
}
Folder::~Folder() {
  std::error_code ignored;
  if (std::uncaught_exceptions() == 0 && !std::getenv("HANDOFF_CRASH_KEEP")) std::filesystem::remove_all(path, ignored);
}

Load::Load(const County& county) : county_(county) {
  for (std::size_t from : {0, 1}) REQUIRE(eventually([&] { return can_send(county, from); }));
  for (std::size_t from : {0, 1}) {
    for (const char* name : {"a", "b"}) {
      writers_.push_back(std::make_unique<Writer>(county.agent_dir(from), from, kSlugs[1 - from], kSlugs[from] + std::string(name)));
    }
  }
}

std::size_t Load::judge() {
  for (auto& w : writers_) {
    w->stop();
    CHECK(w->refused() == "");
  }
  for (std::size_t agent : {0, 1}) CHECK(eventually([&] { return settled(county_, agent); }));
  std::size_t messages = 0;
  for (const auto& w : writers_) {
    for (const auto& thread : w->threads()) {
      judge_thread(county_, thread);
      messages += thread.acknowledged;
    }
  }
  return messages;
}

}  // namespace fault
