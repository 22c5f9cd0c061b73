handoff_test(unit_police SUITE unit
  SOURCES unit/police/csv_test.cc unit/police/mapping_test.cc unit/police/moment_test.cc unit/police/rows_test.cc unit/police/formats_test.cc unit/police/adapter_test.cc unit/police/inspect_test.cc unit/police/status_hook_test.cc
  ROOMS police folder workbench hospital ems formats transport schemas_policy schemas_time schemas_body schemas base LIBS Threads::Threads nlohmann_json::nlohmann_json)
