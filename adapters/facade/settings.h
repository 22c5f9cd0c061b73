// The table of a "fhir-facade" adapter in the agent's configuration:
//   to = "SLUG"              where a request goes that names no performer or owner that is known here; may be missing
//   purpose = "TREAT"        CRISIS, TREAT or COORD
//   authority_basis = ""     for requests that name none and bring no consent: "treatment", "emergency" ...
//   callback = "..."         the desk's number, used where a request's requester or an accepted Task names none
//   profile = "none"         or "sdoh-cc" (received -> requested, stat -> urgent with our extension) or "bser" (its business codes only)
//   base_url = "https://agency.example/fhir/R4"      for links in answers; missing: relative ones
//   push_to = "https://emr.example/fhir"             referrals and answers for this agency are POSTed there as transactions
//   push_ca, push_cert, push_key, push_token_file    how; PEM files and a bearer
#pragma once

#include <string>

#include "adapters/transport/outbound.h"
#include "schemas/config.h"
#include "schemas/registry.h"

namespace adapters::facade {

struct Settings {
  std::string name, to, authority_basis, callback, profile = "none", base_url;
  schemas::Purpose purpose = schemas::Purpose::kTreat;
  std::string push_to, push_token;
  transport::OutboundOptions push;
};
base::Result<Settings> read_settings(const schemas::Config& c, const std::string& name);

}  // namespace adapters::facade
