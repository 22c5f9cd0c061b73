# MLLP with Debian's python3-hl7 on the other side. Missing python3-hl7 fails the test.
add_executable(mllp_station ${CMAKE_CURRENT_LIST_DIR}/mllp_station.cc)
target_link_libraries(mllp_station PRIVATE handoff_options handoff_hospital handoff_schemas handoff_base Threads::Threads)
add_test(NAME interop_mllp COMMAND /usr/bin/python3 ${CMAKE_CURRENT_LIST_DIR}/mllp_python.py $<TARGET_FILE:mllp_station> ${CMAKE_SOURCE_DIR}/tests/corpus/samples)
set_tests_properties(interop_mllp PROPERTIES LABELS interop TIMEOUT 900)
