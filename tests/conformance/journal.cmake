handoff_test(conformance_journal SUITE conformance
  SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/conformance/journal.cc ${CMAKE_CURRENT_SOURCE_DIR}/conformance/journal_lmdb.cc ${CMAKE_CURRENT_SOURCE_DIR}/conformance/journal_check.cc ${CMAKE_CURRENT_SOURCE_DIR}/conformance/journal_bytes.cc
  ROOMS kit journal state store crypto_seal schemas crypto base LIBS Threads::Threads)
