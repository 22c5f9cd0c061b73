pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)
find_package(nlohmann_json REQUIRED)
find_package(OpenSSL REQUIRED)
set(notify_tests ${CMAKE_CURRENT_SOURCE_DIR}/unit/notify)
handoff_test(unit_webpush SUITE unit SOURCES ${notify_tests}/webpush_test.cc ROOMS transport base LIBS Threads::Threads)
handoff_test(unit_notify SUITE unit THREADS SOURCES ${notify_tests}/agent_test.cc ${notify_tests}/ways_test.cc unit/ops/kit.cc unit/agent_county.cc unit/agent_rig.cc
             ROOMS agent broker transport schemas_policy schemas_time kit journal state client net store schemas schemas_body crypto crypto_seal crypto_locker base
             LIBS nlohmann_json::nlohmann_json PkgConfig::HTTPLIB OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
