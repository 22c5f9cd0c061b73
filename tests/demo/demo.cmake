# The demo is a test as well: it ends in success only if every step of the story held.
add_test(NAME demo COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tests/demo/alder_county.py --bin ${CMAKE_BINARY_DIR}/bin --json ${CMAKE_BINARY_DIR}/demo.json)
set_tests_properties(demo PROPERTIES LABELS integration RESOURCE_LOCK processes TIMEOUT 900)
