# A hub that lies, between real agents and a real hub.
set(evil ${CMAKE_CURRENT_SOURCE_DIR}/integration/evil)
handoff_test(integration_evil SUITE integration SERIAL
             SOURCES ${evil}/mail.cc ${evil}/log.cc ${evil}/wire.cc ${evil}/tap.cc ${evil}/between.cc ${evil}/forger.cc ${evil}/county.cc
                     ${CMAKE_CURRENT_SOURCE_DIR}/integration/agent_kit.cc ${CMAKE_CURRENT_SOURCE_DIR}/integration/hub_kit.cc
             ROOMS agent kit client net journal state store crypto_seal crypto_locker schemas_body schemas crypto base LIBS nlohmann_json::nlohmann_json Threads::Threads)
add_dependencies(integration_evil handoff-agent handoff-hub)
