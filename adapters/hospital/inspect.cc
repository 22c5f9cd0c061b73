#include "adapters/hospital/inspect.h"

#include <algorithm>
#include <array>

#include "adapters/hospital/appointment_in.h"
#include "adapters/hospital/correlate.h"
#include "adapters/hospital/status_in.h"
#include "adapters/hospital/visit_in.h"
#include "adapters/hospital/words_in.h"
#include "schemas/body.h"
#include "schemas/policy/view.h"

namespace adapters::hospital {
namespace {

// Segments whose first field only counts them: the order of the message says the same.
constexpr std::array<std::string_view, 17> kCounted = {"PID", "PV1", "NK1", "OBX", "OBR", "DG1", "AL1", "NTE", "IN1",
                                                       "GT1", "AIS", "AIL", "AIP", "AIG", "TQ1", "TXA", "RGS"};

struct Taken {
  schemas::Body body;
  std::vector<hl7::Fault> faults;
};

Taken took(schemas::Payload payload, std::vector<hl7::Fault> faults) {
  Taken out;
  out.body.payload = std::move(payload), out.faults = std::move(faults);
  return out;
}

// Where a mapping depends on where the referral stands, it stands where most is taken.
Taken take(const hl7::Message& m, const LookOptions& options) {
  const std::string& offset = options.mapping.utc_offset;
  switch (topic_of(m)) {
    case Topic::kVisit: {
      Visit v = visit_from(m, offset);
      return took(std::move(v.encounter), std::move(v.faults));
    }
    case Topic::kAppointment: {
      Appointment a = appointment_from(m, schemas::Phase::kScheduled, {offset, "call", {}});
      return took(std::move(a.payload), std::move(a.faults));
    }
    case Topic::kReferral: {
      Mapped r = referral_from(m, options.mapping);
      Taken out = took(std::move(r.referral), std::move(r.faults));
      out.body.absent = std::move(r.absent);
      return out;
    }
    case Topic::kChange: {
      Words w = change_from({}, referral_from(m, options.mapping));
      return took(std::move(w.message), std::move(w.faults));
    }
    case Topic::kCancel:
    case Topic::kStatus: {
      Told t = status_from(m, schemas::Phase::kReceived, topic_of(m) == Topic::kCancel, {offset, options.mapping.callback, "call", {}});
      return took(t.update.value_or(schemas::StatusUpdate{}), std::move(t.faults));
    }
    case Topic::kResult:
    case Topic::kDocument: {
      Words w = topic_of(m) == Topic::kResult ? results_from(m, offset) : document_from(m);
      return took(std::move(w.message), std::move(w.faults));
    }
    case Topic::kWithdrawal: (void)document_number(m); return took(schemas::Correction{}, {});
    case Topic::kQuery:
    case Topic::kNothing: break;
  }
  return took(schemas::Opaque{}, {});
}

// What every message is read for, whatever its type: the way it came, its answer, and whom it is about.
void read_frame(const hl7::Message& m) {
  for (const unsigned field : {1u, 2u, 3u, 4u, 5u, 6u, 7u, 18u}) (void)m.raw(*m.find("MSH"), {.field = field});
  (void)hl7::ack_mode(m), (void)is_test(m), (void)dedupe_key(m), (void)keys_of(m);
}

std::vector<std::string> unmapped(const hl7::Message& m, const hl7::Asked& asked) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < m.segments.size(); ++i) {
    const hl7::Segment& s = m.segments[i];
    const auto last = static_cast<unsigned>(std::count(s.text.begin(), s.text.end(), m.delimiters.field)) + 1;
    const bool counted = std::find(kCounted.begin(), kCounted.end(), s.name()) != kCounted.end();
    for (unsigned f = counted ? 2 : 1; f <= last; ++f) {
      if (asked.contains({i, f}) || m.repetitions(s, f) == 0) continue;
      std::string name = std::string(s.name()) + "-" + std::to_string(f);
      if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(std::move(name));
    }
  }
  return out;
}

// The innermost paths with a value; they come in the order of the field lists, what is below a path right after it.
std::vector<std::string> fields_of(const schemas::Body& body) {
  std::vector<std::string> out;
  const std::vector<std::string> all = schemas::policy::all_paths();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool innermost = i + 1 == all.size() || !all[i + 1].starts_with(all[i] + ".");
    if (innermost && schemas::policy::has_value(body, all[i])) out.push_back(all[i]);
  }
  return out;
}

Looked look_at(hl7::Message& m, const LookOptions& options) {
  hl7::Asked asked;
  m.asked = &asked;
  Looked out;
  const std::string event = m.value("MSH-9.2");
  out.type = m.value("MSH-9.1") + (event.empty() ? "" : "^" + event);
  read_frame(m);
  const auto refusal = refuse_header(m, options.mapping.default_processing);
  if (refusal) {
    out.error = base::Error{base::Kind::kUnsupported, refusal->fault.text, refusal->fault.where};
  } else {
    const Taken taken = take(m, options);
    if (!std::holds_alternative<schemas::Opaque>(taken.body.payload)) out.kind = schemas::name_of(schemas::kind_of(taken.body.payload));
    out.fields = fields_of(taken.body);
    for (const hl7::Fault& f : taken.faults) out.warnings.push_back({f.where, f.text});
    if (!taken.faults.empty()) out.error = base::malformed(taken.faults.front().text, taken.faults.front().where);
  }
  m.asked = nullptr;
  out.unmapped = unmapped(m, asked);
  return out;
}

}  // namespace

base::Result<std::vector<Looked>> look(std::string_view bytes, const LookOptions& options) {
  TRY_ASSIGN(hl7::File file, hl7::parse_file(bytes, options.parsing));
  std::vector<Looked> out;
  for (hl7::Message& m : file.parts) {
    if (!m.envelope()) out.push_back(look_at(m, options));
  }
  return out;
}

}  // namespace adapters::hospital
