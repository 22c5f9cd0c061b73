// The commands of handoff-agent: one row each, in the order of the first hour.
#pragma once

#include "adapters/program/arguments.h"

namespace adapters::program {

const std::vector<Command>& commands();

// setup.cc
base::Result<int> init(const Arguments& a);
base::Result<int> enroll(const Arguments& a);
// rotate.cc
base::Result<int> rotate(const Arguments& a);
base::Result<int> enroll_next(const Arguments& a, const std::string& dir);  // enroll, where a rotation is under way
// run.cc
base::Result<int> run(const Arguments& a);
base::Result<int> doctor(const Arguments& a);
// safe.cc
base::Result<int> backup(const Arguments& a);
base::Result<int> restore(const Arguments& a);
base::Result<int> kit(const Arguments& a);
base::Result<int> give_back(const Arguments& a);
// lock.cc
base::Result<int> lock(const Arguments& a);
base::Result<int> locked(const Arguments& a);
[[noreturn]] void become(const char* command, const std::string& config);  // this process goes on as that command, with nothing in its memory
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
