// What a report must say, and when: one table.
#include <algorithm>
#include <array>

#include "adapters/formats/nemsis/record.h"

namespace adapters::formats::nemsis {
namespace {

enum class When { kAlways, kTransferInTheField, kAnyTransfer, kReferral };

struct Need {
  When when;
  std::array<std::string_view, 4> one_of;  // "": no more
  bool nothing_is_an_answer;               // nil will do, as long as it is said
  std::string_view what;
};

constexpr Need kNeeds[] = {
    {When::kAlways, {"eRecord.01"}, false, "the report has no number"},
    {When::kTransferInTheField,
     {"eScene.02", "eScene.03"},
     false,
     "care was transferred (eScene.25), but the agency that took over is not named"},
    {When::kTransferInTheField, {"eTimes.08"}, false, "care was transferred (eScene.25), but not when"},
    {When::kAnyTransfer, {"ePatient.02", "ePatient.03"}, true, "a patient was handed over who is neither named nor said to be unknown"},
    {When::kReferral, {"ePatient.02", "ePatient.03"}, true, "a referral is about a patient who is neither named nor said to be unknown"},
    {When::kReferral, {"ePatient.17", "ePatient.15"}, false, "a referral needs a date of birth or an age"},
    {When::kReferral, {"eSituation.04", "eSituation.09", "eSituation.11", "eDispatch.01"}, false, "a referral has a reason"},
};

bool applies(When when, const Record& r, const Report& report, const Options& options) {
  const bool offers = report.wanted && report.handoff.phase == "offer", at_destination = r.said("eTimes.12");
  switch (when) {
    case When::kAlways: return true;
    case When::kTransferInTheField: return offers && !at_destination;
    case When::kAnyTransfer: return offers;
    case When::kReferral: return report.wanted && options.refer;
  }
  return false;
}

}  // namespace

void check_required(Record& r, const Options& options) {
  Report& report = r.out();
  report.wanted = options.all || report.behavioral;
  for (const Need& n : kNeeds) {
    if (!applies(n.when, r, report, options)) continue;
    const bool met = std::any_of(n.one_of.begin(), n.one_of.end(), [&](std::string_view number) {
      return !number.empty() && (r.said(number) || (n.nothing_is_an_answer && r.named(number)));
    });
    if (met) continue;
    const auto there = r.all(n.one_of.front());
    r.fault(n.one_of.front(), std::string(n.what), "fill it in and export the report again", there.empty() ? nullptr : there.front());
  }
}

}  // namespace adapters::formats::nemsis
