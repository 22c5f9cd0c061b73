#include "adapters/hospital/site.h"

#include <algorithm>

#include "adapters/formats/mapping/cover.h"
#include "adapters/formats/mapping/read_hl7v2.h"
#include "adapters/hospital/referral_in.h"
#include "schemas/policy/view.h"

namespace adapters::hospital {
namespace {

namespace mapping = formats::mapping;
using base::Error;
using base::Kind;

// "PID-7" is a place as well; what is more than that is told as it stands.
hl7::Fault fault_of(const Error& e, int code) { return {code, e.where, e.what}; }

bool holds_withheld(const mapping::Mapping& m, const mapping::Record& r) {
  return std::ranges::any_of(m.ignored, [&](const std::string& pattern) {
    return m.known.at(pattern) != mapping::Provenance::kLocal &&
           std::ranges::any_of(r.paths, [&](const std::string& path) { return mapping::covers(pattern, path); });
  });
}

}  // namespace

base::Result<std::shared_ptr<const Site>> Site::load(const std::string& path) {
  TRY_ASSIGN(const auto config, schemas::Config::load(path));
  auto site = std::make_shared<Site>();
  TRY_ASSIGN(site->mapping_, mapping::load(config, path));
  if (site->mapping_.format != "hl7v2" || !site->mapping_.standard || site->mapping_.kind != "Referral")
    return Error{Kind::kUsage, "this adapter takes fields over its own mapping of referrals", path + ": mapping",
                 "write format = \"hl7v2\", kind = \"Referral\", base = \"standard\""};
  return std::shared_ptr<const Site>(std::move(site));
}

std::vector<hl7::Fault> Site::over(const hl7::Message& m, schemas::Body& body, std::vector<hl7::Fault> faults) const {
  mapping::Records source;
  source.records.push_back(mapping::record_of(m));
  source.paths = source.records[0].paths;
  const mapping::Record& record = source.records[0];
  if (holds_withheld(mapping_, record)) body.source = {};
  if (!mapping::wanted(mapping_, record.text)) return faults;
  for (const Error& e : mapping::unfit(mapping_, source)) faults.push_back(fault_of(e, hl7::kUnsupportedProcessing));
  const auto own = mapping::overlay(body, mapping_, record);
  std::erase_if(faults, [&](const hl7::Fault& f) {
    return std::ranges::any_of(mapping_.fields, [&](const mapping::Field& field) {
      return f.code == hl7::kRequiredMissing && schemas::policy::has_value(body, field.to.path) && place_of(field.to.path) == f.where;
    });
  });
  for (const Error& e : own) faults.push_back(fault_of(e, hl7::kDataType));
  return faults;
}

}  // namespace adapters::hospital
