set(agent_tests ${CMAKE_CURRENT_SOURCE_DIR}/unit)
set(agent_rooms agent broker schemas_policy schemas_time kit journal state client net store schemas schemas_body crypto crypto_seal crypto_locker base)
handoff_test(unit_agent SUITE unit THREADS
             SOURCES ${agent_tests}/agent_adapters.cc ${agent_tests}/agent_keep.cc ${agent_tests}/agent_restore.cc ${agent_tests}/agent_rules.cc ${agent_tests}/agent_story.cc ${agent_tests}/agent_alarms.cc ${agent_tests}/agent_conflict.cc ${agent_tests}/agent_flips.cc ${agent_tests}/agent_directory.cc ${agent_tests}/agent_rig.cc
             ROOMS ${agent_rooms} LIBS Threads::Threads)
handoff_test(unit_agent_rotate SUITE unit THREADS SOURCES ${agent_tests}/agent_rotate.cc ${agent_tests}/agent_rotate_mail.cc ${agent_tests}/agent_rotate_kit.cc ${agent_tests}/agent_rig.cc
             ROOMS transport ${agent_rooms} LIBS nlohmann_json::nlohmann_json Threads::Threads)
handoff_test(unit_witness SUITE unit THREADS SOURCES ${agent_tests}/witness_test.cc ${agent_tests}/agent_rig.cc ROOMS proof ${agent_rooms} LIBS Threads::Threads)
find_package(nlohmann_json REQUIRED)
handoff_test(unit_agent_ops SUITE unit THREADS SOURCES ${agent_tests}/ops/ops_test.cc ${agent_tests}/ops/account_test.cc ${agent_tests}/ops/kit.cc ${agent_tests}/agent_county.cc ${agent_tests}/agent_rig.cc
             ROOMS ${agent_rooms} LIBS nlohmann_json::nlohmann_json Threads::Threads)
handoff_test(unit_agent_loop SUITE unit THREADS
             SOURCES ${agent_tests}/agent_loop.cc ${agent_tests}/agent_disclose.cc ${agent_tests}/agent_county.cc ${agent_tests}/agent_rig.cc
             ROOMS ${agent_rooms} LIBS Threads::Threads)
handoff_test(unit_agent_match SUITE unit THREADS SOURCES ${agent_tests}/ops/match_test.cc ${agent_tests}/ops/kit.cc ${agent_tests}/agent_county.cc ${agent_tests}/agent_rig.cc
             ROOMS ${agent_rooms} LIBS nlohmann_json::nlohmann_json Threads::Threads)
handoff_test(unit_agent_web SUITE unit THREADS SOURCES ${agent_tests}/agent_web.cc ${agent_tests}/agent_assertion.cc ${agent_tests}/agent_rig.cc
             ROOMS transport ${agent_rooms} LIBS nlohmann_json::nlohmann_json Threads::Threads)
