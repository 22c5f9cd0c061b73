handoff_test(unit_policy SUITE unit
  SOURCES unit/policy_parse_test.cc unit/policy_decide_test.cc unit/policy_view_test.cc unit/policy_hold_test.cc unit/schemas_body_samples.cc
  ROOMS schemas_policy schemas_body schemas crypto base LIBS nlohmann_json::nlohmann_json)
