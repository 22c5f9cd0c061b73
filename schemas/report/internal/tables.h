// One function a measure: its table with rows by `by`.
#pragma once

#include "schemas/report/internal/maker.h"

namespace schemas::report::tables {

void volume(Maker& m, const std::string& by);
void delivery(Maker& m, const std::string& by);
void acceptance(Maker& m, const std::string& by);
void time_to_view(Maker& m, const std::string& by);
void time_to_accept(Maker& m, const std::string& by);
void closure(Maker& m, const std::string& by);
void escalation(Maker& m, const std::string& by);
void no_show(Maker& m, const std::string& by);
void unmet(Maker& m, const std::string& by);
void hops(Maker& m, const std::string& by);
void handoff(Maker& m, const std::string& by);
void holds(Maker& m, const std::string& by);
void follow_up(Maker& m, const std::string& by);
void bed_search(Maker& m, const std::string& by);
void capacity(Maker& m, const std::string& by);
void encounters(Maker& m, const std::string& by);
void fields(Maker& m, const std::string& by);

// The words of a table whose rows are by `by`: "acceptance-partner", "Acceptance by partner".
Table words(const std::string& id, const std::string& title, const std::string& by, std::vector<std::string> columns, const std::string& definition,
            const std::string& denominator, const std::string& chart);
bool asked(const LoopFact& f);  // a referral, not a handoff alone
std::optional<double> minutes(base::Instant from, base::Instant to);  // nullopt: one of them was not

}  // namespace schemas::report::tables
