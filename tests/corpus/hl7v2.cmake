handoff_test(hl7v2_corpus SUITE corpus SOURCES ${CMAKE_CURRENT_LIST_DIR}/hl7v2_corpus_test.cc ROOMS hospital formats schemas_policy schemas_body schemas base)
