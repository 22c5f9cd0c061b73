find_library(RAPIDCHECK rapidcheck REQUIRED)
handoff_test(property_directory SUITE property ROOMS crypto base LIBS ${RAPIDCHECK}
             SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/property/directory.cc ${CMAKE_CURRENT_SOURCE_DIR}/unit/trust/trust_kit.cc)
