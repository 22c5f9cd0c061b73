// Accounts: rows, roles under the policy in force, passwords. Signing in is entry.cc.
#include "adapters/agent/people/people.h"

#include <algorithm>

#include "adapters/agent/people/rules.h"
#include "schemas/policy/policy.h"

namespace adapters::agent::people {
namespace {

using base::Error;
using base::Kind;
using keep::Table;

base::Hash key_of(keep::Tx& tx, const base::Id& person) { return tx.key("person", person); }

std::optional<PersonRow> row_of(keep::Tx& tx, const base::Id& person) {
  const auto bytes = tx.get(Table::kPerson, key_of(tx, person));
  return bytes ? keep::unpack<PersonRow>(*bytes) : std::nullopt;
}

// Everybody, by login. A few hundred at most.
std::vector<PersonRow> rows(keep::Tx& tx) {
  std::vector<PersonRow> out;
  tx.scan(Table::kPerson, {}, [&](base::View, base::View plain) {
    if (auto row = keep::unpack<PersonRow>(plain)) out.push_back(std::move(*row));
    return true;
  });
  std::ranges::sort(out, {}, &PersonRow::login);
  return out;
}

Error nobody() { return {Kind::kNotFound, "there is no such account", "login", "see: handoff people list"}; }

}  // namespace

People::People(mail::Office& office, SessionSettings settings)
    : office_(office), settings_(settings) {}
People::~People() = default;

bool People::any() const {
  std::uint64_t n = 0;
  (void)office_.store.read([&](keep::Tx& tx) -> base::Status {
    n = tx.count(Table::kPerson);
    return {};
  });
  return n > 0;
}

std::optional<PersonRow> People::find(std::string_view login) const {
  const std::string wanted = login_of(login);
  for (PersonRow& r : all()) {
    if (r.login == wanted) return std::move(r);
  }
  return std::nullopt;
}

std::optional<PersonRow> People::by_id(const base::Id& id) const {
  std::optional<PersonRow> out;
  (void)office_.store.read([&](keep::Tx& tx) -> base::Status {
    out = row_of(tx, id);
    return {};
  });
  return out;
}

std::vector<PersonRow> People::all() const {
  std::vector<PersonRow> out;
  (void)office_.store.read([&](keep::Tx& tx) -> base::Status {
    out = rows(tx);
    return {};
  });
  return out;
}

disclose::SharedPolicy People::policy() const {
  const crypto::Directory directory = office_.replica.directory();
  const crypto::PolicyNote* note = directory.policy();
  return note == nullptr ? nullptr : office_.shelf.find(*note);
}

const schemas::policy::Role* People::role(const disclose::SharedPolicy& p, std::string_view id) const {
  if (p == nullptr) return nullptr;
  const auto it = std::ranges::find(p->roles, id, &schemas::policy::Role::id);
  return it == p->roles.end() ? nullptr : &*it;
}

Actor People::actor(const PersonRow& row, std::string device) const {
  Actor a;
  a.person = row.id;
  a.login = row.login, a.name = row.name.empty() ? row.login : row.name;
  a.roles = row.roles;
  a.device = std::move(device);
  const auto p = policy();
  for (const std::string& id : row.roles) {
    const auto* r = role(p, id);
    if (r == nullptr) continue;  // a role that the policy in force no longer has gives nothing
    a.may.insert(r->may.begin(), r->may.end());
    if (std::ranges::find(r->may, "view_timeline") != r->may.end()) a.sights.push_back({r->services, r->without_labels});
  }
  return a;
}

bool People::keeper_left(const base::Id& without) const {
  return std::ranges::any_of(all(), [&](const PersonRow& r) { return r.id != without && !r.disabled && actor(r, "").can("keys"); });
}

base::Status People::save(PersonRow row, const Actor& by) {
  row.login = login_of(row.login);
  TRY(check_person(row));
  if (const auto p = policy(); p != nullptr) {
    for (const std::string& id : row.roles) {
      if (role(p, id) != nullptr) continue;
      std::string known;
      for (const auto& r : p->roles) known += (known.empty() ? "" : ", ") + r.id;
      return Error{Kind::kUsage, "the policy in force has no role " + id, "roles", known.empty() ? "it has no roles at all: add [[role]] to the policy" : known};
    }
  }
  const bool fresh = base::all_zero(row.id);
  if (fresh) row.id = crypto::uuid7(office_.random, office_.clock()), row.created = office_.clock();
  TRY(office_.store.write([&](keep::Tx& tx) -> base::Status {
    for (const PersonRow& other : rows(tx)) {
      if (other.id != row.id && other.login == row.login) return Error{Kind::kConflict, "this login is taken", "login", "choose another"};
      if (other.id == row.id && other.login != row.login) return Error{Kind::kUsage, "a login stays: the ledger knows the person by it", "login", "add another account"};
      if (other.id != row.id) continue;
      row.totp_step = std::max(row.totp_step, other.totp_step);  // what was spent since the caller read the row stays spent
      row.last_seen = std::max(row.last_seen, other.last_seen);
    }
    tx.put(Table::kPerson, key_of(tx, row.id), keep::pack(row));
    note(tx, by, ledger::Access::kAccount, std::string(fresh ? "added " : row.disabled ? "disabled " : "changed ") + row.login);
    return {};
  }));
  if (row.disabled) end_all(row.id, "disabled");
  return {};
}

base::Status People::change(const base::Id& person, const Actor& by, std::string_view words, const Change& change) {
  return office_.store.write([&](keep::Tx& tx) -> base::Status {
    auto row = row_of(tx, person);
    if (!row) return nobody();
    TRY(change(*row));
    tx.put(Table::kPerson, key_of(tx, person), keep::pack(*row));
    if (!words.empty()) note(tx, by, ledger::Access::kAccount, std::string(words) + " " + row->login);
    return {};
  });
}

base::Status People::remove(const base::Id& person, const Actor& by) {
  TRY(office_.store.write([&](keep::Tx& tx) -> base::Status {
    const auto row = row_of(tx, person);
    if (!row) return nobody();
    tx.erase(Table::kPerson, key_of(tx, person));
    tx.erase(Table::kSignIn, tx.key("login", base::view(row->login)));
    note(tx, by, ledger::Access::kAccount, "removed " + row->login);
    return {};
  }));
  end_all(person, "removed");
  return {};
}

base::Status People::set_password(const base::Id& person, std::string_view password, bool change_at_first, const Actor& by) {
  const auto row = by_id(person);
  if (!row) return nobody();
  TRY(check_password(password, row->login));
  std::string hashed;
  {
    const std::lock_guard lock(hashing_);
    hashed = crypto::hash_password(password, settings_.cost);
  }
  return change(person, by, change_at_first ? "a first password for" : "a new password for", [&](PersonRow& r) -> base::Status {
    r.password = hashed;
    r.change_password = change_at_first;
    return {};
  });
}

base::Status People::check_password_of(const base::Id& person, std::string_view password) {
  const auto row = by_id(person);
  if (!row || row->password.empty()) return Error{Kind::kDenied, "this account has no password", "password"};
  TRY(try_once(row->login));
  bool right = false;
  {
    const std::lock_guard lock(hashing_);
    right = crypto::password_matches(row->password, password);
  }
  if (!right) return Error{Kind::kDenied, "this is not the password", "password"};
  tried_well(row->login);
  return {};
}

base::Status People::change_password(const base::Id& person, std::string_view old, std::string_view fresh, const Actor& by) {
  TRY(check_password_of(person, old));
  if (old == fresh) return Error{Kind::kUsage, "this is the old one", "new", "choose another password"};
  return set_password(person, fresh, false, by);
}

}  // namespace adapters::agent::people
