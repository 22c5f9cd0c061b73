#include "adapters/ems/site.h"

#include "adapters/formats/mapping/record.h"

namespace adapters::ems {

namespace mapping = formats::mapping;
using base::Error;
using base::Kind;

base::Result<std::shared_ptr<const Site>> Site::load(const std::string& path) {
  auto site = std::make_shared<Site>();
  TRY_ASSIGN(site->file_, schemas::Config::load(path));
  TRY_ASSIGN(site->mapping_, mapping::load(site->file_, path));
  if (site->mapping_.format != "nemsis" || !site->mapping_.standard || site->mapping_.kind != "Referral")
    return Error{Kind::kUsage, "this adapter takes fields over its own mapping of reports", path + ": mapping",
                 "write format = \"nemsis\", kind = \"Referral\", base = \"standard\""};
  return std::shared_ptr<const Site>(std::move(site));
}

base::Status Site::over(std::string_view bytes, const std::string& file, std::vector<formats::nemsis::Report>& reports) const {
  TRY_ASSIGN(const mapping::Records source, mapping::read_records("nemsis", bytes, file_));
  if (source.records.size() != reports.size()) return base::malformed("not every report can be read by its paths", file);
  for (const Error& e : mapping::unfit(mapping_, source)) return Error{e.kind, e.what, file + ": " + e.where, e.mend};
  for (std::size_t i = 0; i < reports.size(); ++i) {
    formats::nemsis::Report& r = reports[i];
    if (!r.wanted || !mapping::wanted(mapping_, source.records[i].text)) continue;
    schemas::Body body;
    body.payload = std::move(r.referral), body.custom = std::move(r.custom), body.absent = std::move(r.absent);
    const auto faults = mapping::overlay(body, mapping_, source.records[i]);
    r.referral = std::move(std::get<schemas::Referral>(body.payload));
    r.custom = std::move(body.custom), r.absent = std::move(body.absent);
    if (!faults.empty()) return Error{faults[0].kind, faults[0].what, r.place + ": " + faults[0].where, faults[0].mend};
  }
  return {};
}

}  // namespace adapters::ems
