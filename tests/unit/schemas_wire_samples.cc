// Wire payloads with every field said.
#include "tests/unit/schemas_samples.h"

namespace samples {

using namespace schemas::wire;

Hello hello() {
  Hello h;
  h.credit = 64;
  h.checkpoint = "hub.example\n7\nAAAA\n\n- hub.example sig\n";
  h.versions = {1, 2};
  h.software = "handoff-agent 0.1.0";
  h.dir_seq = 9;
  h.hub_time = 1'790'000'000'000;
  h.read_only = true;
  return h;
}
Proven proven() { return {41, base::Bytes(112, 0xe1), {filled<32>(1), filled<32>(2), filled<32>(3)}}; }
Ack ack() { return {filled<32>(0xba), {proven(), {42, base::Bytes(112, 0xe2), {}}}, "checkpoint", 9}; }
Nack nack() {
  Nack n;
  n.code = schemas::NackCode::kPairChain;
  n.retry_ms = 250;
  n.payload = {1, 2};
  n.groups = {{3, schemas::NackCode::kPairChain, {7, 7}}, {4, schemas::NackCode::kRecipient, {}}};
  n.words = "not the next group of this pair";
  return n;
}
Receipt receipt() { return {base::Bytes(184, 0x4c), base::Bytes(64, 0x5c), proven(), "checkpoint"}; }
Fetched fetched() { return {{base::Bytes(900, 0xde), base::Bytes(901, 0xdf)}, {receipt()}, true}; }
DirGot dir_got() { return {{{"a note\n", 5, 1000}, {"another\n", 6, 1001}}, 2, base::Bytes(33, 0xb1)}; }
Search search() {
  Search s;
  s.thread = filled<32>(0x71);
  s.agency_from = filled<16>(0xa1);
  s.agency_to = filled<16>(0xa2);
  s.kind = 1;
  s.purpose = 2;
  s.since = 3;
  s.until = 4;
  s.before_index = 5;
  s.limit = 6;
  return s;
}
Found found() {
  Row r;
  r.index = 1;
  r.message_no = 2;
  r.hub_time = 3;
  r.created = 4;
  r.expires = 5;
  r.msg_id = filled<16>(6);
  r.thread_id = filled<16>(7);
  r.kind = 8;
  r.purpose = 9;
  r.flags = 10;
  r.policy_version = 11;
  r.thread_seq = 12;
  r.size = 13;
  r.sender = filled<16>(14);
  r.recipients = {filled<16>(15), filled<16>(16)};
  r.group_leaf = filled<32>(17);
  r.message_leaf = filled<32>(18);
  r.delivered_index = 19;
  r.delivered_time = 20;
  r.end_type = 6;
  return {{r, Row{}}, 100, 101, 50, 102};
}

}  // namespace samples
