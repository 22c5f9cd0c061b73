// The event stream of the web inbox (GET /api/v1/events): what changed, as it is committed, to each session that listens; ids and counts, no
// content. A listener holds a place in one short list of changes, nothing of its own; one that lags behind it is given what changed since by
// the store's own order. Thread-safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>

#include "adapters/agent/keep/store.h"
#include "adapters/agent/people/people.h"
#include "adapters/transport/http.h"

namespace adapters::agent {
class Agent;
}

namespace adapters::agent::web {

class Events {
 public:
  explicit Events(Agent& agent) : agent_(agent) {}
  void news(const keep::News& news);  // after a commit
  void wake();                        // a session may have ended
  void line_changed();                // to the hub
  void stop();                        // every stream ends

  // The answer to that request: 503 if this person, or everybody, listens often enough already. `last`: its Last-Event-ID.
  transport::HttpResponse stream(const std::string& token, const people::Session& session, std::string_view last);

  std::atomic<std::uint64_t> beat_ms = 15 * base::kSecond;  // the clock event
  static constexpr unsigned kOfPerson = 6, kOfAll = 256;
  static constexpr std::size_t kKept = 4096, kResumed = 1000;

 private:
  struct Place;   // one listener's
  struct Slot {   // one of the streams that a person may have
    Slot(Events& of, const base::Id& whose) : events(of), person(whose) {}
    ~Slot();
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    Events& events;
    base::Id person;
  };
  struct Change {
    keep::Table table;
    base::Bytes id;
  };
  using Write = std::function<bool(std::string_view)>;

  void run(const std::string& token, people::Session session, std::uint64_t from, const Write& write);
  bool wait(Place& p);                       // false: the agent stops
  bool pass_on(Place& p, const people::Actor& actor, const Write& write);
  bool threads(Place& p, const people::Actor& actor, const std::vector<base::Id>& changed, const Write& write);
  bool since(Place& p, const people::Actor& actor, const Write& write);
  bool hub(Place& p, const Write& write);
  [[nodiscard]] std::uint64_t newest() const;  // order of the newest thread
  [[nodiscard]] std::string hub_state(bool& differs, std::string& before) const;

  Agent& agent_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Change> kept_;
  std::uint64_t end_ = 0;                    // number of the change that comes next; kept_ ends there
  std::uint64_t wakes_ = 0, line_ = 0;
  bool stopped_ = false;
  std::map<base::Id, unsigned> listening_;
  unsigned all_ = 0;
};

}  // namespace adapters::agent::web
