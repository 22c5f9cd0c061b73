handoff_test(nemsis_corpus SUITE corpus SOURCES ${CMAKE_CURRENT_LIST_DIR}/nemsis_corpus_test.cc ROOMS formats schemas_body schemas base)
