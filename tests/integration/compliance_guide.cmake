# The compliance officer's guide, line by line.
add_test(NAME compliance_guide COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tests/integration/compliance_guide.py --bin ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(compliance_guide PROPERTIES LABELS integration RESOURCE_LOCK processes TIMEOUT 900)
