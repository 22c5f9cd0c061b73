// A referral that asks the hospital, in the language of its system: REF^I12 (I13 and I14 for what follows), or OMG^O19 of IHE 360X. HL7 2.5.1,
// default delimiters, UTF-8. What referral_from() reads stands where it reads it; the rest of the referral (risk, hold, clearance ...) stands
// in notes for people. The bytes depend on the delivery alone, so a retry repeats them. Pure; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "adapters/agent/plugin.h"
#include "adapters/hospital/answer.h"

namespace adapters::hospital {

enum class Language { kNone, kRef, kOmg };
enum class Act { kNew, kChange, kCancel };  // I12, I13, I14; NW, XO, CA

// What an attachment turned out to be: `bytes` empty: it is not here, `why` is told in its place.
struct Fetched {
  schemas::Attachment attachment;
  base::Bytes bytes;
  std::string why;
};

struct Outgoing {
  const agent::Delivery& delivery;
  const schemas::Referral& referral;  // the thread's
  std::string own;                    // slug of the hospital's agency
  std::vector<Fetched> fetched{};
};
// kChange and kCancel carry who is meant and the notes of `standing`, not the whole referral again.
std::string referral_out(const Outgoing& o, Language language, Act act, const Standing& standing);

// PID and PV1 of a referral's person, with their line ends.
std::string person_out(const schemas::Referral& r);
// MSH of a message of ours, with its line end.
std::string header_out(const Outgoing& o, std::string_view type, std::string_view event, std::string_view structure, bool beyond_ascii);
// "2026-10-05T14:02:04-05:00" -> "20261005140204-0500"; what is no such time stays out.
std::string hl7_moment(const std::string& iso);

}  // namespace adapters::hospital
