handoff_test(unit_report SUITE unit SOURCES unit/report/measures_test.cc
             ROOMS schemas_report schemas_time schemas_body schemas crypto base LIBS nlohmann_json::nlohmann_json)
