set(trust ${CMAKE_CURRENT_SOURCE_DIR}/unit)
handoff_test(unit_trust SUITE unit ROOMS crypto base
             SOURCES ${trust}/trust_kit.cc ${trust}/trust_note.cc ${trust}/trust_certificate.cc ${trust}/trust_directory.cc)
