# The page on keys, line by line.
add_test(NAME keys_guide COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tests/integration/keys_guide.py --bin ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(keys_guide PROPERTIES LABELS integration RESOURCE_LOCK processes TIMEOUT 300)
