#include "tests/conformance/fhir_cases.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapters/formats/fhir/bundle.h"
#include "adapters/hospital/referral_in.h"
#include "cli/audit/export.h"

namespace fhir_cases {
namespace {

namespace fs = std::filesystem;
namespace fhir = adapters::formats::fhir;
namespace hospital = adapters::hospital;

fhir::Context context(bool test) {
  return {.thread_id = {0x01, 0x92, 0x5d, 0x10, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 9},
          .from = "stb",
          .from_kind = "hospital_ed",
          .to = "hcc",
          .to_kind = "crisis_center",
          .at = {1791208924000},
          .test = test};
}

void add_messages(const std::string& folder, std::vector<Case>& out) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".hl7") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::stringstream bytes;
    bytes << in.rdbuf();
    const auto m = hospital::hl7::parse(bytes.str());
    if (!m.ok() || hospital::refuse_header(*m)) continue;
    hospital::MappingOptions options;
    options.service = "CRISIS_EVAL";
    const auto mapped = hospital::referral_from(*m, options);
    out.push_back({entry.path().stem().string(), fhir::referral_bundle({}, mapped.referral, context(hospital::is_test(*m)))});
  }
}

schemas::Referral from_the_street() {
  schemas::Referral r;
  r.subject.unknown = true, r.subject.descriptor = "tall, grey coat,\nred scarf", r.subject.age_band = "30-39", r.subject.sex = "X",
  r.subject.interpreter = true;
  r.subject.language = "Spanish (Mexico)", r.subject.dob = "about 1990";
  r.subject.contacts.push_back({});
  r.subject.ids = {{"urn:oid:2.16.840.1.113883.19.7", "CASE-1"}, {"County jail booking", "B 7"}};
  r.urgency = "emergent", r.service = {"", "MOBILE_CRISIS", ""}, r.reasons = {{"", "  SI  now ", ""}, {"", "", "walked on the road"}, {}};
  r.risk = {"yes", "no", "unknown", "yes", "", ""};
  r.hold = {"CO", "M-1", "officer", "danger to self", "2026-10-05T14:02:00Z", "2026-10-08T14:02:00Z", "", "", ""};
  r.consent_ref = "C-77", r.location_now = "12 Example Way", r.transport_needed = true, r.authority_basis = "hold",
  r.requested_at = "just now";
  r.medications = {{"RXNORM", "5640", "Ibuprofen"}, {}};
  r.allergies = {{"", "", "bees"}};
  r.diagnoses = {{"my own list", "X 1", "Something"}};
  r.observations = {{{"LN", "8867-4", "Heart rate"}, "96", "/min", "2026-10-05T14:02:00Z", "N", "F"},
                    {{}, "", "", "yesterday", "", ""},
                    {{"LN", "5640-8", ""}, "1e999", "", "", "", "Z"}};
  r.attachments = {{"application/pdf", "form", "", base::to_bytes("%PDF")}, {}};
  r.labels = {"general", "mh", "part2", "hiv"};
  r.notes = {"", "line one\nline two\x01", "Zoë 日本"};
  r.payer = "Fictional Health";
  return r;
}

void add_statuses(std::vector<Case>& out) {
  for (const char* status : {"received", "info_requested", "accepted", "rejected", "scheduled", "in-progress", "on-hold", "no-show",
                             "completed", "cancel_requested", "cancelled", "expired", "entered-in-error"}) {
    schemas::StatusUpdate u;
    u.status = status, u.reason = "CAP_NO_BED", u.text = "words";
    out.push_back({"status-" + std::string(status), fhir::status_task(u, context(false))});
  }
}

// As `handoff audit export --format fhir` writes them: one of each shelf, one that was refused, one without anything that may be missing.
void add_audit(std::vector<Case>& out) {
  cli::audit::Record r{.shelf = "ledger", .seq = "7", .at = "2026-10-05T14:00:00.000Z", .who = "m.okafor", .role = "clinician", .device = "terminal", .action = "open", .words = "inbox.show",
                       .thread = "0199a1b2-0000-7000-8000-000000000001", .message = "0199a1b2-0000-7000-8000-000000000002", .to = "", .basis = "treatment", .fields = "referral.subject"};
  out.push_back({"audit-open", cli::audit::fhir(r, "stb")});
  r.action = "denied", r.denied = true;
  out.push_back({"audit-denied", cli::audit::fhir(r, "stb")});
  out.push_back({"audit-bare", cli::audit::fhir({.shelf = "ledger", .seq = "8", .at = r.at, .who = "", .role = "", .device = "", .action = "sign_in", .words = "", .thread = "", .message = "", .to = "", .basis = "", .fields = ""}, "stb")});
  r.shelf = "log", r.action = "Referral", r.denied = false, r.role.clear();
  out.push_back({"audit-log", cli::audit::fhir(r, "stb")});
}

}  // namespace

std::vector<Case> all(const std::string& corpus) {
  std::vector<Case> out;
  add_messages(std::string(HANDOFF_SOURCE_DIR) + "/tests/corpus/samples", out);
  if (!corpus.empty()) add_messages(corpus, out);
  schemas::Body body;
  body.custom = {{"x-sober-housing", "yes"}, {"empty", ""}};
  out.push_back({"from-the-street", fhir::referral_bundle(body, from_the_street(), context(true))});
  out.push_back({"nothing-said", fhir::referral_bundle({}, {}, context(false))});
  add_audit(out);
  add_statuses(out);
  return out;
}

}  // namespace fhir_cases
