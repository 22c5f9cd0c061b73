// A folder and a hub on the LMDB journal in it; a short history that touches every table.
#pragma once

#include <cstdlib>
#include <filesystem>

#include "tests/kit/hub_rig.h"

namespace kit {

struct Folder {
  std::string path;
  Folder() {
    char name[] = "/tmp/handoff-journal-XXXXXX";
    REQUIRE(::mkdtemp(name) != nullptr);
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

inline std::unique_ptr<hub::journal::Journal> open_at(const Consortium& c, const std::string& dir) {
  auto j = hub::journal::open_lmdb(dir, c.anchor(), c.log_key(), 256u << 20);
  REQUIRE_MESSAGE(j.ok(), (j.ok() ? "" : j.error().message()));
  return std::move(j).value();
}

inline HubRig lmdb_hub(const std::string& dir, std::vector<AgentSpec> agents = kThree) {
  Consortium c(std::move(agents));
  auto j = open_at(c, dir);
  HubRig hub(std::move(c), std::move(j));
  hub.enrol();
  return hub;
}

// Mail, a broadcast, receipts of three kinds, an expiry, an erasure, hub events, a search.
inline void live_a_little(HubRig& hub) {
  REQUIRE(hub.apply(item(EntryType::kHub, record_bytes("start"))).accepted);
  const Outcome first = hub.send("hospital", {{.to = "crisis", .copies = 2}, {.to = "coord", .kind = schemas::MsgKind::kLoopFacts}});
  REQUIRE(first.accepted);
  REQUIRE(hub.receipt("crisis", "hospital").accepted);
  REQUIRE(hub.send("crisis", {{.to = "hospital", .kind = schemas::MsgKind::kStatus}}).accepted);
  REQUIRE(hub.receipt("hospital", "crisis", schemas::ReceiptStatus::kUndecryptable).accepted);
  REQUIRE(hub.receipt("hospital", "crisis").accepted);
  const Outcome lost = hub.send("hospital", {{.to = "crisis"}});
  const Outcome beds = hub.send("crisis", hub.c.broadcast("crisis", {"hospital", "coord"}, hub.now, hub.dir_seq()));
  REQUIRE(lost.accepted);
  REQUIRE(beds.accepted);
  hub.now = hub.now.plus(schemas::kDefaultExpiryMs);
  REQUIRE(hub.apply(hub::state::erase_item(EntryType::kExpire, std::vector{lost.first_index, beds.first_index}, record_bytes("tick"))).n ==
          2);
  REQUIRE(hub.apply(hub::state::erase_item(EntryType::kErase, std::vector{first.first_index}, record_bytes("order"))).n == 1);
  REQUIRE(hub.receipt("crisis", "hospital", schemas::ReceiptStatus::kExpiredUnread).accepted);
  REQUIRE(hub.send("hospital", {{.to = "crisis"}}).accepted);
  REQUIRE(hub.apply(hub::state::access_item(record_bytes("query"), record_bytes("auditor"))).accepted);
  REQUIRE(hub.apply(item(EntryType::kHub, record_bytes("heartbeat"))).accepted);
}

}  // namespace kit
