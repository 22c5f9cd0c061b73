#include "adapters/formats/hl7v2/ack.h"

#include <algorithm>
#include <array>

#include "adapters/formats/hl7v2/text.h"

namespace adapters::formats::hl7v2 {
namespace {

struct CodeText {
  int code;
  std::string_view text;
};
constexpr std::array kTable0357 = {
    CodeText{kSegmentSequence, "Segment sequence error"},
    CodeText{kRequiredMissing, "Required field missing"},
    CodeText{kDataType, "Data type error"},
    CodeText{kTableValue, "Table value not found"},
    CodeText{kUnsupportedType, "Unsupported message type"},
    CodeText{kUnsupportedEvent, "Unsupported event code"},
    CodeText{kUnsupportedProcessing, "Unsupported processing id"},
    CodeText{kUnsupportedVersion, "Unsupported version id"},
    CodeText{kUnknownKey, "Unknown key identifier"},
    CodeText{kDuplicateKey, "Duplicate key identifier"},
    CodeText{kInternal, "Application internal error"},
};

std::string_view words(int code) {
  for (const CodeText& row : kTable0357) {
    if (row.code == code) return row.text;
  }
  return "Application internal error";
}

// "PID[1]-5.1" as an ERL: PID^1^5^1^1 (from 2.5), or an ELD: PID^1^5^<code> (before).
std::string location(const std::string& where, const Delimiters& d, bool modern) {
  const auto path = parse_path(where);
  if (!path.ok()) return {};
  const auto number = [](unsigned n) { return n == 0 ? std::string() : std::to_string(n); };
  const std::string nth = number(path->nth), field = number(path->spot.field);
  if (!modern) return components(d, {path->segment, nth, field});
  return components(d, {path->segment, nth, field, field.empty() ? "" : number(path->spot.repetition), number(path->spot.component),
                        number(path->spot.subcomponent)});
}

std::string err(const Fault& f, const Delimiters& d, bool modern) {
  const std::string code = std::to_string(f.code);
  std::string at = location(f.where, d, modern);
  if (modern) return segment(d, "ERR", {"", at, components(d, {code, words(f.code), "HL70357"}), "E", "", "", "", escape(f.text, d)});
  if (at.empty()) at = components(d, {"", "", ""});
  while (std::count(at.begin(), at.end(), d.component) < 3) at += d.component;
  return segment(d, "ERR", {at + code});
}

// 2.1 to 2.4 carry the old ERR.
bool modern_version(std::string_view version) { return !(version.size() >= 3 && version.starts_with("2.") && version[2] < '5'); }

std::string raw_field(const Message* in, unsigned field) {
  const Segment* msh = in == nullptr ? nullptr : in->find("MSH");
  if (msh == nullptr) return {};
  std::string_view whole = in->raw(*msh, {.field = field});
  return std::string(whole);
}

}  // namespace

AckMode ack_mode(const Message& m) {
  AckMode mode{.enhanced = false, .accept = m.value("MSH-15"), .application = m.value("MSH-16")};
  mode.enhanced = !mode.accept.empty() || !mode.application.empty();
  return mode;
}

std::string ack_code(const AckMode& mode, Verdict verdict) {
  const auto wanted = [&](const std::string& condition) {
    return condition == "AL" || (condition == "ER" && verdict != Verdict::kAccept) || (condition == "SU" && verdict == Verdict::kAccept);
  };
  const std::string_view letter = verdict == Verdict::kAccept ? "A" : verdict == Verdict::kError ? "E" : "R";
  if (!mode.enhanced) return "A" + std::string(letter);
  if (wanted(mode.accept)) return "C" + std::string(letter);
  if (wanted(mode.application)) return "A" + std::string(letter);
  return {};
}

std::string build_ack(const Message* in, std::string_view code, const std::vector<Fault>& faults, std::string_view control_id,
                      base::Instant at) {
  const Delimiters d = in == nullptr ? Delimiters{} : in->delimiters;
  const std::string event = in == nullptr ? "" : in->value("MSH-9.2");
  const std::string version = in == nullptr ? "" : in->value("MSH-12.1");
  const bool modern = modern_version(version);
  const std::string type = event.empty() ? "ACK" : modern ? components(d, {"ACK", event, "ACK"}) : components(d, {"ACK", event});
  const std::string processing = raw_field(in, 11);
  std::vector<std::string> msh = {raw_field(in, 5),
                                  raw_field(in, 6),
                                  raw_field(in, 3),
                                  raw_field(in, 4),
                                  base::hl7_time(at),
                                  "",
                                  type,
                                  escape(control_id, d),
                                  processing.empty() ? "P" : processing,
                                  version.empty() ? "2.5.1" : raw_field(in, 12)};
  const std::string charset = raw_field(in, 18);
  if (!charset.empty()) msh.resize(15), msh.push_back(charset);
  std::string out = header(d, std::move(msh)) + "\r";
  out += segment(d, "MSA", {std::string(code), raw_field(in, 10)}) + "\r";
  for (const Fault& f : faults) out += err(f, d, modern) + "\r";
  return out;
}

base::Result<Acknowledged> read_ack(std::string_view bytes) {
  TRY_ASSIGN(const Message m, parse(bytes));
  if (m.find("MSA") == nullptr) return base::malformed("an answer without MSA", "MSA[1]");
  Acknowledged out{.code = m.value("MSA-1"), .control_id = m.value("MSA-2"), .where = m.value("ERR-2")};
  if (out.where.empty()) out.where = m.value("ERR-1");
  return out;
}

}  // namespace adapters::formats::hl7v2
