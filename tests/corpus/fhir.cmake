handoff_test(fhir_corpus SUITE corpus SOURCES ${CMAKE_CURRENT_LIST_DIR}/fhir_corpus_test.cc ROOMS formats schemas_body schemas base)
