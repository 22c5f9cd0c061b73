# The seam for cryptography, with a suite that lives here alone.
handoff_test(unit_suite SUITE unit ROOMS kit journal state store crypto_seal schemas crypto base
             SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/suite/suite_test.cc ${CMAKE_SOURCE_DIR}/tests/unit/suite/second_suite.cc
                     ${CMAKE_SOURCE_DIR}/tests/vectors/loose_batch.cc)
