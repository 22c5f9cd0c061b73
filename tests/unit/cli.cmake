find_package(nlohmann_json REQUIRED)
set(cli ${CMAKE_CURRENT_SOURCE_DIR}/unit/cli)
handoff_test(unit_cli SUITE unit SERIAL SOURCES ${cli}/kit.cc ${cli}/counter_test.cc ${cli}/referral_test.cc ${cli}/audit_test.cc ${cli}/store_test.cc ${cli}/people_test.cc ${cli}/notify_test.cc ${cli}/compliance_test.cc ${cli}/export_test.cc ${cli}/policy_test.cc ${cli}/program_test.cc
             ROOMS cli_audit cli_counter proof kit journal state store schemas_body schemas crypto_seal crypto base LIBS nlohmann_json::nlohmann_json Threads::Threads)
add_dependencies(unit_cli handoff)
