# An agent that was written from docs/spec alone (python3-zmq, python3-nacl), among the real programs.
add_test(NAME interop_minimal_agent COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tests/interop/minimal_agent_story.py --bin ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(interop_minimal_agent PROPERTIES LABELS interop RESOURCE_LOCK processes TIMEOUT 300)
