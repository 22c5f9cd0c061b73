# Real programs, killed at random moments. For hours: HANDOFF_CRASH_KILLS=20000 HANDOFF_CRASH_SEED=7 build/dev/bin/fault_crash
find_package(nlohmann_json REQUIRED)
set(crash ${CMAKE_SOURCE_DIR}/tests/fault)
handoff_test(fault_crash SUITE fault SERIAL TIMEOUT 1500 SOURCES ${crash}/crash_test.cc ${crash}/crash_child.cc ${crash}/crash_county.cc ${crash}/crash_load.cc ${crash}/crash_log.cc
  ROOMS journal store crypto base LIBS nlohmann_json::nlohmann_json Threads::Threads)
add_dependencies(fault_crash handoff-hub handoff-agent handoff-authority)
