// Every body is looked at: an account is rare, and no index says more than the bodies do.
#include "adapters/agent/account/persons.h"

#include <algorithm>
#include <set>

#include "adapters/agent/mail/threads.h"
#include "schemas/body.h"

namespace adapters::agent::account {
namespace {

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

const schemas::Subject* subject_of(const schemas::Body& body) {
  if (const auto* r = std::get_if<schemas::Referral>(&body.payload)) return &r->subject;
  if (const auto* e = std::get_if<schemas::EncounterNotification>(&body.payload)) return &e->subject;
  if (const auto* c = std::get_if<schemas::Consent>(&body.payload)) return &c->subject;
  return nullptr;
}

}  // namespace

bool is(const schemas::Subject& s, const PersonKey& key) {
  if (!key.id.empty()) {
    return std::ranges::any_of(s.ids, [&](const schemas::Identifier& id) { return id.value == key.id && (key.system.empty() || id.system == key.system); });
  }
  return key.whole() && lower(s.name.family) == lower(key.family) && lower(s.name.given) == lower(key.given) && s.dob == key.dob;
}

std::vector<base::Id> threads_of(keep::Tx& tx, const PersonKey& key) {
  std::vector<base::Id> out;
  std::set<base::Id> known;
  tx.scan(keep::Table::kMessage, {}, [&](base::View, base::View v) {
    const auto m = keep::unpack<keep::Message>(v);
    if (!m || m->body.empty() || known.contains(m->thread_id)) return true;
    const auto body = schemas::decode_body(m->body);
    const schemas::Subject* who = body.ok() ? subject_of(*body) : nullptr;
    if (who != nullptr && is(*who, key)) {
      known.insert(m->thread_id);
      out.push_back(m->thread_id);
    }
    return true;
  });
  return out;
}

}  // namespace adapters::agent::account
