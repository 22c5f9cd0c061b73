# The preloaded disk, the program that writes through it, and the tests that judge what is left.
add_library(faultdisk SHARED ${CMAKE_SOURCE_DIR}/tests/fault/shim.cc)
target_include_directories(faultdisk PRIVATE ${CMAKE_SOURCE_DIR})
target_compile_options(faultdisk PRIVATE -Wall -Wextra -Werror)
target_link_libraries(faultdisk PRIVATE ${CMAKE_DL_LIBS})
add_executable(fault_writer ${CMAKE_SOURCE_DIR}/tests/fault/writer.cc)
target_link_libraries(fault_writer PRIVATE handoff_options handoff_kit handoff_journal handoff_crypto_seal handoff_schemas handoff_crypto handoff_base)
handoff_test(fault_disk SUITE fault SERIAL SOURCES ${CMAKE_SOURCE_DIR}/tests/fault/disk_test.cc ${CMAKE_SOURCE_DIR}/tests/fault/power_loss.cc
  ROOMS journal store crypto base)
target_compile_definitions(fault_disk PRIVATE HANDOFF_FAULT_SHIM="$<TARGET_FILE:faultdisk>")
add_dependencies(fault_disk faultdisk fault_writer)
