find_package(nlohmann_json REQUIRED)
handoff_test(unit_agent_inbox SUITE unit THREADS SOURCES unit/agent_inbox.cc unit/ops/kit.cc unit/agent_county.cc unit/agent_rig.cc
             ROOMS agent broker schemas_policy schemas_time kit journal state client net store schemas schemas_body crypto crypto_seal crypto_locker base
             LIBS nlohmann_json::nlohmann_json Threads::Threads)
