handoff_test(unit_hub_broker SUITE unit THREADS SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/unit/hub/hub_broker.cc ROOMS broker journal state store net schemas crypto base LIBS Threads::Threads)
