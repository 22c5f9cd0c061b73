# The web inbox's own checks: its types, its words in both languages, and what is pure in it (adapters/inbox/web/test).
if(HANDOFF_INBOX)
  add_test(NAME inbox_web COMMAND sh ${CMAKE_SOURCE_DIR}/adapters/inbox/build.sh ${CMAKE_SOURCE_DIR}/adapters/inbox/web check)
  set_tests_properties(inbox_web PROPERTIES LABELS browser TIMEOUT 900)
endif()
