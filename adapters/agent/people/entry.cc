// Signing in, sessions, lock-out.
#include <algorithm>

#include "adapters/agent/keep/pack.h"
#include "adapters/agent/people/people.h"
#include "adapters/agent/people/rules.h"
#include "adapters/agent/people/totp.h"
#include "crypto/merkle.h"

namespace adapters::agent::people {
namespace {

using base::Error;
using base::Kind;
using keep::Table;

constexpr std::size_t kMostSessions = 4096, kMostTickets = 1024, kMostStrangers = 4096;
constexpr std::uint64_t kTicketMs = 5 * base::kMinute;

base::Hash hash_of(std::string_view token) { return crypto::sha256(base::view(token)); }
std::string token(crypto::Random& random) { return base::hex(random.bytes<32>()); }

Error locked() { return {Kind::kBusy, "locked out after too many failed attempts", "sign-in", "wait, or ask whoever keeps the accounts"}; }
// The same words whatever was wrong: a login that nobody has, a wrong password, a disabled account.
Error denied() { return {Kind::kDenied, "that did not sign you in", "sign-in", "check the login and the password"}; }

}  // namespace

void People::note(keep::Tx& tx, const Actor& who, ledger::Access access, std::string_view words) {
  ledger::LedgerRow row;
  row.access = access;
  row.basis = "operations";
  row.words = words;
  ledger::record(tx, who, office_.clock(), std::move(row));
}

void People::note(const Actor& who, ledger::Access access, std::string_view words) {
  (void)office_.store.write([&](keep::Tx& tx) -> base::Status {
    note(tx, who, access, words);
    return {};
  });
}

// ---- Lock-out: kSignIn holds count and time of logins that somebody has; the others are remembered until a restart.

base::Status People::try_once(std::string_view login) {
  const base::Instant now = office_.clock();
  const auto count = [&](Tries& t) -> base::Status {
    if (t.until > now) return locked();
    if (t.until.ms != 0) t = {};  // served
    if (++t.count >= settings_.failures) t.until = now.plus(settings_.lock_ms);
    return {};
  };
  if (!find(login)) {
    const std::lock_guard lock(mutex_);
    std::erase_if(strangers_, [&](const auto& s) { return s.second.until.ms != 0 && s.second.until <= now; });
    if (strangers_.size() >= kMostStrangers) strangers_.erase(strangers_.begin());
    return count(strangers_[std::string(login)]);
  }
  return office_.store.write([&](keep::Tx& tx) -> base::Status {
    const base::Hash key = tx.key("login", base::view(login));
    Tries t;
    if (const auto bytes = tx.get(Table::kSignIn, key)) (void)keep::unpack_to(*bytes, t.count, t.until);
    TRY(count(t));
    tx.put(Table::kSignIn, key, keep::pack(t.count, t.until));
    return {};
  });
}

void People::tried_well(std::string_view login) { (void)unlock(login); }

base::Status People::unlock(std::string_view login) {
  return office_.store.write([&](keep::Tx& tx) -> base::Status {
    tx.erase(Table::kSignIn, tx.key("login", base::view(login_of(login))));
    return {};
  });
}

std::uint64_t People::locked_for(std::string_view typed) const {
  const std::string login = login_of(typed);
  const base::Instant now = office_.clock();
  base::Instant until;
  (void)office_.store.read([&](keep::Tx& tx) -> base::Status {
    if (const auto bytes = tx.get(Table::kSignIn, tx.key("login", base::view(login)))) {
      std::uint32_t count = 0;
      (void)keep::unpack_to(*bytes, count, until);
    }
    return {};
  });
  const std::lock_guard lock(mutex_);
  if (const auto it = strangers_.find(login); it != strangers_.end()) until = std::max(until, it->second.until);
  return until > now ? until.ms - now.ms : 0;
}

// ---- Signing in.

base::Error People::refused(const PersonRow* row, std::string_view device, std::string_view why) {
  // A login that nobody has may be a password in the wrong field: it is not kept.
  Actor who = row != nullptr ? actor(*row, std::string(device)) : Actor{};
  who.device = device;
  note(who, ledger::Access::kSignInFailed, why);
  return denied();
}

void People::failed(std::string_view device, std::string_view how) { (void)refused(nullptr, device, how); }

base::Result<People::Entry> People::enter(std::string_view typed, std::string_view password, std::string_view device) {
  const std::string login = login_of(typed);
  TRY(try_once(login));
  const auto row = find(login);
  bool right = false;
  {
    const std::lock_guard lock(hashing_);
    if (decoy_.empty()) decoy_ = crypto::hash_password(base::hex(office_.random.bytes<16>()), settings_.cost);
    // Somebody whom nobody knows is refused after the same work.
    const bool real = row && !row->password.empty() && password.size() <= kMostPassword;
    right = crypto::password_matches(real ? row->password : decoy_, password.substr(0, kMostPassword)) && real;
  }
  if (!row) return refused(nullptr, device, "no such login");
  if (!right) return refused(&*row, device, locked_for(login) > 0 ? "wrong password; locked out" : "wrong password");
  if (row->disabled) return refused(&*row, device, "disabled");
  if (!row->totp.empty()) {
    Entry e;
    e.ticket = token(office_.random);
    const base::Instant now = office_.clock();
    const std::lock_guard lock(mutex_);
    std::erase_if(tickets_, [&](const auto& t) { return t.second.until <= now; });
    if (tickets_.size() >= kMostTickets) return Error{Kind::kBusy, "too many people are signing in", "sign-in", "try again in a minute"};
    tickets_[hash_of(e.ticket)] = {row->id, std::string(device), now.plus(kTicketMs)};
    return e;
  }
  if (settings_.second_factor && !row->passkeys.empty()) {
    (void)refused(&*row, device, "a password alone");
    return Error{Kind::kDenied, "a password alone is not enough here", "sign-in", "sign in with your passkey"};
  }
  tried_well(login);
  return open(*row, device, "password");
}

base::Result<People::Entry> People::enter_code(std::string_view ticket, std::string_view code) {
  const base::Hash key = hash_of(ticket);
  Ticket t;
  {
    const std::lock_guard lock(mutex_);
    const auto it = tickets_.find(key);
    if (it == tickets_.end() || it->second.until <= office_.clock()) return Error{Kind::kDenied, "this sign-in has waited too long", "ticket", "begin again"};
    t = it->second;
  }
  const auto row = by_id(t.person);
  if (!row || row->disabled) return denied();
  TRY(try_once(row->login));
  const base::Status good = change(t.person, {}, "", [&](PersonRow& r) -> base::Status {
    const auto step = totp_step(r.totp, code, office_.clock(), r.totp_step);
    if (!step) return denied();
    r.totp_step = *step;  // this code and those before it are spent, in the commit that lets the person in
    return {};
  });
  if (!good.ok()) {
    (void)refused(&*row, t.device, "wrong code");
    return Error{Kind::kDenied, "this is not the code of the moment", "code", "wait for the next one"};
  }
  {
    const std::lock_guard lock(mutex_);
    if (tickets_.erase(key) == 0) return denied();  // somebody was quicker
  }
  tried_well(row->login);
  return open(*row, t.device, "password and code");
}

base::Result<People::Entry> People::enter_as(const base::Id& person, std::string_view device, std::string_view how) {
  const auto row = by_id(person);
  if (!row || row->disabled) return refused(row ? &*row : nullptr, device, "disabled");
  tried_well(row->login);
  return open(*row, device, how);
}

base::Result<People::Entry> People::open(const PersonRow& row, std::string_view device, std::string_view how) {
  const base::Instant now = office_.clock();
  Entry e;
  e.token = token(office_.random);
  // On record before it is of use.
  TRY(office_.store.write([&](keep::Tx& tx) -> base::Status {
    note(tx, actor(row, std::string(device)), ledger::Access::kSignIn, how);
    return {};
  }));
  TRY(change(row.id, {}, "", [&](PersonRow& r) -> base::Status {
    r.last_seen = now;
    return {};
  }));
  sweep();
  const std::lock_guard lock(mutex_);
  if (live_.size() >= kMostSessions) return Error{Kind::kBusy, "too many sessions are open", "sign-in", "sign out where nobody sits"};
  live_[hash_of(e.token)] = {row.id, std::string(device), token(office_.random), now, now};
  return e;
}

// ---- Sessions.

std::optional<People::Live> People::live(const base::Hash& key, bool touch) {
  const base::Instant now = office_.clock();
  const std::lock_guard lock(mutex_);
  const auto it = live_.find(key);
  if (it == live_.end()) return std::nullopt;
  Live& l = it->second;
  if (l.last.plus(settings_.idle_ms) <= now || l.began.plus(settings_.most_ms) <= now) return std::nullopt;
  if (touch) l.last = std::max(l.last, now);
  return l;
}

void People::drop(const base::Hash& key, std::string_view why) {
  Live gone;
  {
    const std::lock_guard lock(mutex_);
    const auto it = live_.find(key);
    if (it == live_.end()) return;
    gone = std::move(it->second);
    live_.erase(it);
  }
  const auto row = by_id(gone.person);
  Actor who = row ? actor(*row, gone.device) : Actor{};
  who.device = gone.device;
  note(who, ledger::Access::kSignOut, why);
}

// Sessions that ended by themselves.
void People::sweep() {
  const base::Instant now = office_.clock();
  std::vector<std::pair<base::Hash, const char*>> over;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, l] : live_) {
      if (l.began.plus(settings_.most_ms) <= now) {
        over.emplace_back(key, "the shift was over");
      } else if (l.last.plus(settings_.idle_ms) <= now) {
        over.emplace_back(key, "nobody asked for anything");
      }
    }
  }
  for (const auto& [key, why] : over) drop(key, why);
}

