// PersonRow in the agent's own store (Table::kPerson).
#include "adapters/agent/keep/pack.h"
#include "adapters/agent/people/people.h"

namespace adapters::agent::people {

base::Bytes pack(const PersonRow& r) {
  keep::Packer p;
  p.num<std::uint8_t>(1).raw(r.id).text(r.login).text(r.name).text(r.phone).text(r.email).texts(r.roles).text(r.password).flag(r.change_password);
  p.bytes(r.totp).num(r.totp_step).num(static_cast<std::uint32_t>(r.passkeys.size()));
  for (const Passkey& k : r.passkeys) p.bytes(k.credential).bytes(k.public_key).num(k.counter).text(k.label).at(k.added).at(k.used);
  return p.texts(r.oidc).flag(r.disabled).text(r.language).at(r.created).at(r.last_seen).take();
}

std::optional<PersonRow> unpack_person(base::View v) {
  keep::Unpacker u(v);
  PersonRow r;
  if (u.num<std::uint8_t>() != 1) return std::nullopt;
  r.id = u.raw<16>();
  r.login = u.text();
  r.name = u.text();
  r.phone = u.text();
  r.email = u.text();
  r.roles = u.texts();
  r.password = u.text();
  r.change_password = u.flag();
  r.totp = base::to_bytes(u.bytes());
  r.totp_step = u.num<std::uint64_t>();
  for (auto n = u.num<std::uint32_t>(); n > 0 && !u.short_of_bytes(); --n) {
    Passkey k;
    k.credential = base::to_bytes(u.bytes());
    k.public_key = base::to_bytes(u.bytes());
    k.counter = u.num<std::uint32_t>();
    k.label = u.text();
    k.added = u.at();
    k.used = u.at();
    r.passkeys.push_back(std::move(k));
  }
  r.oidc = u.texts();
  r.disabled = u.flag();
  r.language = u.text();
  r.created = u.at();
  r.last_seen = u.at();
  if (!u.ok()) return std::nullopt;
  return r;
}

}  // namespace adapters::agent::people
