handoff_test(unit_mapping SUITE unit
  SOURCES unit/mapping/records_test.cc unit/mapping/cover_test.cc unit/mapping/detect_test.cc unit/mapping/inspect_test.cc unit/mapping/guess_test.cc unit/mapping/golden_test.cc unit/mapping/site_test.cc
  ROOMS workbench hospital ems folder formats transport schemas_policy schemas_time schemas_body schemas base LIBS nlohmann_json::nlohmann_json)
