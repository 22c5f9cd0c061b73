#include "adapters/behavioral/csv_out.h"

#include <algorithm>

#include "adapters/formats/csv/csv.h"
#include "adapters/formats/layouts/layouts.h"

namespace adapters::behavioral {
namespace {

namespace csv = formats::csv;
using Cells = std::vector<std::string>;

const Cells kDirectory = {"agency", "kind", "inbox", "oncall_phone", "services", "hours", "catchment"};
constexpr std::size_t kKind = 1, kInbox = 2, kPhone = 3, kServices = 4;

std::string joined(const Cells& parts, const char* between) {
  std::string out;
  for (const auto& p : parts)
    if (!p.empty()) out += (out.empty() ? "" : between) + p;
  return out;
}

}  // namespace

std::string referral_header() {
  Cells out = {"thread", "from"};
  const auto layout = formats::layouts::named("referral_in.csv");
  CHECK(layout.ok());
  out.insert(out.end(), (*layout)->columns.begin() + 1, (*layout)->columns.end());
  out.emplace_back("notice");
  return csv::write_row(out);
}

std::string referral_row(const agent::Delivery& d, const schemas::Referral& r) {
  Cells reasons;
  for (const auto& c : r.reasons) reasons.push_back(c.code.empty() ? c.text : c.code);
  const auto& s = r.subject;
  return csv::write_row({base::uuid(d.thread_id),
                         d.from,
                         r.source_ref.empty() ? r.incident_ref : r.source_ref,
                         s.name.family,
                         s.name.given,
                         s.dob,
                         s.sex,
                         s.phone,
                         s.safe_to_contact,
                         s.language,
                         r.location_now,
                         joined(reasons, ";"),
                         r.service.code,
                         r.urgency,
                         joined({r.requester.name.given, r.requester.name.family}, " "),
                         r.requester.phone,
                         r.authority_basis,
                         r.consent_ref,
                         r.hold.form,
                         r.hold.start,
                         r.risk.self,
                         r.risk.others,
                         r.risk.weapons,
                         joined(r.notes, "\n"),
                         d.body.notice});
}

base::Result<std::string> directory_with(std::string_view file, const agent::Delivery& d, const schemas::Capacity& c) {
  std::vector<Cells> rows;
  if (!file.empty()) {
    TRY_ASSIGN(const csv::Table table, csv::read(file));
    if (table.header != kDirectory)
      return base::malformed("the directory has other columns", "1", "take the file away; it is written anew");
    for (const auto& row : table.rows) {
      if (row.cells.size() != kDirectory.size())
        return base::malformed("a row of the directory is broken", std::to_string(row.number), "take the file away; it is written anew");
      rows.push_back(row.cells);
    }
  }
  auto mine = std::ranges::find_if(rows, [&](const Cells& r) { return r[0] == d.from; });
  if (mine == rows.end()) {
    Cells fresh(kDirectory.size());
    fresh[0] = d.from;
    mine = rows.insert(std::ranges::find_if(rows, [&](const Cells& r) { return r[0] > d.from; }), fresh);
  }
  Cells& row = *mine;
  row[kKind] = d.from_kind, row[kInbox] = d.from;
  if (!c.phone.empty()) row[kPhone] = c.phone;
  const std::string listed = ";" + row[kServices] + ";";
  if (listed.find(";" + c.service + ";") == listed.npos) row[kServices] = joined({row[kServices], c.service}, ";");
  std::string out = csv::write_row(kDirectory);
  for (const auto& r : rows) out += csv::write_row(r);
  return out;
}

}  // namespace adapters::behavioral
