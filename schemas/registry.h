// Every code number of SFH/1 in one place, read as data: message kinds, purposes, agency kinds, entry types, receipt statuses,
// NACK codes, wire ops (docs/spec/wire.md prints this table). Numbers are never reused; the tables are what code iterates over.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace schemas {

enum class MsgKind : std::uint16_t {
  kReferral = 1,
  kStatus = 2,
  kMessage = 3,
  kHandoff = 4,
  kEncounter = 5,
  kCapacity = 6,
  kConsent = 7,
  kFollowUp = 8,
  kCorrection = 9,
  kCapacityInquiry = 10,
  kCapacityReply = 11,
  kAcknowledgement = 12,
  kBreakGlass = 13,
  kReceipt = 16,
  kControl = 17,
  kBlobPart = 18,
  kLoopFacts = 19,
};
enum class Purpose : std::uint16_t { kCrisis = 1, kTreat = 2, kCoord = 3, kCapacity = 4, kAdmin = 5, kTest = 6 };

enum class EntryType : std::uint8_t {
  kAccept = 1,
  kReceipt = 2,
  kDir = 3,
  kHub = 4,
  kErase = 5,
  kExpire = 6,
  kReject = 7,
  kAccess = 8,
  kHead = 9
};

enum class ReceiptStatus : std::uint16_t { kDelivered = 1, kRead = 2, kUndecryptable = 5, kExpiredUnread = 6 };

enum class NackCode : std::uint16_t {
  kMalformed = 1,
  kSuite = 2,
  kSenderMismatch = 3,
  kCert = 4,
  kSignature = 5,
  kRoot = 6,
  kBatchSeq = 7,
  kPairChain = 8,
  kEpochKey = 9,
  kPolicy = 10,
  kExpiry = 11,
  kRecipient = 12,
  kBusy = 13,
  kSize = 14,
  kClock = 15,
  kDirSeq = 16,
  kStorageFull = 17,
};

enum class Op : std::uint8_t {
  kHello = 1,
  kBatch = 2,
  kAck = 3,
  kNack = 4,
  kDeliver = 5,
  kCredit = 6,
  kFetch = 7,
  kReceipt = 8,
  kDirGet = 9,
  kDirPut = 10,
  kLedger = 11,
  kLogGet = 12,
  kWitness = 13,
  kSearch = 14,
  kStatus = 15,
};

struct CodeName {
  std::uint16_t code;
  std::string_view name;   // stable, used in TOML, JSON and on the command line
  std::string_view words;  // for people
};
std::span<const CodeName> msg_kinds();    // names as in the policy: Referral, StatusUpdate, SecureMessage, HandoffReport, ...
std::span<const CodeName> purposes();     // CRISIS, TREAT, COORD, CAPACITY, ADMIN, TEST
std::span<const CodeName> entry_types();  // ACCEPT, RECEIPT, ...
std::span<const CodeName> receipt_statuses();
std::span<const CodeName> nack_codes();
std::span<const CodeName> ops();
std::span<const std::string_view> agency_kinds();  // police, sheriff, ems, ... coordinator (domain 2.3)

std::string_view name_of(std::span<const CodeName> table, std::uint16_t code);  // "?" if unknown
std::optional<std::uint16_t> code_of(std::span<const CodeName> table, std::string_view name);
inline std::string_view name_of(MsgKind k) { return name_of(msg_kinds(), static_cast<std::uint16_t>(k)); }

// The protocol's constants that are not layout (docs/spec/wire.md "Limits").
inline constexpr std::size_t kMaxBatchFrame = 4u << 20, kMaxDeliverFrame = (4u << 20) + (64u << 10), kMaxNote = 32u << 10,
                             kMaxPolicyRules = 256u << 10;
inline constexpr std::uint64_t kDefaultExpiryMs = 24ULL * 3600 * 1000, kCapacityExpiryMs = 3600ULL * 1000,
                               kMaxExpiryMs = 7ULL * 24 * 3600 * 1000;

}  // namespace schemas
