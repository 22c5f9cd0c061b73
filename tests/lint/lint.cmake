# The house rules (tests/lint/rules.py), one ctest each.
foreach(check includes links promises walls words headers compliance threats)
  add_test(NAME lint_${check} COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tests/lint/lint.py ${check} --build ${CMAKE_BINARY_DIR})
  set_tests_properties(lint_${check} PROPERTIES LABELS lint TIMEOUT 900)
endforeach()
add_test(NAME lint_can_fail COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tests/lint/lint_test.py)
set_tests_properties(lint_can_fail PROPERTIES LABELS lint)
