// Items and records: what enters apply(), and nothing else does. REC1 bytes: protocol 6.1 and docs/spec/audit.md.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "crypto/base/instant.h"
#include "crypto/batch.h"
#include "schemas/registry.h"

namespace hub::state {

// A BATCH frame whose forms, signature and hashes State::verify_batch() has checked in this process. It owns the frame.
struct VerifiedBatch {
  base::Bytes frame;
  crypto::BatchParts parts;    // views into frame
  crypto::ParsedBatch parsed;  // with leaves
};
struct Item {  // 0 u8 ENT1 type | 1 zero[3] | 4 u32 len | 8 bytes
  schemas::EntryType type{};
  base::Bytes bytes;  // by type: BATCH frame; RCP1||sig; note; record; ... (6.1). Empty if `verified` is set.
  base::Bytes blob;   // type 3, policy: the TOML bytes (in REC1: note, 0x00, TOML bytes)
  // What a verifier of this process has already checked; never travels. apply() then skips signature and hashes, nothing else.
  std::shared_ptr<const VerifiedBatch> verified{};  // BATCH
  bool signature_checked = false;                   // RECEIPT: State::verify_receipt() said yes
  // A rebuild alone: the record behind an entry of type 4 to 8 is lost with the disk, and its hashes in the log are all that is left. Types
  // 5 and 6: bytes is u64 ACCEPT index. Never in a REC1.
  struct Lost {
    base::Hash subject{}, container{};
  };
  std::optional<Lost> lost{};
  [[nodiscard]] base::View content() const { return verified ? base::View(verified->frame) : base::View(bytes); }
};
struct Record {  // 64 B prefix + items
  std::uint16_t hub_no = 0;
  base::Instant t;         // proposer's clock; hub_time = max(t, hub_time of the last entry)
  std::uint64_t size = 0;  // the proposer's tree before this record
  base::Hash root{};
  std::vector<Item> items;
};
base::Bytes encode(const Record& r);
base::Result<Record> parse_record(base::View v);  // kMalformed, kTooLarge, kUnsupported
// An item of type 5 or 6: u32 n, n x u64 ACCEPT index, record (begins with 32 random bytes).
Item erase_item(schemas::EntryType type, std::span<const std::uint64_t> accept_indexes, base::View record);
// An item of type 8: u32 len, query record, requester record (each begins with 32 random bytes).
Item access_item(base::View query, base::View requester);

// What became of one item, in order. Refused items leave no entry and no trace in the state.
struct Outcome {
  bool accepted = false;
  bool repeat = false;            // idempotent resend: first_index/n are those of the first time, nothing was added
  std::uint64_t first_index = 0;  // of its entries, consecutive
  std::uint32_t n = 0;
  base::Hash batch_hash{};     // BATCH
  schemas::NackCode code{};    // refused; of the first bad group when only groups are bad
  std::uint32_t retry_ms = 0;  // refused with 13
  std::string words;           // refused: rule, nothing protected
  base::Bytes payload;         // refused: NACK payload (docs/spec/audit.md); complete after add_proofs() (reader.h)
  struct GroupCode {
    std::uint32_t group_no;
    schemas::NackCode code;
    base::Bytes payload;
  };
  std::vector<GroupCode> groups;  // refused because of groups: all bad ones
  struct Delivery {               // accepted BATCH: who now has mail
    base::Id recipient;
    std::uint64_t index;
  };
  std::vector<Delivery> deliveries;
  base::Id receipt_for{};  // accepted RECEIPT: the sender to forward it to
  std::uint64_t receipt_group_index = 0;
};
struct Applied {
  std::vector<Outcome> outcomes;
  base::Instant hub_time;
  std::uint64_t size = 0;
  base::Hash root{};
  std::string checkpoint;  // signed, of exactly this size; stored in the same transaction
};

}  // namespace hub::state
