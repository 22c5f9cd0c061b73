handoff_test(property_report SUITE property ROOMS schemas_report schemas_time schemas_body schemas crypto base
             SOURCES property/report/suppress_test.cc property/report/attacker.cc)
