handoff_test(property_policy SUITE property ROOMS schemas_policy schemas_body schemas crypto base LIBS ${RAPIDCHECK} nlohmann_json::nlohmann_json
  SOURCES property/policy_test.cc property/policy_view_test.cc unit/schemas_body_samples.cc)
handoff_cases(property_policy 3000)
