handoff_test(integration_agent SUITE integration SERIAL
             SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/integration/agent_story.cc ${CMAKE_CURRENT_SOURCE_DIR}/integration/agent_kit.cc
                     ${CMAKE_CURRENT_SOURCE_DIR}/integration/hub_kit.cc
             ROOMS kit client net journal state crypto_seal schemas_body schemas crypto base LIBS nlohmann_json::nlohmann_json Threads::Threads)
add_dependencies(integration_agent handoff-agent handoff-hub)
handoff_test(integration_restore SUITE integration SERIAL
             SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/integration/restore_drill.cc ${CMAKE_CURRENT_SOURCE_DIR}/integration/agent_kit.cc
                     ${CMAKE_CURRENT_SOURCE_DIR}/integration/hub_kit.cc
             ROOMS kit client net journal state store crypto_seal schemas_body schemas crypto base LIBS nlohmann_json::nlohmann_json Threads::Threads)
add_dependencies(integration_restore handoff-agent handoff-hub)
handoff_test(integration_secrets SUITE integration SERIAL
             SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/integration/secrets.cc ${CMAKE_CURRENT_SOURCE_DIR}/integration/agent_kit.cc
                     ${CMAKE_CURRENT_SOURCE_DIR}/integration/hub_kit.cc
             ROOMS kit client net journal state crypto_seal crypto_locker schemas_body schemas crypto base LIBS nlohmann_json::nlohmann_json Threads::Threads)
add_dependencies(integration_secrets handoff-agent handoff-hub)
