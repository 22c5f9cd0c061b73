// Acknowledgements: what a receiver answers (MSA, ERR) and what a sender reads. HL7 2.5.1 chapter 2.9; ERR in the form of the
// question's version (before 2.5: ERR-1; from 2.5: ERR-2 place, ERR-3 table 0357, ERR-4 severity, ERR-8 words).
// The words come from our own errors: they name places and rules, never contents.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/formats/hl7v2/message.h"
#include "crypto/base/instant.h"

namespace adapters::formats::hl7v2 {

enum class Verdict { kAccept, kError, kReject };

// Table 0357.
inline constexpr int kSegmentSequence = 100, kRequiredMissing = 101, kDataType = 102, kTableValue = 103, kUnsupportedType = 200,
                     kUnsupportedEvent = 201, kUnsupportedProcessing = 202, kUnsupportedVersion = 203, kUnknownKey = 204,
                     kDuplicateKey = 205, kInternal = 207;

struct Fault {
  int code = kInternal;
  std::string where;  // "PID[1]-5.1", or empty
  std::string text;
};

// Which acknowledgements the sender of `m` wants (MSH-15, MSH-16; both empty: original mode).
struct AckMode {
  bool enhanced = false;
  std::string accept, application;  // AL NE ER SU or empty
};
AckMode ack_mode(const Message& m);

// "AA"/"AE"/"AR" or, as an answer to MSH-15, "CA"/"CE"/"CR"; "" when the sender wants none for this verdict.
// With MSH-15 AL the commit acknowledgement is the answer; the application's answer to a referral is a message of its own (RRI).
std::string ack_code(const AckMode& mode, Verdict verdict);

// `in` may be null: nothing could be read, the answer then goes to nobody in particular.
std::string build_ack(const Message* in, std::string_view code, const std::vector<Fault>& faults, std::string_view control_id,
                      base::Instant at);

struct Acknowledged {
  std::string code, control_id;  // MSA-1, MSA-2
  std::string where;             // ERR-2 or ERR-1 as it came, for the operator
};
base::Result<Acknowledged> read_ack(std::string_view bytes);

}  // namespace adapters::formats::hl7v2
