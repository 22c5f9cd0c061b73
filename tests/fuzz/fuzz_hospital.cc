// Any bytes as a hospital's message: every reader of the hospital adapter over it, where each referral may stand, and what is written from what
// was read reads back.
#include <cstdint>
#include <cstdlib>

#include "adapters/formats/hl7v2/text.h"
#include "adapters/hospital/correlate.h"
#include "adapters/hospital/document.h"
#include "adapters/hospital/inspect.h"
#include "adapters/hospital/status_in.h"
#include "adapters/hospital/words_in.h"
#include "adapters/hospital/words_out.h"

namespace hl7 = adapters::formats::hl7v2;
namespace hospital = adapters::hospital;

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

void write_and_read(const hl7::Message& m) {
  hospital::Mapped mapped = hospital::referral_from(m, {});
  adapters::agent::Delivery d;
  d.from = "apd";
  d.body.payload = mapped.referral;
  hospital::Outgoing o{.delivery = d, .referral = mapped.referral, .own = "stb"};
  for (const auto& a : mapped.referral.attachments) o.fetched.push_back({a, a.data, "empty"});
  for (const auto language : {hospital::Language::kRef, hospital::Language::kOmg}) {
    const auto out = hl7::parse(hospital::referral_out(o, language, hospital::Act::kNew, {}));
    check(out.ok());
    const auto back = hospital::referral_from(*out, {}).referral;
    const hl7::Delimiters plain;  // escaping makes spaces of control characters
    const std::string family = hl7::unescape(hl7::escape(mapped.referral.subject.name.family, plain), plain);
    check(back.subject.name.family == family || family == "\"\"" || mapped.referral.subject.unknown || back.subject.unknown);
    check(back.attachments.size() <= mapped.referral.attachments.size());
  }
  const auto words = hospital::document_from(m).message;
  check(hl7::parse(hospital::document_out(o, words, {})).ok());
  for (const auto phase : {schemas::Phase::kReceived, schemas::Phase::kAccepted, schemas::Phase::kCancelRequested}) {
    const auto told = hospital::status_from(m, phase, false, {"+00:00", "", "", {}});
    if (!told.update) continue;
    check(hl7::parse(hospital::rri_from(*told.update, m, {}, {})).ok());
    check(hl7::parse(hospital::osu_from(*told.update, m, {}, {})).ok());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)hospital::look(bytes);
  const auto loose = hospital::loose_base64(bytes);
  if (loose) check(hospital::loose_base64(base::base64(*loose)) == loose);
  const auto m = hl7::parse(bytes);
  if (!m.ok()) return 0;
  (void)hospital::keys_of(*m);
  (void)hospital::results_from(*m, "+00:00");
  if (!hospital::refuse_header(*m)) write_and_read(*m);
  return 0;
}
