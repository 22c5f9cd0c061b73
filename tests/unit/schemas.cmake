handoff_test(unit_schemas SUITE unit
  SOURCES unit/schemas_registry_test.cc unit/schemas_frames_test.cc unit/schemas_wire_test.cc unit/schemas_header_test.cc
          unit/schemas_config_test.cc unit/schemas_body_test.cc unit/schemas_lifecycle_test.cc unit/schemas_golden_test.cc unit/schemas_spec_test.cc unit/schemas_values_test.cc
          unit/schemas_calendar_test.cc unit/schemas_timers_test.cc
          unit/schemas_wire_samples.cc unit/schemas_body_samples.cc
  ROOMS schemas_time schemas_body schemas crypto base)
