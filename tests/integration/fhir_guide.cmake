# The ten minutes of the FHIR guide, with curl.
add_test(NAME fhir_guide COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tests/integration/fhir_guide.py --bin ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(fhir_guide PROPERTIES LABELS integration RESOURCE_LOCK processes TIMEOUT 900)
