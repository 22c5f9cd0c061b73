// The load: writers that hand numbered messages to an agent, each in threads of its own, and remember what was acknowledged. A message
// without an answer is given again under the same key until there is one, as any careful system does.
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace fault {

struct Thread {
  std::string id;
  std::size_t from = 0;       // index of the sending agent
  unsigned acknowledged = 0;  // messages 1..n
};

class Writer {
 public:
  Writer(std::string agent_dir, std::size_t from, std::string to, std::string name);
  ~Writer() { stop(); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  void stop();                                                                   // after the message under way has its answer
  [[nodiscard]] const std::vector<Thread>& threads() const { return threads_; }  // once stopped
  [[nodiscard]] const std::string& refused() const { return refused_; }          // an answer that should not be; empty if none

 private:
  void write();
  bool one(unsigned conversation, unsigned n);

  std::string dir_, to_, name_, refused_;
  std::size_t from_;
  std::vector<Thread> threads_;
  std::atomic<bool> stopping_{false};
  std::thread worker_;
};

}  // namespace fault
