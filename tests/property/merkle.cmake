find_library(RAPIDCHECK rapidcheck REQUIRED)
handoff_test(property_merkle SUITE property ROOMS crypto base SOURCES ${CMAKE_SOURCE_DIR}/tests/property/merkle_test.cc)
handoff_test(property_seal SUITE property ROOMS crypto_seal crypto base LIBS ${RAPIDCHECK}
             SOURCES ${CMAKE_SOURCE_DIR}/tests/property/seal_test.cc ${CMAKE_SOURCE_DIR}/tests/vectors/loose_batch.cc)
