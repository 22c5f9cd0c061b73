# A witness of somebody else's, in Python (Debian's python3-nacl), beside our hub.
add_executable(witness_relay ${CMAKE_CURRENT_LIST_DIR}/witness_relay.cc ${CMAKE_SOURCE_DIR}/tests/kit/doctest_main.cc)
target_link_libraries(witness_relay PRIVATE handoff_options doctest::doctest handoff_kit handoff_broker handoff_journal handoff_state handoff_schemas handoff_crypto handoff_base Threads::Threads)
add_test(NAME interop_witness COMMAND /usr/bin/python3 ${CMAKE_CURRENT_LIST_DIR}/witness.py $<TARGET_FILE:witness_relay>)
set_tests_properties(interop_witness PROPERTIES LABELS interop TIMEOUT 900)
