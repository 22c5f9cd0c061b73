# What tests build their stories from. No room of the product may link it.
handoff_room(kit SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/kit/consortium.cc ROOMS crypto_seal schemas crypto base)
