handoff_test(unit_formats_hl7v2 SUITE unit SOURCES ${CMAKE_CURRENT_LIST_DIR}/formats_hl7v2_test.cc ROOMS formats base)
