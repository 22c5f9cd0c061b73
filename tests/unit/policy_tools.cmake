handoff_test(unit_policy_tools SUITE unit
  SOURCES unit/policy_tools_test.cc unit/policy_table_test.cc unit/policy_golden_test.cc unit/policy_manual_test.cc unit/schemas_body_samples.cc
  ROOMS schemas_policy schemas_body schemas crypto base LIBS nlohmann_json::nlohmann_json)
