set(hub_kit ${CMAKE_CURRENT_SOURCE_DIR}/integration/hub_kit.cc)
set(hub_rooms kit client net journal state crypto_seal schemas_body schemas crypto base)
handoff_test(integration_hub SUITE integration SERIAL THREADS
             SOURCES ${hub_kit} ${CMAKE_CURRENT_SOURCE_DIR}/integration/hub_mail.cc ${CMAKE_CURRENT_SOURCE_DIR}/integration/hub_nack.cc
                     ${CMAKE_CURRENT_SOURCE_DIR}/integration/hub_sessions.cc ${CMAKE_CURRENT_SOURCE_DIR}/integration/hub_audit.cc
                     ${CMAKE_CURRENT_SOURCE_DIR}/integration/hub_program.cc
             ROOMS ${hub_rooms} LIBS Threads::Threads)
add_dependencies(integration_hub handoff-hub)
# The hub that the test starts inherits this.
