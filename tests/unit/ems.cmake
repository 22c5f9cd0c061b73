handoff_test(unit_ems SUITE unit SOURCES ${CMAKE_CURRENT_LIST_DIR}/adapters/ems_adapter_test.cc ROOMS ems formats transport schemas_body schemas base LIBS Threads::Threads)
