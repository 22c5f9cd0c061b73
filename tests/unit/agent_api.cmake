set(api_tests ${CMAKE_CURRENT_SOURCE_DIR}/unit/api)
handoff_test(unit_agent_api SUITE unit THREADS
             SOURCES ${api_tests}/rules_test.cc ${api_tests}/http_test.cc ${api_tests}/events_test.cc ${api_tests}/ledger_test.cc ${api_tests}/kit.cc
               ${CMAKE_CURRENT_SOURCE_DIR}/unit/ops/kit.cc ${CMAKE_CURRENT_SOURCE_DIR}/unit/agent_county.cc ${CMAKE_CURRENT_SOURCE_DIR}/unit/agent_rig.cc
             ROOMS transport inbox ${agent_rooms} LIBS nlohmann_json::nlohmann_json Threads::Threads)
