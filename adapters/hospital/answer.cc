#include "adapters/hospital/answer.h"

#include "adapters/formats/hl7v2/charset.h"
#include "adapters/formats/hl7v2/text.h"
#include "adapters/hospital/lines.h"
#include "crypto/base/instant.h"

namespace adapters::hospital {
namespace {

namespace hl7 = formats::hl7v2;
using hl7::Delimiters;
using hl7::Message;

bool cancellation(std::string_view status) { return status == "cancelled" || status == "entered-in-error"; }

std::string_view status_words(std::string_view code) {
  if (code == "A") return "Accepted";
  if (code == "R") return "Rejected";
  return code == "E" ? "Expired" : "Pending";
}

// A segment of the referral, in UTF-8 for now.
std::string echo(const Message& in, const hl7::Segment& s) {
  const auto text = hl7::to_utf8(s.text, in.charset);
  return text.ok() ? *text : s.text;
}

std::string rf1(const Message& in, const Standing& s) {
  const Delimiters& d = in.delimiters;
  const hl7::Segment* original = in.find("RF1");
  const std::string_view code = rf1_status(s.status);
  std::string out = original == nullptr ? "RF1" : echo(in, *original);
  out = hl7::with_field(out, 1, hl7::components(d, {code, status_words(code), "HL70283"}), d);
  if (!s.reason.empty()) out = hl7::with_field(out, 10, hl7::components(d, {s.reason, s.reason_class, "L"}), d);
  return hl7::with_field(out, 11, hl7::components(d, {base::uuid(s.thread_id), "SFH"}), d);
}

}  // namespace

std::string_view rf1_status(std::string_view status) {
  if (status == "requested" || status == "received" || status == "info_requested") return "P";
  if (status == "rejected" || cancellation(status)) return "R";
  return status == "expired" ? "E" : "A";
}

std::string control_id_for(const base::Id& msg_id) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string out;
  unsigned bits = 0, held = 0;
  for (std::size_t i = 4; i < msg_id.size(); ++i) {  // the last 96 bits: enough of the time, and all of the randomness
    held = held << 8 | msg_id[i];
    for (bits += 8; bits >= 5; bits -= 5) out += kAlphabet[held >> (bits - 5) & 31];
  }
  return out += kAlphabet[held << (5 - bits) & 31];
}

base::Instant made_at(const base::Id& msg_id) {
  std::uint64_t ms = 0;
  for (std::size_t i = 0; i < 6; ++i) ms = ms << 8 | msg_id[i];
  return {ms};
}

std::string reply_header(const Message& in, std::string_view type, std::string_view event, std::string_view structure, const std::string& control_id,
                         base::Instant at, bool beyond_ascii) {
  const hl7::Segment& msh = *in.find("MSH");
  const auto raw = [&](unsigned field) {
    const auto text = hl7::to_utf8(in.raw(msh, {.field = field}), in.charset);
    return text.ok() ? *text : std::string();
  };
  const std::string version = raw(12), charset = in.charset.empty() && beyond_ascii ? "UNICODE UTF-8" : raw(18);
  return hl7::header(in.delimiters, {raw(5), raw(6), raw(3), raw(4), base::hl7_time(at), "", hl7::components(in.delimiters, {type, event, structure}), control_id,
                                     raw(11), version.empty() ? "2.5.1" : version, "", "", "", "", "", charset});
}

std::string zcr(const Delimiters& d, const Standing& s) {
  const std::string level = s.esc_level > 0 ? std::to_string(s.esc_level) : std::string();
  return hl7::segment(d, "ZCR", {hl7::escape(s.status, d), base::uuid(s.thread_id), "", level, hl7::escape(s.decide_by, d)});
}

std::string rri(const Message& in, std::string_view event, const Standing& s, const std::string& control_id, base::Instant at) {
  const Delimiters& d = in.delimiters;
  const auto control = hl7::to_utf8(in.raw(*in.find("MSH"), {.field = 10}), in.charset);
  std::string out = hl7::segment(d, "MSA", {"AA", control.ok() ? *control : std::string()}) + "\r";
  out += rf1(in, s) + "\r";
  for (const char* name : {"PRD", "PID"}) {
    for (const hl7::Segment* segment : in.all(name)) out += echo(in, *segment) + "\r";
  }
  unsigned n = 0;
  for (const std::string& line : s.notes) out += hl7::segment(d, "NTE", {std::to_string(++n), "", hl7::escape(line, d)}) + "\r";
  // Table 0283 has four values only: the whole status travels in ZCR.
  out += zcr(d, s) + "\r";
  return hl7::from_utf8(reply_header(in, "RRI", event, "RRI_I12", control_id, at, !hl7::ascii(out)) + "\r" + out, in.charset);
}

Standing standing_of(const schemas::StatusUpdate& u, const base::Id& thread_id) {
  return {u.status, u.reason, u.reason_class, {}, thread_id, u.esc_level, lines_of(u)};
}

std::string rri_from(const schemas::StatusUpdate& u, const Message& in, const base::Id& msg_id, const base::Id& thread_id) {
  return rri(in, cancellation(u.status) ? "I14" : "I12", standing_of(u, thread_id), control_id_for(msg_id), made_at(msg_id));
}

}  // namespace adapters::hospital
