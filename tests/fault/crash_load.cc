// See crash_load.h.
#include "tests/fault/crash_load.h"

#include <poll.h>

#include "tests/fault/crash_child.h"

namespace fault {
namespace {

constexpr unsigned kPerThread = 40;  // messages of one conversation
constexpr int kPauseMs = 5;          // between messages, and before the same one again: the rate of the load, nothing waits for it

}  // namespace

Writer::Writer(std::string agent_dir, std::size_t from, std::string to, std::string name)
    : dir_(std::move(agent_dir)), to_(std::move(to)), name_(std::move(name)), from_(from) {
  worker_ = std::thread([this] { write(); });
}

void Writer::stop() {
  stopping_ = true;
  if (worker_.joinable()) worker_.join();
}

void Writer::write() {
  for (unsigned conversation = 0; !stopping_; ++conversation) {
    threads_.push_back({{}, from_, 0});
    for (unsigned n = 1; n <= kPerThread && !stopping_; ++n) {
      if (!one(conversation, n)) return;
      ::poll(nullptr, 0, kPauseMs);
    }
  }
}

bool Writer::one(unsigned conversation, unsigned n) {
  const std::string key = name_ + "-" + std::to_string(conversation) + "-" + std::to_string(n);
  nlohmann::json question{{"op", "send"},
                          {"kind", "SecureMessage"},
                          {"purpose", "TREAT"},
                          {"dedupe_key", key},
                          {"body", {{"kind", "SecureMessage"}, {"authority_basis", "treatment"}, {"secure_message", {{"text", std::to_string(n)}}}}}};
  Thread& thread = threads_.back();
  if (thread.id.empty()) {
    question["to"] = to_;
  } else {
    question["thread"] = thread.id;
  }
  for (;;) {
    const auto answer = ask(dir_, question);
    if (answer && answer->value("ok", false)) {
      thread.id = answer->at("thread");
      thread.acknowledged = n;
      return true;
    }
    const std::string kind = answer ? answer->at("error").value("kind", "") : "busy";
    if (kind != "busy" && kind != "io" && kind != "full") {
      refused_ = key + ": " + answer->dump();
      return false;
    }
    ::poll(nullptr, 0, kPauseMs);
  }
}

}  // namespace fault
