# The guide's first hour, command by command.
add_test(NAME first_hour COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tests/integration/first_hour.py --bin ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(first_hour PROPERTIES LABELS integration RESOURCE_LOCK processes TIMEOUT 900)
