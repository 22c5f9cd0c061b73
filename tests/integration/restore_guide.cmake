# The pages on backup, restore and locking, line by line.
add_test(NAME restore_guide COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tests/integration/restore_guide.py --bin ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(restore_guide PROPERTIES LABELS integration RESOURCE_LOCK processes TIMEOUT 300)
