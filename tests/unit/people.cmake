set(people_tests ${CMAKE_CURRENT_SOURCE_DIR}/unit/people)
handoff_test(unit_people SUITE unit THREADS
             SOURCES ${people_tests}/people_test.cc ${people_tests}/web_test.cc ${people_tests}/passkey_test.cc ${people_tests}/oidc_test.cc
                     ${CMAKE_CURRENT_SOURCE_DIR}/unit/agent_county.cc ${CMAKE_CURRENT_SOURCE_DIR}/unit/agent_rig.cc
             ROOMS transport ${agent_rooms} LIBS nlohmann_json::nlohmann_json Threads::Threads)
