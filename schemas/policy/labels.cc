// What a message is labelled with, and under which authority it is said.
#include <set>

#include "schemas/body.h"
#include "schemas/policy/decide.h"
#include "schemas/policy/internal/words.h"

namespace schemas::policy {

std::vector<std::string> labels_of(const Policy& policy, std::string_view sender, const Body& body) {
  std::set<std::string> out(body.labels.begin(), body.labels.end());
  if (const auto* r = std::get_if<Referral>(&body.payload)) {
    out.insert(r->labels.begin(), r->labels.end());
    if (!r->criminal_history.empty()) out.insert("chri");
  }
  for (const auto& c : policy.custom_fields)
    if (const auto it = body.custom.find(c.id); it != body.custom.end() && !it->second.empty() && !c.sensitivity.empty())
      out.insert(c.sensitivity);
  // A machine's "received" says that a message came, not that anyone is a patient.
  const auto* status = std::get_if<StatusUpdate>(&body.payload);
  const bool machine = status != nullptr && status->actor_role == "machine";
  const Agency* from = policy.agency(sender);
  if (from != nullptr && from->part2 && !machine && about_a_person(kind_of(body.payload))) out.insert("part2");
  return {out.begin(), out.end()};
}

std::string basis_of(const Body& body) {
  const auto* r = std::get_if<Referral>(&body.payload);
  return body.authority_basis.empty() && r != nullptr ? r->authority_basis : body.authority_basis;
}

}  // namespace schemas::policy
