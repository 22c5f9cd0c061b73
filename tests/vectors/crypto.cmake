# The vectors: their generator, the C++ test that reads them, and the checker that shares no code with us.
set(vector_sources tests/vectors/vector_file.cc tests/vectors/loose_batch.cc tests/vectors/make_sealed.cc tests/vectors/make_trees.cc
                   tests/vectors/make_negatives.cc)
list(TRANSFORM vector_sources PREPEND ${CMAKE_SOURCE_DIR}/)
handoff_program(vectors_generate SOURCES ${CMAKE_SOURCE_DIR}/tests/vectors/generate.cc ${vector_sources} ROOMS crypto_seal crypto base)
handoff_test(vectors_test SUITE conformance SOURCES ${CMAKE_SOURCE_DIR}/tests/vectors/vectors_test.cc ${CMAKE_SOURCE_DIR}/tests/vectors/salamander_test.cc ${vector_sources}
             ROOMS agent schemas crypto_seal crypto base)
add_test(NAME vectors_python COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tests/vectors/check.py)
set_tests_properties(vectors_python PROPERTIES LABELS conformance TIMEOUT 300)
