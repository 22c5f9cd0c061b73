# Benchmarks: not tests, but built with the development build, so that they still compile on the day they are asked for (./dev bench).
add_executable(handoff-peer ${CMAKE_SOURCE_DIR}/tests/bench/peer_main.cc ${CMAKE_SOURCE_DIR}/tests/bench/county.cc
  ${CMAKE_SOURCE_DIR}/tests/bench/load.cc ${CMAKE_SOURCE_DIR}/tests/bench/work.cc ${CMAKE_SOURCE_DIR}/tests/bench/meter.cc)
target_link_libraries(handoff-peer PRIVATE handoff_options handoff_kit handoff_client handoff_net handoff_crypto_seal handoff_schemas handoff_crypto handoff_base Threads::Threads)
add_dependencies(handoff-peer handoff-hub)
add_executable(bench_stages ${CMAKE_SOURCE_DIR}/tests/bench/stages.cc ${CMAKE_SOURCE_DIR}/adapters/agent/witness/judge.cc ${CMAKE_SOURCE_DIR}/tests/bench/meter.cc)
target_link_libraries(bench_stages PRIVATE handoff_options handoff_kit handoff_crypto_seal handoff_schemas_policy handoff_schemas handoff_crypto handoff_base)
add_executable(bench_feed ${CMAKE_SOURCE_DIR}/tests/bench/feed.cc ${CMAKE_SOURCE_DIR}/tests/bench/meter.cc)
target_link_libraries(bench_feed PRIVATE handoff_options handoff_hospital handoff_formats handoff_schemas_body handoff_schemas handoff_base nlohmann_json::nlohmann_json)
add_executable(bench_audit ${CMAKE_SOURCE_DIR}/tests/bench/audit.cc ${CMAKE_SOURCE_DIR}/tests/bench/history.cc ${CMAKE_SOURCE_DIR}/tests/bench/meter.cc)
target_link_libraries(bench_audit PRIVATE handoff_options handoff_kit handoff_cli_counter handoff_broker handoff_journal handoff_state handoff_store handoff_net handoff_crypto_seal handoff_schemas handoff_crypto handoff_base Threads::Threads)
add_custom_target(benchmarks DEPENDS handoff-peer bench_stages bench_feed bench_audit)
