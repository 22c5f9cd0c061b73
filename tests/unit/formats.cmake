handoff_test(unit_formats_hl7v2 SUITE unit SOURCES ${CMAKE_CURRENT_LIST_DIR}/adapters/formats_hl7v2_test.cc ROOMS formats base)
handoff_test(unit_formats_nemsis SUITE unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/adapters/formats_xml_test.cc ${CMAKE_CURRENT_LIST_DIR}/adapters/formats_nemsis_test.cc ${CMAKE_CURRENT_LIST_DIR}/adapters/formats_schema_test.cc ROOMS formats schemas_body schemas base)
handoff_test(unit_formats_niem SUITE unit SOURCES ${CMAKE_CURRENT_LIST_DIR}/adapters/formats_niem_test.cc ROOMS formats schemas_body schemas base)
