// What a plugin asks of its host, answered: one request object in, one answer object out (docs/spec/plugin.md, "What the plugin asks").
// Lives in the link's thread.
#pragma once

#include <atomic>
#include <optional>

#include "adapters/foreign/words.h"

namespace adapters::foreign {

class Desk {
 public:
  Desk(std::string name, agent::Host& host) : name_(std::move(name)), host_(host) {}
  // nullopt: it needs no answer. kMalformed: no such request: the plugin is not to be trusted any further.
  base::Result<std::optional<Json>> answer(const Json& request);
  [[nodiscard]] std::uint64_t accepted() const { return accepted_; }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  base::Result<Json> submit(const Json& request);
  base::Result<Json> quarantine(const Json& request);
  base::Result<Json> propose(const Json& request);
  base::Result<Json> ask(const Json& request);
  base::Result<Json> attachment(const Json& request);

  std::string name_;
  agent::Host& host_;
  std::atomic<std::uint64_t> accepted_{0}, refused_{0};
};

}  // namespace adapters::foreign
