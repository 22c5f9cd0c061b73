# Days on which keys have to go: drills with adversaries, and the pages of the guide, line by line.
handoff_test(integration_incident SUITE integration SERIAL
             SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/integration/incident_drills.cc ${CMAKE_CURRENT_SOURCE_DIR}/integration/agent_kit.cc
                     ${CMAKE_CURRENT_SOURCE_DIR}/integration/hub_kit.cc
             ROOMS kit client net journal state crypto_seal schemas_body schemas crypto base LIBS nlohmann_json::nlohmann_json Threads::Threads)
add_dependencies(integration_incident handoff-agent handoff-hub)
add_test(NAME incident_guide COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tests/integration/incident_guide.py --bin ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(incident_guide PROPERTIES LABELS integration RESOURCE_LOCK processes TIMEOUT 300)
