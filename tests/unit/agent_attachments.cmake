handoff_test(unit_agent_attachments SUITE unit THREADS
             SOURCES ${CMAKE_CURRENT_LIST_DIR}/agent_attachments.cc ${CMAKE_CURRENT_LIST_DIR}/agent_county.cc ${CMAKE_CURRENT_LIST_DIR}/agent_rig.cc
             ROOMS agent broker schemas_policy schemas_time kit journal state client net store schemas schemas_body crypto crypto_seal crypto_locker base
             LIBS Threads::Threads)
