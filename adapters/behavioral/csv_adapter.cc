// The behavioral health adapter in plain rows: files of known layouts in, files of rows out.
#include <algorithm>
#include <array>

#include "adapters/behavioral/behavioral.h"
#include "adapters/behavioral/csv_out.h"
#include "adapters/folder/adapter.h"
#include "adapters/folder/status_out.h"
#include "adapters/formats/csv/csv.h"
#include "adapters/formats/layouts/layouts.h"
#include "adapters/transport/append.h"
#include "adapters/transport/files.h"
#include "schemas/values.h"

namespace adapters::behavioral {
namespace {

using agent::Delivery;
using agent::Submission;
using base::Error;
using base::Kind;
using folder::Outcome;
using folder::Taken;
using formats::layouts::Layout;
using formats::layouts::Part;
using formats::mapping::Record;

constexpr const char *kReferrals = "referral_out.layout=1.csv", *kDirectory = "directory.csv";
constexpr std::size_t kMaxDirectory = 1u << 20;

std::string cell(const Record& r, std::string_view column) { return formats::mapping::trimmed(r.text(column).value_or("")); }

// Of the parts of one row the one that says most about it: a refusal, else what was sent.
unsigned weight(const std::string& verdict) {
  constexpr std::array<std::string_view, 6> kOrder = {"skipped", "repeat", "rehearsed", "sent", "changed", "refused"};
  return static_cast<unsigned>(std::ranges::find(kOrder, verdict) - kOrder.begin());
}

// What two parts of one row became, as one.
void merge(Outcome& into, Outcome more) {
  if (into.why && more.why) {
    into.why->what += "; " + more.why->what;
    into.kept += more.kept;
  } else if (weight(more.verdict) > weight(into.verdict)) {
    into = std::move(more);
  }
}

class CsvFolder : public folder::Adapter {
 public:
  CsvFolder(const folder::Settings& s, folder::Sheet sheet, std::string callback)
      : folder::Adapter(s), settings_(s), sheet_(std::move(sheet)), callback_(std::move(callback)) {}
  ~CsvFolder() override { stop(); }
  base::Status deliver(const Delivery& d) override;
  base::Status take_again(std::string_view, base::View) override {
    return Error{Kind::kUnsupported, "a row alone does not say its layout", "", "mend it at the source and save the file again"};
  }

 private:
  base::Status take(const std::string& file, std::string_view bytes) override;
  [[nodiscard]] folder::Sheet sheet_of(const Layout& layout, const Part& part);
  base::Status finish(const Layout& layout, const Record& record, Submission& s);
  base::Status find_thread(const Record& record, Submission& s) const;
  base::Status keep_directory(const Delivery& d, const schemas::Capacity& c);

