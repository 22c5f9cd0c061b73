handoff_test(unit_policy_tools SUITE unit
  SOURCES unit/policy/tools_test.cc unit/policy/table_test.cc unit/policy/golden_test.cc unit/policy/manual_test.cc unit/schemas_body_samples.cc
  ROOMS schemas_policy schemas_body schemas crypto base LIBS nlohmann_json::nlohmann_json)
