// The commands of handoff-agent: one row each, in the order of the first hour.
#pragma once

#include "adapters/program/arguments.h"

namespace adapters::program {

const std::vector<Command>& commands();

// setup.cc
base::Result<int> init(const Arguments& a);
base::Result<int> enroll(const Arguments& a);
// run.cc
base::Result<int> run(const Arguments& a);
base::Result<int> doctor(const Arguments& a);
// plugin.cc
base::Result<int> plugin(const Arguments& a);
// selftest.cc
base::Result<int> selftest(const Arguments& a);
// feed.cc
base::Result<int> feed_dry_run(const Arguments& a);
base::Result<int> feed_shadow(const Arguments& a);
base::Result<int> feed_report(const Arguments& a);
base::Result<int> go_live(const Arguments& a);
base::Result<int> rollback(const Arguments& a);
// workbench.cc
base::Result<int> inspect_files(const Arguments& a);
// map.cc
base::Result<int> map_new(const Arguments& a);
base::Result<int> map_test(const Arguments& a);
base::Result<int> map_show(const Arguments& a);

}  // namespace adapters::program
