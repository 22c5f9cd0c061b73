find_package(nlohmann_json REQUIRED)
handoff_test(unit_ems SUITE unit SOURCES ${CMAKE_CURRENT_LIST_DIR}/adapters/ems_adapter_test.cc ${CMAKE_CURRENT_LIST_DIR}/adapters/ems_http_test.cc
             ROOMS ems folder formats transport schemas_body schemas base LIBS nlohmann_json::nlohmann_json Threads::Threads)
