handoff_test(unit_hub_state SUITE unit
  SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/unit/hub/hub_state_batch.cc ${CMAKE_CURRENT_SOURCE_DIR}/unit/hub/hub_state_receipt.cc
          ${CMAKE_CURRENT_SOURCE_DIR}/unit/hub/hub_state_note.cc ${CMAKE_CURRENT_SOURCE_DIR}/unit/hub/hub_state_end.cc
          ${CMAKE_CURRENT_SOURCE_DIR}/unit/hub/hub_state_record.cc ${CMAKE_CURRENT_SOURCE_DIR}/unit/hub/hub_store.cc
  ROOMS kit journal state store crypto_seal schemas crypto base)
