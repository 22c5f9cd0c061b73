# Real programs, killed at random moments or on a failing disk. For hours:
#   HANDOFF_CRASH_KILLS=20000 HANDOFF_CRASH_SEED=7 build/dev/bin/fault_crash
find_package(nlohmann_json REQUIRED)
set(crash ${CMAKE_SOURCE_DIR}/tests/fault)
set(crash_kit ${crash}/crash_child.cc ${crash}/crash_county.cc ${crash}/crash_load.cc ${crash}/crash_log.cc ${crash}/crash_oracle.cc)
foreach(test crash crash_disk)
  handoff_test(fault_${test} SUITE fault SERIAL TIMEOUT 1500 SOURCES ${crash}/${test}_test.cc ${crash_kit}
    ROOMS journal store crypto base LIBS nlohmann_json::nlohmann_json Threads::Threads)
  add_dependencies(fault_${test} handoff-hub handoff-agent handoff-authority)
endforeach()
target_compile_definitions(fault_crash_disk PRIVATE HANDOFF_FAULT_SHIM="$<TARGET_FILE:faultdisk>")
add_dependencies(fault_crash_disk faultdisk)
