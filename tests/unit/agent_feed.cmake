find_package(nlohmann_json REQUIRED)
handoff_test(unit_agent_feed SUITE unit THREADS
             SOURCES unit/feed/modes_test.cc unit/feed/replay_test.cc unit/feed/mllp_test.cc unit/feed/kit.cc unit/ops/kit.cc unit/agent_county.cc unit/agent_rig.cc
             ROOMS hospital formats transport agent broker schemas_policy schemas_time kit journal state client net store schemas schemas_body crypto crypto_seal crypto_locker base
             LIBS nlohmann_json::nlohmann_json Threads::Threads)
handoff_test(unit_transport_pem SUITE unit SOURCES unit/adapters/transport_pem_test.cc ROOMS transport base LIBS Threads::Threads)
