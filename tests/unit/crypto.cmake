set(crypto_tests ${CMAKE_SOURCE_DIR}/tests/unit)
handoff_test(unit_crypto SUITE unit ROOMS crypto_seal crypto_locker crypto base
             SOURCES ${crypto_tests}/crypto_keys_test.cc ${crypto_tests}/crypto_transcript_test.cc ${crypto_tests}/crypto_batch_test.cc
                     ${crypto_tests}/crypto_seal_test.cc ${crypto_tests}/crypto_locker_test.cc ${CMAKE_SOURCE_DIR}/tests/vectors/loose_batch.cc)
