handoff_test(niem_corpus SUITE corpus SOURCES ${CMAKE_CURRENT_LIST_DIR}/niem_corpus_test.cc ROOMS formats schemas_body schemas base)
