// The small payloads of the wire (schemas/wire.fbs): one struct an op, owning its bytes. docs/spec/wire.md has the table.
// A ZeroMQ message is two frames: [op u8, ver u8, req u64 LE] and the payload. Requests carry a req > 0 that the answer repeats;
// what the hub pushes (DELIVER, RECEIPT) has req 0. decode() verifies the buffer; errors: kMalformed, kTooLarge.
#pragma once

#include <vector>

#include "crypto/base/result.h"
#include "crypto/merkle.h"
#include "schemas/registry.h"

namespace schemas::wire {

using base::Bytes;
using base::Hash;
using base::Id;

inline constexpr std::uint8_t kVersion = 1;
struct Head {
  Op op{};
  std::uint8_t version = kVersion;
  std::uint64_t req = 0;
};
Bytes encode(const Head& h);  // 10 B
base::Result<Head> decode_head(base::View v);

struct Hello {                             // both ways: agent announces itself, hub answers with its own
  std::uint32_t credit = 0;                // groups that the hub may push before the next CREDIT
  std::string checkpoint;                  // newest checkpoint note held, with cosignatures; may be empty
  std::vector<std::uint16_t> versions{1};  // SFH versions spoken
  std::string software;
  std::uint64_t dir_seq = 0;
  std::uint64_t hub_time = 0;  // hub -> agent; 0 otherwise
  bool read_only = false;      // hub -> agent
};
struct Proven {  // one log entry with its proof under `Ack::checkpoint` or the like
  std::uint64_t index = 0;
  Bytes ent;  // 112 B
  std::vector<Hash> path;
};
struct Ack {                    // to BATCH, RECEIPT, DIRPUT, LEDGER
  Hash batch_hash{};            // BATCH; else 0
  std::vector<Proven> entries;  // consecutive, in group_no order; RECEIPT that was a repeat: empty
  std::string checkpoint;
  std::uint64_t dir_seq = 0;
};
struct GroupNack {
  std::uint32_t group_no = 0;
  NackCode code{};
  Bytes payload;
};
struct Nack {
  NackCode code{};  // of the batch; or of the first bad group when only groups are bad
  std::uint32_t retry_ms = 0;
  Bytes payload;
  std::vector<GroupNack> groups;
  std::string words;  // for logs and people; nothing protected
};
struct Credit {
  std::uint32_t more = 0;
};
struct Fetch {  // groups this agent sent or holds a slot in
  enum class What : std::uint8_t { kPairFrom = 1, kIndex = 2, kReceipts = 3, kOwnLast = 4 } what{};  // kOwnLast: see docs/spec/wire.md
  Id sender{}, recipient{};  // kPairFrom, kReceipts: the pair
  std::uint64_t from = 0;    // kPairFrom: pair_seq; kIndex: log index; kReceipts: log index from which
  std::uint32_t limit = 16;
};
struct Receipt {           // agent -> hub: rcp + sig; hub -> sender of the group: with entry and proof
  Bytes rcp;               // 184 B
  Bytes sig;               // 64 B
  Proven entry;            // hub -> sender
  std::string checkpoint;  // hub -> sender
};
struct Fetched {
  std::vector<Bytes> delivers;  // Deliver frames
  std::vector<Receipt> receipts;
  bool more = false;
};
struct DirGet {
  std::uint64_t after = 0;  // dir_seq
  std::uint32_t limit = 256;
  Hash blob{};  // non-zero: the policy rules with this SHA-256 instead
};
struct DirNote {
  std::string note;  // whole
  std::uint64_t log_index = 0;
  std::uint64_t hub_time = 0;
};
struct DirGot {
  std::vector<DirNote> notes;  // dir_seq after+1, after+2, ...
  std::uint64_t dir_seq = 0;   // the hub's
  Bytes blob;
};
struct DirPut {
  std::string note;  // whole
  Bytes blob;        // policy: the TOML bytes
};
struct Ledger {
  std::string note;
};
struct LogGet {
  enum class What : std::uint8_t { kCheckpoint = 1, kEntries = 2, kInclusion = 3, kConsistency = 4, kTile = 5, kWitnessed = 6 } what{};
  std::uint64_t from = 0, to = 0;  // kEntries [from,to); kInclusion index,size; kConsistency old,new; kTile index N, width W
  std::uint8_t level = 0;          // kTile
};
struct LogGot {
  std::string checkpoint;  // kCheckpoint, kEntries; kWitnessed: with cosignatures, empty if there is none
  Bytes data;              // kEntries: n x 112 B; kTile: n x 32 B
  std::vector<Hash> path;  // proofs
};
struct Witness {
  std::string body;  // C2SP tlog-witness add-checkpoint body; answer: cosignature lines
};
struct Search {                   // all filters optional; newest first
  Hash thread{};                  // first 16 bytes used; zero = any
  Id agency_from{}, agency_to{};  // agents; zero = any
  std::uint16_t kind = 0, purpose = 0;
  std::uint64_t since = 0, until = 0;  // hub_time ms; 0 = open
  std::uint64_t before_index = 0;      // resume token; 0 = from the newest
  std::uint32_t limit = 50;
};
struct Row {                     // readable header of one message, from beside the log; nothing sealed
  std::uint64_t index = 0;       // ACCEPT entry
  std::uint32_t message_no = 0;  // in its group
  std::uint64_t hub_time = 0, created = 0, expires = 0;
  Id msg_id{}, thread_id{};
  std::uint16_t kind = 0, purpose = 0, flags = 0;
  std::uint32_t policy_version = 0, thread_seq = 0, size = 0;
  Id sender{};
  std::vector<Id> recipients;
  Hash group_leaf{}, message_leaf{};
  std::uint64_t delivered_index = 0, delivered_time = 0;  // covering RECEIPT entry; 0 = not yet
  std::uint16_t end_type = 0;                             // 5 erased, 6 expired; 0 = live
};
struct Found {
  std::vector<Row> rows;
  std::uint64_t indexed_upto = 0, size = 0;
  std::uint64_t next_before = 0;   // 0 = no more
  std::uint64_t access_index = 0;  // the type-8 entry that records this query
};
struct StatusQuery {};
struct StatusReport {
  std::string json;  // one object, keys in snake_case, numbers and public names only
};

Bytes encode(const Hello&);
Bytes encode(const Ack&);
Bytes encode(const Nack&);
Bytes encode(const Credit&);
Bytes encode(const Fetch&);
Bytes encode(const Fetched&);
Bytes encode(const Receipt&);
Bytes encode(const DirGet&);
Bytes encode(const DirGot&);
Bytes encode(const DirPut&);
Bytes encode(const Ledger&);
Bytes encode(const LogGet&);
Bytes encode(const LogGot&);
Bytes encode(const Witness&);
Bytes encode(const Search&);
Bytes encode(const Found&);
Bytes encode(const StatusQuery&);
Bytes encode(const StatusReport&);

// decode<Hello>(view) and so on, for each struct above.
template <class T>
base::Result<T> decode(base::View v);

}  // namespace schemas::wire
