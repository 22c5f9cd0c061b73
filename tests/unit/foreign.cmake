find_package(nlohmann_json REQUIRED)
set(foreign_tests ${CMAKE_CURRENT_SOURCE_DIR}/unit/foreign)
handoff_test(unit_process SUITE unit SERIAL SOURCES ${foreign_tests}/process_test.cc ROOMS transport base LIBS Threads::Threads)
handoff_test(unit_foreign SUITE unit SERIAL SOURCES ${foreign_tests}/plugin_test.cc ${CMAKE_CURRENT_SOURCE_DIR}/unit/schemas_body_samples.cc
             ROOMS foreign transport schemas_body schemas crypto base LIBS nlohmann_json::nlohmann_json Threads::Threads)
handoff_test(unit_kit SUITE unit SERIAL SOURCES ${foreign_tests}/kit_test.cc ${CMAKE_CURRENT_SOURCE_DIR}/unit/cli/kit.cc
             ROOMS schemas_body base LIBS nlohmann_json::nlohmann_json Threads::Threads)
add_dependencies(unit_kit handoff handoff-agent)
handoff_test(unit_foreign_agent SUITE unit SERIAL SOURCES ${foreign_tests}/agent_test.cc ${CMAKE_CURRENT_SOURCE_DIR}/unit/agent_rig.cc
             ROOMS foreign agent broker schemas_policy schemas_time kit journal state client net store schemas schemas_body crypto crypto_seal crypto_locker base LIBS Threads::Threads)