  folder::Settings settings_;
  folder::Sheet sheet_;
  std::string callback_;
};

base::Status CsvFolder::find_thread(const Record& record, Submission& s) const {
  const std::string thread = cell(record, "thread"), ref = cell(record, "source_ref");
  std::optional<agent::ThreadInfo> found;
  if (const auto id = base::parse_uuid(thread)) {
    found = host_->thread(*id);
  } else if (thread.empty() && !ref.empty()) {
    const auto all = host_->threads_by_ref(ref);
    if (!all.empty()) found = all.front();
  }
  if (!found)
    return Error{Kind::kNotFound, "no referral here has this thread or reference", thread.empty() ? "source_ref" : "thread",
                 "copy thread from " + std::string(kReferrals)};
  s.thread = found->thread_id, s.to = found->other;
  return {};
}

// Group of a decline reason: what a reader learns who may not know the reason.
std::string reason_class(const std::string& reason) {
  const schemas::ValueSet* set = schemas::value_set("decline_reason");
  const schemas::Value* value = set == nullptr ? nullptr : set->find(reason);
  return value == nullptr ? "" : value->group;
}

base::Status CsvFolder::finish(const Layout& layout, const Record& record, Submission& s) {
  if (layout.name == "status_in") TRY(find_thread(record, s));
  if (auto* u = std::get_if<schemas::StatusUpdate>(&s.body.payload)) {
    if (u->at.ms == 0) u->at = host_->now();
    u->reason_class = reason_class(u->reason);
    if (u->callback.empty() && u->status == "accepted") u->callback = callback_;
    s.person = u->actor_name;
  }
  if (auto* f = std::get_if<schemas::FollowUp>(&s.body.payload)) f->at = base::rfc3339(host_->now());
  if (auto* c = std::get_if<schemas::Capacity>(&s.body.payload)) {
    const std::string low = cell(record, "age_min"), high = cell(record, "age_max"), hold = cell(record, "invol_ok"),
                      clear = cell(record, "med_clear_req");
    const auto add = [&](const std::string& words) { c->accepts += (c->accepts.empty() ? "" : ", ") + words; };
    if (!low.empty() || !high.empty()) add("ages " + (low.empty() ? "0" : low) + (high.empty() ? " and over" : "-" + high));
    if (!hold.empty()) add("involuntary: " + hold);
    if (!clear.empty()) add("medical clearance needed: " + clear);
    std::vector<std::string> cells;  // the words come from columns that no field reads: the row as it stood tells changes
    for (const auto& column : layout.columns) cells.push_back(cell(record, column));
    s.body.source.bytes = base::to_bytes(formats::csv::write_row(layout.columns) + formats::csv::write_row(cells));
  }
  if (layout.name == "referral_in" && s.to.empty())
    return Error{Kind::kNotFound, "no agency for this service", "service", "add a route, or `to`, to the adapter"};
  return {};
}

folder::Sheet CsvFolder::sheet_of(const Layout& layout, const Part& part) {
  folder::Sheet out = sheet_;
  out.name = sheet_.name + "." + layout.name;
  out.mapping = part.mapping;
  if (!part.column.empty()) out.wanted = [&part](const Record& r) { return !cell(r, part.column).empty(); };
  if (layout.name == "capacity_in")
    out.id = [](const Record& r) { return cell(r, "service").empty() ? "" : cell(r, "service") + "@" + cell(r, "as_of"); };
  if (layout.name == "outcome_in")
    out.id = [&part](const Record& r) { return cell(r, "source_ref").empty() ? "" : cell(r, "source_ref") + ":" + part.column; };
  out.finish = [this, &layout](const Record& r, Submission& s) { return finish(layout, r, s); };
  return out;
}

base::Status CsvFolder::take(const std::string& file, std::string_view bytes) {
  const auto layout = formats::layouts::named(file);
  if (!layout.ok()) return Error{layout.error().kind, layout.error().what, file, layout.error().mend};
  Taken all;
  for (const Part& part : (*layout)->parts) {
    TRY_ASSIGN(Taken taken, folder::take(*host_, sheet_of(**layout, part), file, bytes));
    if (all.rows.empty()) {
      all = std::move(taken);
    } else {
      for (std::size_t i = 0; i < taken.rows.size(); ++i) merge(all.rows[i], std::move(taken.rows[i]));
    }
    if (all.refused) break;
  }
  return report(file, all);
}

base::Status CsvFolder::keep_directory(const Delivery& d, const schemas::Capacity& c) {
  const auto there = transport::read_file(settings_.out + "/" + kDirectory, kMaxDirectory);
  if (!there.ok() && there.error().kind != Kind::kNotFound) return noted(there.error());
  TRY_ASSIGN(const std::string text, directory_with(there.ok() ? *there : "", d, c));
  return write(kDirectory, text);
}

base::Status CsvFolder::deliver(const Delivery& d) {
  const auto* referral = std::get_if<schemas::Referral>(&d.body.payload);
  const auto* update = std::get_if<schemas::StatusUpdate>(&d.body.payload);
  const auto* capacity = std::get_if<schemas::Capacity>(&d.body.payload);
  const bool answer = update != nullptr && !update->status.empty() && d.opening_from == host_->own_slug();
  if (d.outgoing || (referral == nullptr && capacity == nullptr && !answer)) return Error{Kind::kUnsupported, "not for this folder"};
  TRY(still_true(d));
  if (capacity != nullptr) return delivered(keep_directory(d, *capacity));
  if (referral != nullptr)
    return delivered(noted(transport::append_row(settings_.out, kReferrals, referral_header(), referral_row(d, *referral))));
  return delivered(noted(folder::append_status(settings_.out, folder::status_row(d, *update))));
}

base::Result<std::unique_ptr<agent::Adapter>> make(const schemas::Config& config, const std::string& name) {
  TRY_ASSIGN(const folder::Settings s, folder::read_settings(config, name, {".csv"}));
  folder::Sheet sheet;
  sheet.name = name, sheet.purpose = s.purpose;
  TRY_ASSIGN(sheet.mapping_file, schemas::Config::parse("", "layout"));
  TRY(folder::read_routes(config, sheet));
  TRY_ASSIGN(const std::string callback, config.text("callback", ""));
  TRY(folder::refuse_unknown(config, name));
  return std::unique_ptr<agent::Adapter>(std::make_unique<CsvFolder>(s, std::move(sheet), callback));
}

}  // namespace

agent::AdapterType behavioral_csv() { return {"behavioral-csv", make}; }

}  // namespace adapters::behavioral
