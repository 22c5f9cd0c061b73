#include "adapters/hospital/words_out.h"

#include <array>

#include "adapters/formats/hl7v2/charset.h"
#include "adapters/formats/hl7v2/text.h"
#include "adapters/hospital/document.h"
#include "adapters/hospital/values.h"

namespace adapters::hospital {
namespace {

const hl7::Delimiters kPlain;

std::string written(const hl7::Delimiters& d, std::string_view name, const std::vector<std::string>& f) { return hl7::segment(d, name, f) + "\r"; }

std::string document(const Outgoing& o, std::string_view event, const base::Id& number, const std::string& author, const std::string& content,
                     const Standing& s) {
  const std::string at = base::hl7_time(made_at(o.delivery.msg_id));
  std::vector<std::string> txa = {"1", hl7::components(kPlain, {"CN", "Consultation", "HL70270"}), "TX", at};
  txa.resize(12);
  txa[8] = hl7::components(kPlain, {"", author});
  txa[11] = hl7::components(kPlain, {base::uuid(number), "SFH"});
  txa.resize(17);
  txa[16] = event == "T11" ? "CA" : "AU";
  const std::string out = written(kPlain, "EVN", {std::string(event), at}) + person_out(o.referral) + written(kPlain, "TXA", txa) + content + zcr(kPlain, s) + "\r";
  return header_out(o, "MDM", event, event == "T11" ? "MDM_T01" : "MDM_T02", !hl7::ascii(out)) + out;
}

struct Row {
  std::string_view status, control, state;
};
// Tables 0119 and 0038, as IHE 360X uses them; what they have no word for travels in ZCR alone.
constexpr std::array kRows = {Row{"accepted", "OK", "IP"},   Row{"rejected", "UA", "CA"},  Row{"scheduled", "SC", "SC"}, Row{"in-progress", "SC", "A"},
                              Row{"on-hold", "SC", "HD"},    Row{"completed", "SC", "CM"}, Row{"cancelled", "CR", "CA"}, Row{"expired", "OC", "CA"},
                              Row{"entered-in-error", "OC", "CA"}};

}  // namespace

std::string document_out(const Outgoing& o, const schemas::SecureMessage& m, const Standing& s) {
  unsigned n = 0;
  std::string content = written(kPlain, "OBX", {std::to_string(++n), "TX", "TEXT^Message", "", hl7::escape(m.text, kPlain), "", "", "", "", "", "F"});
  for (const Fetched& a : o.fetched) {
    const std::string title = hl7::components(kPlain, {"", a.attachment.title});
    if (a.bytes.empty()) {
      content += written(kPlain, "OBX", {std::to_string(++n), "TX", title, "", hl7::escape("Attachment " + a.attachment.title + ": " + a.why, kPlain)});
    } else {
      content += written(kPlain, "OBX", {std::to_string(++n), "ED", title, "", document_value(kPlain, a.attachment, a.bytes), "", "", "", "", "", "F"});
    }
  }
  return document(o, "T02", o.delivery.msg_id, m.author_name, content, s);
}

std::string withdrawal_out(const Outgoing& o, const base::Id& number, const Standing& s) { return document(o, "T11", number, "", "", s); }

std::string osu_from(const schemas::StatusUpdate& u, const hl7::Message& in, const base::Id& msg_id, const base::Id& thread_id) {
  const hl7::Delimiters& d = in.delimiters;
  const Standing s = standing_of(u, thread_id);
  std::string_view control = "SC", state;
  for (const Row& r : kRows) {
    if (r.status == u.status) control = r.control, state = r.state;
  }
  const auto number = hl7::to_utf8(in.find("ORC") == nullptr ? std::string_view{} : in.raw(*in.find("ORC"), {.field = 2}), in.charset);
  std::vector<std::string> orc(25);
  orc[0] = control, orc[1] = number.ok() ? *number : "", orc[4] = state;
  orc[13] = hl7::components(d, {u.callback});
  orc[15] = hl7::components(d, {u.reason, u.reason_class, u.reason.empty() ? "" : "L"});
  orc[24] = hl7::components(d, {u.outcome});
  std::string out;
  for (const hl7::Segment* pid : in.all("PID")) {
    const auto echo = hl7::to_utf8(pid->text, in.charset);
    out += (echo.ok() ? *echo : std::string("PID")) + "\r";
  }
  out += written(d, "ORC", orc);
  if (const std::string at = hl7_moment(u.appointment_at); !at.empty()) out += written(d, "TQ1", {"1", "", "", "", "", "", at});
  unsigned n = 0;
  for (const std::string& line : s.notes) out += written(d, "NTE", {std::to_string(++n), "", hl7::escape(line, d)});
  out += zcr(d, s) + "\r";
  return hl7::from_utf8(reply_header(in, "OSU", "O51", "OSU_O51", control_id_for(msg_id), made_at(msg_id), !hl7::ascii(out)) + "\r" + out, in.charset);
}

}  // namespace adapters::hospital
