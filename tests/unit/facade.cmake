find_package(nlohmann_json REQUIRED)
set(facade_tests ${CMAKE_CURRENT_SOURCE_DIR}/unit)
set(facade_rooms facade agent broker formats transport schemas_policy schemas_time kit journal state client net store schemas schemas_body crypto crypto_seal crypto_locker base)
handoff_test(unit_facade SUITE unit THREADS
  SOURCES ${facade_tests}/facade/facade_test.cc ${facade_tests}/facade/bundle_test.cc ${facade_tests}/facade/write_test.cc ${facade_tests}/facade/hooks_test.cc ${facade_tests}/agent_rig.cc
  ROOMS ${facade_rooms} LIBS nlohmann_json::nlohmann_json Threads::Threads)
