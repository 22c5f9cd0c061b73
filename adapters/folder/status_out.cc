#include "adapters/folder/status_out.h"

#include "adapters/formats/csv/csv.h"
#include "adapters/transport/append.h"

namespace adapters::folder {
namespace {

constexpr const char* kFile = "status_out.layout=2.csv";

}  // namespace

std::string source_ref(const agent::Delivery& d, const schemas::StatusUpdate& u) {
  const auto* r = d.opening ? std::get_if<schemas::Referral>(&d.opening->payload) : nullptr;
  if (r == nullptr) return u.in_reply_to_ref;
  return r->source_ref.empty() ? r->incident_ref : r->source_ref;
}

std::string status_row(const agent::Delivery& d, const schemas::StatusUpdate& u) {
  return formats::csv::write_row({base::uuid(d.thread_id), source_ref(d, u), u.status, u.reason.empty() ? u.reason_class : u.reason,
                                  base::rfc3339(u.at), u.actor_role, u.appointment_at, u.outcome, u.place, u.expected_at, u.callback});
}

base::Status append_status(const std::string& folder, const std::string& row) {
  const std::string header = formats::csv::write_row(
      {"thread", "source_ref", "status", "reason", "at", "by_role", "appt_at", "outcome", "place", "expected_at", "callback"});
  return transport::append_row(folder, kFile, header, row);
}

}  // namespace adapters::folder
