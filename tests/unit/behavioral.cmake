handoff_test(unit_behavioral SUITE unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/adapters/formats_fhir_test.cc ${CMAKE_CURRENT_LIST_DIR}/adapters/formats_fhir_read_test.cc ${CMAKE_CURRENT_LIST_DIR}/adapters/behavioral_adapter_test.cc ${CMAKE_CURRENT_LIST_DIR}/adapters/behavioral_csv_test.cc
  ROOMS behavioral folder formats transport schemas_body schemas base LIBS Threads::Threads)
