handoff_test(inspect_corpus SUITE corpus SOURCES ${CMAKE_CURRENT_LIST_DIR}/inspect_corpus_test.cc LIBS nlohmann_json::nlohmann_json)
handoff_test(mapping_guide SUITE corpus SOURCES ${CMAKE_CURRENT_LIST_DIR}/mapping_guide_test.cc)
add_dependencies(inspect_corpus handoff-agent)
add_dependencies(mapping_guide handoff-agent)
