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

#include "adapters/transport/http.h"
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
  bool rehearsed = false;                   // the adapter is in dry-run or shadow: this is what it would be told live; nothing is sent
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
  base::Instant updated{};
  std::uint64_t order = 0;                  // place in the list of threads, ascending with every event of it
};
struct ThreadPage {
  std::vector<ThreadInfo> threads;          // latest event first
  std::uint64_t next = 0;                   // hand in as `before` for the next page; 0: there is none
};

// A thread that a record without a reference may belong to.
struct Candidate {
  base::Id thread_id{};
  unsigned score = 0;                       // 1 to 100
  std::string why;                          // which fields agree ("name, dob"); no values
};

// Who may call the paths of an adapter.
enum class HttpAuth { kBearer, kOwn };      // kBearer: the agent has checked a bearer, see `client` and `scopes`; kOwn: the adapter checks itself
struct HttpMount {
  std::string prefix;                       // "/fhir/R4"
  HttpAuth auth = HttpAuth::kBearer;
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
  // All threads, latest event first; those before `before` (0: from the newest).
  [[nodiscard]] virtual ThreadPage threads(std::uint64_t before, std::size_t limit) const = 0;
  // Every event of a thread as this agency holds it, both directions, in its order; empty: no such thread.
  [[nodiscard]] virtual std::vector<Delivery> events(const base::Id& thread_id) const = 0;

  // The bytes of an attachment of that thread. kBusy: parts are still on their way; kDenied: the virus scan refused it; kNotFound.
  virtual base::Result<base::Bytes> attachment(const base::Id& thread_id, const schemas::Attachment& a) = 0;

  // A record about a person with no reference to a thread: the open threads that it may belong to are looked for and a person is asked
  // which. Nothing is sent until then; the record is kept, sealed. `s.thread` and `s.to` are filled in on confirmation. nullopt: no open
  // thread comes near, nothing was kept. The same dedupe key again: the proposal that there is.
  virtual base::Result<std::optional<std::uint64_t>> propose_match(std::string_view adapter, const schemas::Subject& who, Submission s) = 0;

  // What an adapter keeps for itself across restarts (subscriptions, resources that wait for their request), sealed; on disk when keep()
  // returns ok. An empty value forgets the key. kept(): all of this adapter's, keys and values.
  virtual base::Status keep(std::string_view adapter, std::string_view key, base::View value) {
    (void)adapter, (void)key, (void)value;
    return base::Error{base::Kind::kUnsupported, "nothing can be kept here"};
  }
  [[nodiscard]] virtual std::vector<std::pair<std::string, base::Bytes>> kept(std::string_view adapter) const {
    (void)adapter;
    return {};
  }

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
  // Bytes that went to quarantine once, handed in by an operator as if they came in now. ok: submitted, or nothing to do.
  // Calls the Host on the calling thread, which tells a rehearsal from the real thing.
  virtual base::Status take_again(std::string_view format, base::View bytes) {
    (void)format, (void)bytes;
    return base::Error{base::Kind::kUnsupported, "this adapter cannot read it a second time"};
  }
  // Paths that it answers below the agent's own HTTP server, and the answer. Thread-safe; called between start() and stop().
  [[nodiscard]] virtual std::vector<HttpMount> http_mounts() const { return {}; }
  virtual transport::HttpResponse http(const transport::HttpRequest& request) {
    (void)request;
    return {.status = 404, .type = "", .body = ""};
  }
  virtual void stop() = 0;                           // thread-safe; deliver() and own threads return soon after
  [[nodiscard]] virtual Health health() const = 0;   // thread-safe
};

// One line of the table in adapters/main.cc: [[adapter]] type = "hospital-mllp" in the agent's TOML.
struct AdapterType {
  std::string_view type;
  base::Result<std::unique_ptr<Adapter>> (*make)(const schemas::Config& config, const std::string& name);
};

}  // namespace adapters::agent
