// The narrow door between the agent and an adapter (the in-process twin of the JSON-lines plugin protocol, decisions D5).
//
// An Adapter runs in its own supervised thread with its own durable queue: one that hangs or fails never delays another.
// It may own further threads (an MLLP listener). The Host is thread-safe and outlives every Adapter.
// Plaintext lives on both sides of this door and nowhere below it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/instant.h"
#include "crypto/base/result.h"
#include "schemas/config.h"
#include "schemas/lifecycle.h"
#include "schemas/model.h"
#include "schemas/registry.h"

namespace adapters::agent {

// What an adapter hands in. `dedupe_key` (say "mllp:<facility>:<MSH-10>") makes a repeat harmless: the same key with the same
// source bytes returns the first answer; with different bytes it is kConflict.
struct Submission {
  schemas::Body body;
  std::string to;                           // slug of the target agency; ignored when `thread` is given and has one other party
  schemas::Purpose purpose = schemas::Purpose::kCrisis;
  std::optional<base::Id> thread;           // absent: a new thread
  bool test = false;
  std::string dedupe_key;
  std::string person;                       // who acts, for the agency's own ledger; may be empty for machines
};
struct Submitted {
  base::Id msg_id{}, thread_id{};
  bool repeat = false;
};

// What the agent hands out: one event of a thread, in order per thread. `opening` is the thread's Referral as this agency holds it
// (sent or received) with its source bytes, so that an answer can be written in the language of the question.
struct Delivery {
  std::uint64_t seq = 0;                    // this adapter's queue position
  base::Id msg_id{}, thread_id{};
  schemas::MsgKind kind{};
  std::string from, from_kind, to;          // slugs
  bool outgoing = false;                    // sent by this agency itself (acknowledged by the hub); adapters mostly skip these
  bool test = false;
  bool conflict = false;                    // contradicts an earlier message with the same id
  bool expired = false;                     // opened after its expiry: show it as such
  base::Instant received;
  schemas::Body body;
  std::shared_ptr<const schemas::Body> opening;
  std::string opening_to, opening_from;
  schemas::Loop loop;                       // the thread's state after this event
};

struct Health {
  bool ok = true;
  std::string words;                        // "listening on 127.0.0.1:2575, 3 messages today"
  std::uint64_t accepted = 0, refused = 0, delivered = 0, failed = 0;
};

struct ThreadInfo {
  base::Id thread_id{};
  std::string other;                        // slug of the other party
  bool requester = false;                   // we asked
  schemas::Loop loop;
};

class Host {
 public:
  virtual ~Host() = default;
  // Policy, lifecycle and limits are asked, then the message is in the outbox, synced, when this returns ok.
  // kDenied names the rule; kMalformed/kUsage name the field; kBusy: outbox full, try later; kFull/kIo: the disk failed.
  virtual base::Result<Submitted> submit(Submission s) = 0;
  // Keeps what could not be read or was refused, sealed, where an operator sees why. Returns its id.
  virtual base::Result<std::uint64_t> quarantine(std::string_view adapter, std::string_view format, base::View bytes, const base::Error& why) = 0;
  [[nodiscard]] virtual std::optional<ThreadInfo> thread(const base::Id& thread_id) const = 0;
  // Threads whose opening Referral carries this source_ref or incident_ref, or an EncounterNotification this visit (exact), newest first.
  [[nodiscard]] virtual std::vector<ThreadInfo> threads_by_ref(std::string_view ref) const = 0;
  // Threads about a person with this identifier (a Referral's or an EncounterNotification's subject.ids: an MRN with its assigning
  // authority), newest first.
  [[nodiscard]] virtual std::vector<ThreadInfo> threads_by_subject_id(const schemas::Identifier& id) const = 0;
  [[nodiscard]] virtual std::optional<std::string> slug_for(std::string_view name) const = 0;  // slug, display name or configured alias
  [[nodiscard]] virtual std::string own_slug() const = 0;
  [[nodiscard]] virtual std::string own_kind() const = 0;
  [[nodiscard]] virtual base::Instant now() const = 0;
  virtual void say(std::string_view adapter, std::string_view words) = 0;  // operator's log: nothing protected
};

class Adapter {
 public:
  virtual ~Adapter() = default;
  virtual base::Status start(Host& host) = 0;        // bind sockets, open folders; kUsage/kIo name the mend
  // One event. ok: done, the queue moves on. kBusy: try this one again later (back-off, bounded by config, in order per thread).
  // kUnsupported: not for this adapter, move on. Anything else: moved on, recorded as failed, shown to the operator.
  virtual base::Status deliver(const Delivery& d) = 0;
  virtual void stop() = 0;                           // thread-safe; deliver() and own threads return soon after
  [[nodiscard]] virtual Health health() const = 0;   // thread-safe
};

// One line of the table in adapters/main.cc: [[adapter]] type = "hospital-mllp" in the agent's TOML.
struct AdapterType {
  std::string_view type;
  base::Result<std::unique_ptr<Adapter>> (*make)(const schemas::Config& config, const std::string& name);
};

}  // namespace adapters::agent
