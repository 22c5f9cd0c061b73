# The vectors: their generator, the C++ test that reads them, and the checker that shares no code with us.
set(vector_sources tests/vectors/vector_file.cc tests/vectors/loose_batch.cc tests/vectors/make_sealed.cc tests/vectors/make_trees.cc
                   tests/vectors/make_negatives.cc tests/vectors/make_flow.cc tests/vectors/make_fixed.cc tests/vectors/make_notes.cc
                   tests/vectors/make_witness.cc tests/vectors/make_log.cc)
list(TRANSFORM vector_sources PREPEND ${CMAKE_SOURCE_DIR}/)
handoff_program(vectors_generate SOURCES ${CMAKE_SOURCE_DIR}/tests/vectors/generate.cc ${vector_sources}
                ROOMS kit journal state store crypto_seal schemas crypto base)
handoff_test(vectors_test SUITE conformance SOURCES ${CMAKE_SOURCE_DIR}/tests/vectors/vectors_test.cc ${CMAKE_SOURCE_DIR}/tests/vectors/salamander_test.cc ${vector_sources}
             ROOMS agent schemas_policy schemas_time kit journal state client net store schemas schemas_body crypto crypto_seal crypto_locker base LIBS Threads::Threads)
handoff_test(vectors_flow_test SUITE conformance SOURCES ${CMAKE_SOURCE_DIR}/tests/vectors/flow_test.cc ${CMAKE_SOURCE_DIR}/tests/vectors/log_test.cc ${vector_sources}
             ROOMS agent schemas_policy schemas_time kit journal state client net store schemas schemas_body crypto crypto_seal crypto_locker base LIBS Threads::Threads)
add_test(NAME vectors_python COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tests/vectors/check.py)
set_tests_properties(vectors_python PROPERTIES LABELS conformance TIMEOUT 300)
