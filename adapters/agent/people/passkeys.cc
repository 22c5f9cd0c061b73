#include "adapters/agent/people/passkeys.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/agent/people/encoding.h"
#include "adapters/agent/people/rules.h"
#include "crypto/merkle.h"

namespace adapters::agent::people {
namespace {

using base::Bytes;
using schemas::Json;

constexpr std::size_t kMostChallenges = 4096;

base::Error no() { return {base::Kind::kDenied, "that did not sign you in", "passkey", "try again, or use your password"}; }

// A binary field of `answer` or of its `response`.
std::optional<Bytes> bytes_of(const Json& in, const char* key) {
  const auto it = in.find(key);
  return it != in.end() && it->is_string() ? unbase64url(it->get<std::string>()) : std::nullopt;
}
const Json& response_of(const Json& answer) {
  static const Json kNone = Json::object();
  const auto it = answer.find("response");
  return it != answer.end() && it->is_object() ? *it : kNone;
}
Json listed(const Bytes& credential) { return {{"type", "public-key"}, {"id", base64url(credential)}}; }

}  // namespace

std::string Passkeys::challenge(const base::Id& person, bool creates) {
  const auto bytes = people_.office().random.bytes<32>();
  const base::Instant now = people_.office().clock();
  const std::lock_guard lock(mutex_);
  std::erase_if(challenges_, [&](const auto& c) { return c.second.until <= now; });
  if (challenges_.size() >= kMostChallenges) challenges_.erase(std::ranges::min_element(challenges_, {}, [](const auto& c) { return c.second.until; }));
  challenges_[crypto::sha256(bytes)] = {person, creates, now.plus(kChallengeMs)};
  return base64url(bytes);
}

std::optional<Passkeys::Challenge> Passkeys::take(base::View given, bool creates) {
  const std::lock_guard lock(mutex_);
  const auto it = challenges_.find(crypto::sha256(given));
  if (it == challenges_.end()) return std::nullopt;
  const Challenge c = it->second;
  challenges_.erase(it);  // whatever comes of it
  return c.creates == creates && c.until > people_.office().clock() ? std::optional(c) : std::nullopt;
}

std::shared_ptr<Json> Passkeys::request(const Site& site, std::string_view typed) {
  const std::string login = login_of(typed);
  const auto row = login.empty() ? std::nullopt : people_.find(login);
  Json allowed = Json::array();
  for (const Passkey& k : row && !row->disabled ? row->passkeys : std::vector<Passkey>{}) allowed.push_back(listed(k.credential));
  if (!login.empty() && allowed.empty()) allowed.push_back(listed(base::to_bytes(people_.office().store.key("no passkey", base::view(login)))));
  return std::make_shared<Json>(Json{{"challenge", challenge(row ? row->id : base::Id{}, false)}, {"rpId", site.rp_id}, {"timeout", kChallengeMs}, {"userVerification", "required"}, {"allowCredentials", allowed}});
}

base::Result<People::Entry> Passkeys::enter(const Site& site, const Json& answer, std::string_view device) {
  const auto refused = [&](const std::string& why) {
    people_.failed(device, "passkey: " + why);
    return no();
  };
  const Json& response = response_of(answer);
  const auto id = bytes_of(answer, "id"), client_data = bytes_of(response, "clientDataJSON"), data = bytes_of(response, "authenticatorData"), signature = bytes_of(response, "signature");
  if (!id || !client_data || !data || !signature) return refused("a part is missing");
  const auto given = challenge_in(*client_data, "webauthn.get", site);
  if (!given.ok()) return refused(given.error().what);
  const auto challenge = take(*given, false);
  if (!challenge) return refused("a challenge that was used or is too old");
  for (const PersonRow& row : people_.all()) {
    const auto key = std::ranges::find(row.passkeys, *id, &Passkey::credential);
    if (key == row.passkeys.end()) continue;
    if (!base::all_zero(challenge->person) && challenge->person != row.id) return refused("another person's");
    if (const auto handle = bytes_of(response, "userHandle"); handle && !handle->empty() && !base::equal(*handle, row.id)) return refused("another person's");
    // Judged and counted in one commit, so that of two answers with one count only one holds.
    std::string why;
    const base::Status held = people_.change(row.id, {}, "", [&](PersonRow& now) -> base::Status {
      const auto mine = std::ranges::find(now.passkeys, *id, &Passkey::credential);
      if (mine == now.passkeys.end()) return no();
      const auto counter = verify_passkey(*mine, site, *client_data, *data, *signature);
      if (!counter.ok()) {
        why = counter.error().what;
        return counter.error();
      }
      mine->counter = *counter;
      mine->used = people_.office().clock();
      return {};
    });
    if (!held.ok()) return refused(why);
    return people_.enter_as(row.id, device, "passkey");
  }
  return refused("unknown");
}

base::Result<std::shared_ptr<Json>> Passkeys::creation(const Site& site, const Actor& who) {
  const auto row = people_.by_id(who.person);
  if (!row) return no();
  if (row->passkeys.size() >= kMostKeys) return base::Error{base::Kind::kConflict, "ten passkeys are enough", "passkeys", "remove one"};
  Json known = Json::array(), parameters = Json::array();
  for (const Passkey& k : row->passkeys) known.push_back(listed(k.credential));
  for (const int a : kAlgorithms) parameters.push_back({{"type", "public-key"}, {"alg", a}});
  return std::make_shared<Json>(Json{{"challenge", challenge(row->id, true)},
                                     {"rp", {{"id", site.rp_id}, {"name", "Handoff " + people_.office().slug}}},
                                     {"user", {{"id", base64url(row->id)}, {"name", row->login}, {"displayName", who.name}}},
                                     {"pubKeyCredParams", parameters},
                                     {"excludeCredentials", known},
                                     {"authenticatorSelection", {{"residentKey", "preferred"}, {"userVerification", "required"}}},
                                     {"attestation", "none"},
                                     {"timeout", kChallengeMs}});
}

base::Result<Passkey> Passkeys::add(const Site& site, const Actor& who, const Json& answer) {
  const Json& response = response_of(answer);
  const auto client_data = bytes_of(response, "clientDataJSON"), data = bytes_of(response, "authenticatorData");
  if (!client_data || !data) return base::Error{base::Kind::kUsage, "a part is missing", "response", "clientDataJSON and authenticatorData, in base64url"};
  TRY_ASSIGN(const Bytes given, challenge_in(*client_data, "webauthn.create", site));
  const auto challenge = take(given, true);
  if (!challenge || challenge->person != who.person) return base::Error{base::Kind::kDenied, "a challenge that was used or is too old", "passkey", "begin again"};
  TRY_ASSIGN(Passkey key, new_passkey(site, *data));
  const auto label = answer.find("label");
  key.label = label != answer.end() && label->is_string() ? label->get<std::string>().substr(0, 60) : std::string();
  if (key.label.empty()) key.label = "passkey";
  key.added = people_.office().clock();
  for (const PersonRow& other : people_.all()) {
    if (std::ranges::find(other.passkeys, key.credential, &Passkey::credential) != other.passkeys.end()) return base::Error{base::Kind::kConflict, "this passkey is known already", "passkey"};
  }
  TRY(people_.change(who.person, who, "a passkey for", [&](PersonRow& row) -> base::Status {
    if (row.passkeys.size() >= kMostKeys) return base::Error{base::Kind::kConflict, "ten passkeys are enough", "passkeys", "remove one"};
    row.passkeys.push_back(key);
    return {};
  }));
  return key;
}

}  // namespace adapters::agent::people