std::optional<Session> People::session(std::string_view given, bool touch) {
  sweep();
  const auto l = live(hash_of(given), touch);
  if (!l) return std::nullopt;
  const auto row = by_id(l->person);
  if (!row || row->disabled) {
    drop(hash_of(given), "disabled");
    return std::nullopt;
  }
  Session s;
  s.csrf = l->csrf;
  s.draft_key = base::to_bytes(office_.store.key("draft", l->person));
  s.actor = actor(*row, l->device);
  s.began = l->began;
  s.ends = std::min(l->last.plus(settings_.idle_ms), l->began.plus(settings_.most_ms));
  s.change_password = row->change_password;
  s.needs_factor = settings_.second_factor && row->totp.empty() && row->passkeys.empty() && row->oidc.empty();
  if (s.change_password || s.needs_factor) s.actor.may.clear(), s.actor.sights.clear();
  return s;
}

void People::leave(std::string_view given) { drop(hash_of(given), "left"); }

void People::end_all(const base::Id& person, std::string_view why, std::string_view except) {
  std::vector<base::Hash> over;
  {
    const base::Hash stays = hash_of(except);
    const std::lock_guard lock(mutex_);
    for (const auto& [key, l] : live_) {
      if (l.person == person && (except.empty() || key != stays)) over.push_back(key);
    }
    std::erase_if(tickets_, [&](const auto& t) { return t.second.person == person; });
  }
  for (const base::Hash& key : over) drop(key, why);
}

std::vector<People::Open> People::sessions() const {
  const base::Instant now = office_.clock();
  std::vector<Open> out;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, l] : live_) {
      if (l.last.plus(settings_.idle_ms) > now && l.began.plus(settings_.most_ms) > now) out.push_back({l.person, l.device, l.began, l.last});
    }
  }
  std::ranges::sort(out, {}, &Open::began);
  return out;
}

}  // namespace adapters::agent::people
