handoff_test(unit_hospital SUITE unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/adapters/hospital_mapping_test.cc ${CMAKE_CURRENT_LIST_DIR}/adapters/hospital_adapter_test.cc ${CMAKE_CURRENT_LIST_DIR}/adapters/hospital_intake_test.cc ${CMAKE_CURRENT_LIST_DIR}/adapters/hospital_out_test.cc ${CMAKE_CURRENT_LIST_DIR}/adapters/hospital_visit_test.cc ${CMAKE_CURRENT_LIST_DIR}/adapters/hospital_inspect_test.cc
  ROOMS hospital formats transport schemas_policy schemas_body schemas base LIBS Threads::Threads)
