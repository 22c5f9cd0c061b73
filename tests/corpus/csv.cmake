handoff_test(csv_corpus SUITE corpus SOURCES ${CMAKE_CURRENT_LIST_DIR}/csv_corpus_test.cc ROOMS formats schemas base)
