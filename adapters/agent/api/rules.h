// Rule: what one operation needs of who asks, which threads it concerns, and what the ledger keeps of it. Every row of the table (ops.cc) has
// one, and does not compile without; guard.h enforces it. A value.
#pragma once

#include <set>
#include <string_view>

#include "adapters/agent/keep/store.h"
#include "adapters/agent/ledger/ledger.h"
#include "schemas/json.h"

namespace adapters::agent::api {

using schemas::Json;

class Rule {
 public:
  using Threads = std::set<base::Id>;
  using About = void (*)(keep::Tx& tx, const Json& in, Threads& out);       // what cannot be read names no thread: the operation will say so
  using ActionOf = std::string_view (*)(const Json& in);
  enum class Who : std::uint8_t { kOperator, kAnybody, kPerson };

  static constexpr Rule operators() { return Rule(Who::kOperator, {}); }    // the machine's: who is at its socket; not for the web
  static constexpr Rule anybody() { return Rule(Who::kAnybody, {}); }       // nothing about anyone in it
  // A person with one of these actions, parted by spaces; "": whoever is signed in.
  static constexpr Rule person(std::string_view actions) { return Rule(Who::kPerson, actions); }
  static constexpr Rule person(ActionOf actions) {
    Rule r(Who::kPerson, {});
    r.action_of_ = actions;
    return r;
  }
  [[nodiscard]] constexpr Rule about(About which) const {
    Rule r = *this;
    r.about_ = which;
    return r;
  }
  [[nodiscard]] constexpr Rule records(ledger::Access kept) const {
    Rule r = *this;
    r.access_ = kept;
    return r;
  }
  [[nodiscard]] constexpr Rule opens_thread() const {  // its message may begin a thread, which the record is to name
    Rule r = *this;
    r.opens_thread_ = true;
    return r;
  }
  [[nodiscard]] constexpr Rule headers_only() const {  // no content: whoever may audit need not be one who may read
    Rule r = *this;
    r.headers_only_ = true;
    return r;
  }

  [[nodiscard]] constexpr Who who() const { return who_; }
  [[nodiscard]] std::string_view actions(const Json& in) const { return action_of_ != nullptr ? action_of_(in) : actions_; }
  void threads(keep::Tx& tx, const Json& in, Threads& out) const {
    if (about_ != nullptr) about_(tx, in, out);
  }
  [[nodiscard]] constexpr bool about_threads() const { return about_ != nullptr; }
  [[nodiscard]] constexpr ledger::Access access() const { return access_; }  // zero: nothing is recorded
  [[nodiscard]] constexpr bool opens() const { return opens_thread_; }
  [[nodiscard]] constexpr bool headers() const { return headers_only_; }
  [[nodiscard]] constexpr bool shows() const {  // recorded once it is known what was shown; the rest is recorded as it is done
    using enum ledger::Access;
    return access_ == kList || access_ == kOpen || access_ == kFile || access_ == kExport;
  }

 private:
  constexpr Rule(Who who, std::string_view actions) : who_(who), actions_(actions) {}
  Who who_;
  bool opens_thread_ = false, headers_only_ = false;
  ledger::Access access_{};
  std::string_view actions_;
  ActionOf action_of_ = nullptr;
  About about_ = nullptr;
};

// Which threads a request names.
namespace about {
void thread(keep::Tx& tx, const Json& in, Rule::Threads& out);        // `thread`, and those in `tell`
void message(keep::Tx& tx, const Json& in, Rule::Threads& out);       // `message`
void disclosed(keep::Tx& tx, const Json& in, Rule::Threads& out);     // `message`, if `disclose`
void glass(keep::Tx& tx, const Json& in, Rule::Threads& out);         // `id` of a use of break-glass
void notice(keep::Tx& tx, const Json& in, Rule::Threads& out);        // `seq`
void match(keep::Tx& tx, const Json& in, Rule::Threads& out);         // `id` of a match, and `thread`
}  // namespace about

// Which action a request needs, where that depends on what it asks for.
namespace action {
std::string_view of_act(const Json& in);
std::string_view of_send(const Json& in);
std::string_view of_handoff(const Json& in);
}  // namespace action

}  // namespace adapters::agent::api
