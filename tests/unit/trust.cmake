find_package(nlohmann_json REQUIRED)
set(trust ${CMAKE_CURRENT_SOURCE_DIR}/unit/trust)
handoff_test(unit_trust SUITE unit ROOMS crypto base
             SOURCES ${trust}/trust_kit.cc ${trust}/trust_note.cc ${trust}/trust_certificate.cc ${trust}/trust_directory.cc ${trust}/trust_docs.cc)
handoff_test(unit_authority SUITE unit SERIAL ROOMS authority crypto base SOURCES ${trust}/trust_authority.cc ${trust}/trust_kit.cc)
add_dependencies(unit_authority handoff-authority)
handoff_test(unit_proof SUITE unit SERIAL ROOMS kit proof schemas crypto_seal crypto base LIBS nlohmann_json::nlohmann_json SOURCES ${trust}/trust_proof.cc)
add_dependencies(unit_proof handoff-verify)
