// The tables of every code number. A number that has been given out is never used for anything else (docs/spec/wire.md).
#include "schemas/registry.h"

#include <algorithm>
#include <array>

namespace schemas {
namespace {

constexpr std::array kMsgKinds{
    CodeName{1, "Referral", "referral"},
    CodeName{2, "StatusUpdate", "status update"},
    CodeName{3, "SecureMessage", "message"},
    CodeName{4, "HandoffReport", "handoff report"},
    CodeName{5, "EncounterNotification", "encounter notification"},
    CodeName{6, "CapacityUpdate", "capacity update"},
    CodeName{7, "Consent", "consent"},
    CodeName{8, "FollowUp", "follow-up"},
    CodeName{9, "Correction", "correction"},
    CodeName{10, "CapacityInquiry", "capacity inquiry"},
    CodeName{11, "CapacityReply", "capacity reply"},
    CodeName{12, "Acknowledgement", "acknowledgement of content"},
    CodeName{13, "BreakGlass", "break-glass notice"},
    CodeName{16, "Receipt", "sealed receipt"},
    CodeName{17, "Control", "control message"},
    CodeName{18, "BlobPart", "part of a document"},
    CodeName{19, "LoopFacts", "loop facts for the coordinator"},
};

constexpr std::array kPurposes{
    CodeName{1, "CRISIS", "crisis response"},       CodeName{2, "TREAT", "treatment"},      CodeName{3, "COORD", "care coordination"},
    CodeName{4, "CAPACITY", "capacity, no person"}, CodeName{5, "ADMIN", "administration"}, CodeName{6, "TEST", "test, no person"},
};

constexpr std::array kEntryTypes{
    CodeName{1, "ACCEPT", "mail accepted"},
    CodeName{2, "RECEIPT", "receipt by the recipient"},
    CodeName{3, "DIR", "directory note"},
    CodeName{4, "HUB", "event of the hub itself"},
    CodeName{5, "ERASE", "content or metadata erased"},
    CodeName{6, "EXPIRE", "mail expired"},
    CodeName{7, "REJECT", "refused batches of one minute"},
    CodeName{8, "ACCESS", "search by an auditor or operator"},
    CodeName{9, "HEAD", "head of an agency's own ledger"},
};

constexpr std::array kReceiptStatuses{
    CodeName{1, "delivered", "delivered"},
    CodeName{2, "read", "read by a person"},
    CodeName{5, "undecryptable", "could not be opened"},
    CodeName{6, "expired-unread", "expired before it was opened"},
};

constexpr std::array kNackCodes{
    CodeName{1, "malformed", "the bytes are not a valid frame"},
    CodeName{2, "suite", "unsupported cryptographic suite"},
    CodeName{3, "sender-mismatch", "the sender is not the connected agent"},
    CodeName{4, "cert", "certificate unknown, revoked, suspended or expired"},
    CodeName{5, "signature", "bad signature"},
    CodeName{6, "root", "hashes do not give the signed root"},
    CodeName{7, "batch-seq", "not the next batch of this sender"},
    CodeName{8, "pair-chain", "not the next group of this pair"},
    CodeName{9, "epoch-key", "epoch key unknown or not in its period"},
    CodeName{10, "policy", "the policy in force does not allow it"},
    CodeName{11, "expiry", "expiry is not what the policy says"},
    CodeName{12, "recipient", "recipient unknown or suspended"},
    CodeName{13, "busy", "busy: try again later"},
    CodeName{14, "size", "over a size limit"},
    CodeName{15, "clock", "sealed too early or too late by the hub's clock"},
    CodeName{16, "dir-seq", "the sender's directory is too old"},
    CodeName{17, "storage-full", "the hub's storage is full"},
};

constexpr std::array kOps{
    CodeName{1, "HELLO", "announce"},          CodeName{2, "BATCH", "submit mail"},           CodeName{3, "ACK", "done, with proof"},
    CodeName{4, "NACK", "refused, with code"}, CodeName{5, "DELIVER", "hand over mail"},      CodeName{6, "CREDIT", "allow more mail"},
    CodeName{7, "FETCH", "ask for mail"},      CodeName{8, "RECEIPT", "recipient's receipt"}, CodeName{9, "DIRGET", "read the directory"},
    CodeName{10, "DIRPUT", "offer a note"},    CodeName{11, "LEDGER", "log a ledger head"},   CodeName{12, "LOGGET", "read the log"},
    CodeName{13, "WITNESS", "cosign"},         CodeName{14, "SEARCH", "search headers"},      CodeName{15, "STATUS", "state of the hub"},
};

constexpr std::array<std::string_view, 19> kAgencyKinds{
    "police",  "sheriff", "ems",         "fire",        "hospital_ed", "psych_inpatient", "crisis_center", "mobile_crisis",
    "cmhc",    "ccbhc",   "sud_program", "crisis_line", "psap",        "public_health",   "court",         "jail",
    "housing", "school",  "coordinator",
};

}  // namespace

std::span<const CodeName> msg_kinds() { return kMsgKinds; }
std::span<const CodeName> purposes() { return kPurposes; }
std::span<const CodeName> entry_types() { return kEntryTypes; }
std::span<const CodeName> receipt_statuses() { return kReceiptStatuses; }
std::span<const CodeName> nack_codes() { return kNackCodes; }
std::span<const CodeName> ops() { return kOps; }
std::span<const std::string_view> agency_kinds() { return kAgencyKinds; }

std::string_view name_of(std::span<const CodeName> table, std::uint16_t code) {
  const auto it = std::find_if(table.begin(), table.end(), [&](const CodeName& c) { return c.code == code; });
  return it == table.end() ? "?" : it->name;
}

std::optional<std::uint16_t> code_of(std::span<const CodeName> table, std::string_view name) {
  const auto it = std::find_if(table.begin(), table.end(), [&](const CodeName& c) { return c.name == name; });
  if (it == table.end()) return std::nullopt;
  return it->code;
}

}  // namespace schemas
