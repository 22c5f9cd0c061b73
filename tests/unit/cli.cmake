find_package(nlohmann_json REQUIRED)
set(cli ${CMAKE_CURRENT_SOURCE_DIR}/unit)
handoff_test(unit_cli SUITE unit SERIAL SOURCES ${cli}/cli_kit.cc ${cli}/cli_counter_test.cc ${cli}/cli_referral_test.cc ${cli}/cli_audit_test.cc ${cli}/cli_store_test.cc ${cli}/cli_policy_test.cc ${cli}/cli_program_test.cc
             ROOMS cli_audit cli_counter proof kit journal state store schemas_body schemas crypto_seal crypto base LIBS nlohmann_json::nlohmann_json Threads::Threads)
add_dependencies(unit_cli handoff)
