// People: the accounts of one agency's staff, how they prove who they are, and the sessions that follow (decisions D8). Passwords are kept as
// Argon2id hashes, second factors as RFC 6238 secrets or WebAuthn public keys, all sealed in the agent's store. Sessions live in memory: a
// restart ends them, a lock or a time without use too. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "adapters/agent/keep/pack.h"
#include "adapters/agent/ledger/ledger.h"
#include "adapters/agent/mail/office.h"
#include "adapters/agent/people/actor.h"
#include "adapters/agent/people/session_settings.h"

namespace adapters::agent::people {

struct Passkey {
  base::Bytes credential;          // id
  base::Bytes public_key;          // SubjectPublicKeyInfo, DER
  std::uint32_t counter = 0;
  std::string label;
  base::Instant added, used;
};
void fields(auto& f, keep::MaybeConst<Passkey> auto& r) { f(r.credential, r.public_key, r.counter, r.label, r.added, r.used); }
struct PersonRow {                 // key: keyed person id
  base::Id id{};
  std::string login, name, phone, email;
  std::vector<std::string> roles;
  std::string password;            // Argon2id, encoded; empty: signs in elsewhere, or not yet
  bool change_password = false;    // a first password, from somebody else
  base::Bytes totp;                // secret; empty: none
  std::uint64_t totp_step = 0;     // the newest one used: no code serves twice
  std::vector<Passkey> passkeys;
  std::vector<std::string> oidc;   // "ISSUER SUBJECT" that may sign in as this person
  bool disabled = false;
  std::string language;            // "en", "es", "": the device's
  base::Instant created, last_seen;
};
void fields(auto& f, keep::MaybeConst<PersonRow> auto& r) {
  std::uint8_t form = 1;
  f(form);
  f.within(form, std::uint8_t{1}, std::uint8_t{1});
  f(r.id, r.login, r.name, r.phone, r.email, r.roles, r.password, r.change_password, r.totp, r.totp_step, r.passkeys, r.oidc, r.disabled,
    r.language, r.created, r.last_seen);
}

struct Session {
  std::string csrf;                // goes back in X-Handoff-CSRF
  base::Bytes draft_key;           // 32 bytes, the person's own, the same in each session: seals drafts and cached pages on a device
  Actor actor;                     // as of now: roles and policy may have changed since
  base::Instant began, ends;       // ends: if nothing is asked until then
  bool change_password = false;    // first: until then the actor may do nothing
  bool needs_factor = false;       // a second factor is to be set up first: until then the actor may do nothing
};

class People {
 public:
  People(mail::Office& office, SessionSettings settings);
  ~People();
  People(const People&) = delete;
  People& operator=(const People&) = delete;

  [[nodiscard]] bool any() const;                                         // are there accounts at all?
  [[nodiscard]] std::optional<PersonRow> find(std::string_view login) const;
  [[nodiscard]] std::optional<PersonRow> by_id(const base::Id& id) const;
  [[nodiscard]] std::vector<PersonRow> all() const;                       // by login
  // kUsage names the field; ends the person's sessions if disabled. A row without an id is a new account's: kConflict if the login is taken.
  base::Status save(PersonRow row, const Actor& by = {});
  // Reads, changes and writes one row in one commit; the ledger keeps `words`. kNotFound: no such account.
  using Change = std::function<base::Status(PersonRow& row)>;
  base::Status change(const base::Id& person, const Actor& by, std::string_view words, const Change& change);
  base::Status remove(const base::Id& person, const Actor& by);           // with sessions and failed attempts; the ledger keeps the login
  [[nodiscard]] Actor actor(const PersonRow& row, std::string device) const;  // under the policy in force
  [[nodiscard]] bool keeper_left(const base::Id& without) const;          // may somebody else, not disabled, keep accounts (action `keys`)?

  // Signing in. kDenied: in the same words whatever was wrong; kBusy: locked out until then. A password that needs a second factor gives
  // a ticket, which with the code gives the session.
  struct Entry {
    std::string token;             // the cookie's or bearer's value; empty: `ticket` waits for the second factor
    std::string ticket;
  };
  base::Result<Entry> enter(std::string_view login, std::string_view password, std::string_view device);
  base::Result<Entry> enter_code(std::string_view ticket, std::string_view code);
  base::Result<Entry> enter_as(const base::Id& person, std::string_view device, std::string_view how);  // a passkey or a provider has vouched
  void failed(std::string_view device, std::string_view how);             // such a voucher did not hold: for the ledger
  [[nodiscard]] std::uint64_t locked_for(std::string_view login) const;   // ms; 0: not locked out
  base::Status unlock(std::string_view login);
  // The session of a cookie or bearer. `touch`: this is a person's doing, its idle time begins anew (an event stream's is not).
  std::optional<Session> session(std::string_view token, bool touch);
  void leave(std::string_view token);
  void end_all(const base::Id& person, std::string_view why, std::string_view except_token = {});
  struct Open {                    // somebody who is signed in
    base::Id person{};
    std::string device;
    base::Instant began, last;     // last: when something was asked
  };
  [[nodiscard]] std::vector<Open> sessions() const;                       // oldest first

  // Set by the web inbox and `handoff people`; kUsage: too short, too common.
  base::Status set_password(const base::Id& person, std::string_view password, bool change_at_first, const Actor& by = {});
  base::Status change_password(const base::Id& person, std::string_view old, std::string_view fresh, const Actor& by);  // kDenied, kBusy: as enter()
  base::Status check_password_of(const base::Id& person, std::string_view password);                                    // once more, counted as a try

  [[nodiscard]] const SessionSettings& settings() const { return settings_; }
  [[nodiscard]] mail::Office& office() { return office_; }

 private:
  struct Live {                    // a session
    base::Id person{};
    std::string device, csrf;
    base::Instant began, last;
  };
  struct Ticket {                  // a password was right; the code is awaited
    base::Id person{};
    std::string device;
    base::Instant until;
  };
  struct Tries {                   // in a row, with one login
    std::uint32_t count = 0;
    base::Instant until;           // locked out until then
  };
  base::Result<Entry> open(const PersonRow& row, std::string_view device, std::string_view how);
  base::Status try_once(std::string_view login);  // counts a try before it is judged, so that many at once gain nothing. kBusy: locked out
  void tried_well(std::string_view login);
  base::Error refused(const PersonRow* row, std::string_view device, std::string_view why);
  void note(const Actor& who, ledger::Access access, std::string_view words);
  void note(keep::Tx& tx, const Actor& who, ledger::Access access, std::string_view words);
  std::optional<Live> live(const base::Hash& key, bool touch);
  void drop(const base::Hash& key, std::string_view why);
  void sweep();
  [[nodiscard]] const schemas::policy::Role* role(const disclose::SharedPolicy& policy, std::string_view id) const;
  [[nodiscard]] disclose::SharedPolicy policy() const;

  mail::Office& office_;
  SessionSettings settings_;
  mutable std::mutex mutex_;
  std::map<base::Hash, Live> live_;         // by SHA-256 of the token
  std::map<base::Hash, Ticket> tickets_;
  std::map<std::string, Tries> strangers_;  // logins that nobody has: they lock like any other
  std::mutex hashing_;             // one password at a time: each takes SessionSettings::cost.memory
  std::string decoy_;              // what passwords of unknown logins are compared with; made with the first
};

}  // namespace adapters::agent::people
