// Chains: a referral and those that followed from it, told at the first one.
#include <map>

#include "schemas/report/measures.h"

namespace schemas::report {
namespace {

constexpr unsigned kLongest = 64;

bool undecided(const LoopFact& f) { return f.accepted.ms == 0 && (f.phase == "requested" || f.phase == "received" || f.phase == "info-requested"); }

}  // namespace

void link_chains(std::vector<LoopFact>& facts) {
  std::map<base::Id, LoopFact*> by_id;
  for (LoopFact& f : facts) by_id[f.thread] = &f;
  for (LoopFact& f : facts) {
    f.asked = 0;
    f.placed = f.placed_asked = {};
    f.chain_open = false;
  }
  for (const LoopFact& f : facts) {
    if (f.requested.ms == 0) continue;
    LoopFact* root = by_id[f.thread];
    for (unsigned i = 0; i < kLongest; ++i) {  // up to the first that is known here
      const auto up = by_id.find(root->parent);
      if (base::all_zero(root->parent) || up == by_id.end() || up->second->requested.ms == 0) break;
      root = up->second;
    }
    ++root->asked;
    root->chain_open = root->chain_open || undecided(f);
    if (f.accepted.ms != 0 && (root->placed.ms == 0 || f.accepted < root->placed)) {
      root->placed = f.accepted;
      root->placed_asked = f.requested;
    }
  }
}

}  // namespace schemas::report
