handoff_test(unit_hub_net SUITE unit THREADS SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/unit/hub/hub_net.cc ROOMS net crypto base LIBS PkgConfig::ZMQ Threads::Threads)
