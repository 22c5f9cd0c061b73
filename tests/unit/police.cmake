handoff_test(unit_police SUITE unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/formats_csv_test.cc ${CMAKE_CURRENT_LIST_DIR}/formats_mapping_test.cc ${CMAKE_CURRENT_LIST_DIR}/formats_moment_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/police_rows_test.cc ${CMAKE_CURRENT_LIST_DIR}/police_adapter_test.cc
  ROOMS police formats transport schemas_policy schemas_time schemas_body schemas base LIBS Threads::Threads)
