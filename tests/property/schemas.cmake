find_library(RAPIDCHECK rapidcheck REQUIRED)
handoff_test(property_schemas SUITE property ROOMS schemas_body schemas crypto base LIBS ${RAPIDCHECK}
  SOURCES property/schemas_bytes_test.cc property/schemas_body_test.cc property/schemas_lifecycle_test.cc
          unit/schemas_wire_samples.cc unit/schemas_body_samples.cc)
handoff_cases(property_schemas 3000)

# Whole stories are long; the year inside has thousands of its own.
handoff_test(property_schemas_time SUITE property ROOMS schemas_time schemas_body schemas crypto base LIBS ${RAPIDCHECK} SOURCES property/schemas_timers_test.cc)
handoff_cases(property_schemas_time 500)
