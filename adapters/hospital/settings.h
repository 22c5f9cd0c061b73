// The hospital adapter's table of the configuration, checked.
#pragma once

#include <string>
#include <vector>

#include "adapters/hospital/referral_in.h"
#include "adapters/hospital/referral_out.h"
#include "adapters/hospital/site.h"
#include "adapters/transport/mllp_client.h"
#include "adapters/transport/mllp_server.h"
#include "schemas/config.h"
#include "schemas/registry.h"

namespace adapters::hospital {

struct Facility {
  std::string name, to;
};
struct Settings {
  std::string name, to;
  std::string next_action = "call the person and offer a new time";  // after a no-show whose message says nothing
  bool match = true;                                                     // ask people about records without a reference
  schemas::Purpose purpose = schemas::Purpose::kCrisis;
  std::vector<Facility> facilities;
  Language referral_out = Language::kNone;                                // of referrals that ask the hospital
  MappingOptions mapping;
  std::shared_ptr<const Site> site;                                       // its own fields; may be null
  hl7::ParseOptions parsing;
  transport::MllpServerOptions server;
  transport::MllpClientOptions client;
};

// kUsage and kMalformed name the key and the mend.
base::Result<Settings> read_settings(const schemas::Config& config, const std::string& name);

}  // namespace adapters::hospital
