find_package(nlohmann_json REQUIRED)
handoff_test(integration_auditor SUITE integration SERIAL
             SOURCES ${CMAKE_SOURCE_DIR}/tests/integration/cli_auditor.cc ${CMAKE_SOURCE_DIR}/tests/integration/hub_kit.cc
             ROOMS cli_counter kit client net journal state crypto_seal schemas_body schemas crypto base LIBS nlohmann_json::nlohmann_json Threads::Threads)
add_dependencies(integration_auditor handoff-hub handoff)
