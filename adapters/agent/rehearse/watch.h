// Watch: what one thread hands in while it is told to. Used around Adapter::take_again: either all of it is rehearsed, or it is sent and
// watched. Meanwhile nothing goes to quarantine: whoever hands bytes in again has them.
#pragma once

#include "adapters/agent/rehearse/rehearsal.h"

namespace adapters::agent::rehearse {

struct Watch {
  enum class Kind { kRehearse, kSend };
  explicit Watch(Kind k) : kind(k) {}
  Kind kind;
  std::vector<keep::RehearsedRow> rows;        // what was or would have been handed in, and what could not be read
  std::size_t submitted = 0, repeats = 0;      // really: on disk
  std::size_t rehearsed = 0;                   // accepted and not sent, as the adapter's mode is
  std::optional<base::Error> refused;          // the last refusal
  std::optional<base::Error> passing;          // try again later: kBusy, kFull, kIo
  Chain chain;                                 // of what was rehearsed under this watch

  static Watch* of_this_thread();
  // For the life of this object, on its thread.
  class Scope {
   public:
    explicit Scope(Watch& w);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Watch* before_;
  };
};

bool passes(base::Kind k);

}  // namespace adapters::agent::rehearse
