find_library(RAPIDCHECK rapidcheck REQUIRED)
handoff_test(property_hub_state SUITE property ROOMS kit journal state store crypto_seal schemas crypto base LIBS ${RAPIDCHECK}
             SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/property/hub_state.cc)
set_tests_properties(property_hub_state PROPERTIES ENVIRONMENT "RC_PARAMS=max_success=25")
