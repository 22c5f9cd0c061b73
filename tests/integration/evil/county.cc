// The county under a lying hub.
#include "tests/integration/evil/county.h"

#include "schemas/body.h"

namespace evil {

County::County() {
  const auto can = [](const AgentProcess& from, const std::string& to) {
    return from.ask({{"op", "can_send"}, {"to", to}, {"kind", "Referral"}}).value("allowed", false);
  };
  REQUIRE(eventually([&] { return can(mercy, "harbor") && can(harbor, "mercy"); }));
}

std::string County::refer() {
  Json r = {{"subject", {{"name", {{"family", "Canaryworth"}}}, {"dob", "1992"}}}, {"urgency", "urgent"}, {"source_ref", "R-1"}, {"authority_basis", "treatment"}};
  r["reasons"] = Json::array({{{"code", "SI"}}});
  r["service"] = {{"code", "CRISIS_EVAL"}};
  r["requester"] = {{"phone", "+1-555-0110"}};
  return mercy.must({{"op", "send"}, {"to", "harbor"}, {"body", {{"kind", "Referral"}, {"referral", r}}}}).at("thread");
}

std::string County::note(const std::string& thread, const std::string& text) {
  const Json body = {{"kind", "SecureMessage"}, {"secure_message", {{"text", text}, {"author_role", "nurse"}}}};
  return mercy.must({{"op", "send"}, {"thread", thread}, {"body", body}}).at("message");
}

std::vector<std::string> County::texts(const AgentProcess& at, const std::string& thread) const {
  std::vector<std::string> out;
  const Json shown = at.ask({{"op", "inbox.show"}, {"thread", thread}, {"peek", true}});
  if (!shown.at("ok").get<bool>()) return out;
  const Json& events = shown.at("events");
  for (const Json& e : events) {
    if (e.at("kind") == "SecureMessage") out.push_back(e.at("body").at("secure_message").at("text").get<std::string>());
  }
  return out;
}

std::string County::state(const std::string& thread, const std::string& message) const {
  const Json shown = mercy.must({{"op", "inbox.show"}, {"thread", thread}, {"peek", true}});
  const Json& events = shown.at("events");
  for (const Json& e : events) {
    if (e.value("message", "") == message) return e.at("state").get<std::string>();
  }
  return "";
}

bool County::says(const AgentProcess& at, const std::string& words) {
  Json last;
  const bool found = eventually([&] {
    last = at.must({{"op", "status"}}).at("alarms");
    return schemas::dump(last).find(words) != std::string::npos;
  });
  INFO("alarms: " << schemas::dump(last));
  CHECK(found);
  return found;
}

crypto::Directory County::directory() {
  auto line = world.line("police");
  REQUIRE(line.up());
  const auto got = line->dir_get({});
  REQUIRE(got.ok());
  auto d = crypto::Directory::start(world.c.anchor());
  REQUIRE(d.ok());
  for (const auto& n : got->notes) REQUIRE(d->add(n.note, n.log_index, base::Instant{n.hub_time}).ok());
  return std::move(*d);
}

crypto::SealedBatch County::sealed(const std::string& text, const std::function<void(crypto::SealRequest&)>& change) {
  const crypto::Directory d = directory();
  const base::Instant now = world.now();
  const kit::Agent& police = world.c.agent("police");
  const crypto::Member* harbor_now = nullptr;
  for (const crypto::Member* m : d.members()) {
    if (m->cert.name == "harbor") harbor_now = m;
  }
  REQUIRE(harbor_now != nullptr);
  const crypto::EpochKey* key = d.usable_epoch(harbor_now->cert.agent, now);
  REQUIRE(key != nullptr);
  crypto::Draft draft;
  draft.hdr.kind = static_cast<std::uint16_t>(schemas::MsgKind::kMessage);
  world.c.random().fill(draft.hdr.msg_id);
  world.c.random().fill(draft.hdr.thread_id);
  draft.hdr.created = now;
  draft.hdr.expires = now.plus(schemas::kDefaultExpiryMs);
  draft.hdr.policy_version = d.policy()->version;
  draft.hdr.purpose = static_cast<std::uint16_t>(schemas::Purpose::kTreat);
  draft.hdr.thread_seq = 1;
  schemas::Body body;
  body.payload = schemas::SecureMessage{text, "officer", "", {}};
  body.authority_basis = "emergency";
  draft.body = schemas::encode_body(body);
  crypto::SealRequest r;
  r.sender = police.id();
  r.sender_cert = police.cert_hash;
  r.batch_seq = now.ms;
  r.created = now;
  r.hub_id = d.anchor().hub_id();
  r.dir_seq = d.seq();
  r.groups = {{{{harbor_now->cert.agent, key->epoch, key->key, 1, {}}}, {draft}, false}};
  if (change) change(r);
  return world.c.seal("police", r);
}

base::Bytes changed(base::View deliver, const std::function<void(schemas::Deliver&)>& change) {
  auto d = schemas::decode_deliver(deliver);
  REQUIRE(d.ok());
  change(*d);
  return schemas::encode_deliver(*d);
}

}  // namespace evil
