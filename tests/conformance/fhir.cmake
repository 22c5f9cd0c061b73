find_package(nlohmann_json REQUIRED)
set(here ${CMAKE_CURRENT_LIST_DIR})
handoff_test(conformance_fhir SUITE conformance
  SOURCES ${here}/fhir_test.cc ${here}/fhir_cases.cc ${here}/fhir_structure.cc
  ROOMS cli_audit cli_counter hospital formats schemas base LIBS nlohmann_json::nlohmann_json)
add_executable(fhir_render ${here}/fhir_render.cc ${here}/fhir_cases.cc)
target_compile_definitions(fhir_render PRIVATE HANDOFF_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
target_link_libraries(fhir_render PRIVATE handoff_options handoff_cli_audit handoff_cli_counter handoff_hospital handoff_formats handoff_schemas handoff_base)
add_test(NAME conformance_fhir_validators COMMAND ${here}/fhir_validators.sh $<TARGET_FILE:fhir_render> ${CMAKE_BINARY_DIR}/fhir)
set_tests_properties(conformance_fhir_validators PROPERTIES LABELS interop SKIP_RETURN_CODE 77 TIMEOUT 600)
