handoff_test(unit_policy SUITE unit
  SOURCES unit/policy/parse_test.cc unit/policy/decide_test.cc unit/policy/view_test.cc unit/policy/hold_test.cc unit/schemas_body_samples.cc
  ROOMS schemas_policy schemas_body schemas crypto base LIBS nlohmann_json::nlohmann_json)
