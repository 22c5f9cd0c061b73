handoff_test(unit_cli_log_walk SUITE unit SOURCES ${CMAKE_SOURCE_DIR}/tests/unit/cli/log_walk.cc ROOMS cli_counter kit journal state schemas crypto_seal crypto base)
