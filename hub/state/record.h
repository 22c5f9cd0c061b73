// Items and records: what enters apply(), and nothing else does. REC1 bytes: protocol 6.1 and docs/spec/audit.md.
#pragma once

#include <vector>

#include "crypto/batch.h"
#include "crypto/base/instant.h"
#include "schemas/registry.h"

namespace hub::state {

struct Item {                          // 0 u8 ENT1 type | 1 zero[3] | 4 u32 len | 8 bytes
  schemas::EntryType type{};
  base::Bytes bytes;                   // by type: BATCH frame; RCP1||sig; note; record; ... (6.1); DIR policy: note, then see blob
  base::Bytes blob;                    // type 3, policy: the TOML bytes ("u32 len | blob" appended to bytes in REC1)
};
struct Record {                        // 64 B prefix + items
  std::uint16_t hub_no = 0;
  base::Instant t;                     // proposer's clock; hub_time = max(t, hub_time of the last entry)
  std::uint64_t size = 0;              // the proposer's tree before this record
  base::Hash root{};
  std::vector<Item> items;
};
base::Bytes encode(const Record& r);
base::Result<Record> parse_record(base::View v);

// What became of one item, in order. Refused items leave no entry and no trace in the state.
struct Outcome {
  bool accepted = false;
  bool repeat = false;                 // idempotent resend: first_index/n are those of the first time, nothing was added
  std::uint64_t first_index = 0;       // of its entries, consecutive
  std::uint32_t n = 0;
  base::Hash batch_hash{};             // BATCH
  schemas::NackCode code{};            // refused
  std::string words;                   // refused: rule, nothing protected
  base::Bytes payload;                 // refused: NACK payload
  struct GroupCode {
    std::uint32_t group_no;
    schemas::NackCode code;
    base::Bytes payload;
  };
  std::vector<GroupCode> groups;       // refused because of groups: all bad ones
  struct Delivery {                    // accepted BATCH: who now has mail
    base::Id recipient;
    std::uint64_t index;
  };
  std::vector<Delivery> deliveries;
  base::Id receipt_for{};              // accepted RECEIPT: the sender to forward it to
  std::uint64_t receipt_group_index = 0;
};
struct Applied {
  std::vector<Outcome> outcomes;
  base::Instant hub_time;
  std::uint64_t size = 0;
  base::Hash root{};
  std::string checkpoint;              // signed, of exactly this size; stored in the same transaction
};

}  // namespace hub::state
