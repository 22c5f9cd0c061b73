find_package(nlohmann_json REQUIRED)
handoff_test(interop_fhir_facade SUITE interop SOURCES ${CMAKE_CURRENT_LIST_DIR}/fhir_facade.cc ${CMAKE_CURRENT_SOURCE_DIR}/unit/agent_rig.cc
  ROOMS facade agent broker formats transport schemas_policy schemas_time kit journal state client net store schemas schemas_body crypto crypto_seal crypto_locker base
  LIBS nlohmann_json::nlohmann_json Threads::Threads)
