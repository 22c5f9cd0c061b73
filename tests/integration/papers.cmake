# Man pages and completions say what --help says.
add_test(NAME papers COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tests/integration/papers.py --bin ${CMAKE_BINARY_DIR}/bin --papers ${CMAKE_BINARY_DIR}/papers)
set_tests_properties(papers PROPERTIES LABELS integration TIMEOUT 600)
