handoff_test(unit_transport SUITE unit THREADS
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/adapters/transport_framer_test.cc ${CMAKE_CURRENT_LIST_DIR}/adapters/transport_mllp_test.cc ${CMAKE_CURRENT_LIST_DIR}/adapters/transport_tls_test.cc ${CMAKE_CURRENT_LIST_DIR}/adapters/transport_folder_test.cc ${CMAKE_CURRENT_LIST_DIR}/adapters/transport_outbound_test.cc ${CMAKE_CURRENT_LIST_DIR}/adapters/transport_http_test.cc
  ROOMS transport base LIBS OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
