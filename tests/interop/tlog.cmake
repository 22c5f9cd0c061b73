# Our log before a judge that is not ours: Go's x/mod (packages golang-go and golang-golang-x-mod-dev). Missing Go fails the test.
set(tlog ${CMAKE_CURRENT_SOURCE_DIR}/interop)
add_executable(tlog_emit ${tlog}/tlog_emit.cc)
target_link_libraries(tlog_emit PRIVATE handoff_options handoff_crypto handoff_base)
add_test(NAME interop_tlog COMMAND ${tlog}/tlog/run.sh ${CMAKE_BINARY_DIR}/bin/tlog_emit ${CMAKE_BINARY_DIR}/tlog)
set_tests_properties(interop_tlog PROPERTIES LABELS interop TIMEOUT 900)
