// MLLP framing as a state machine.
#include "adapters/transport/framer.h"

#include <doctest/doctest.h>

using adapters::transport::frame;
using adapters::transport::Framed;
using adapters::transport::Framer;

TEST_CASE("a frame split at every byte is one message") {
  const std::string bytes = frame("MSH|one") + frame("MSH|two");
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    Framer framer(100);
    std::vector<std::string> got;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      for (const Framed& f : framer.feed(std::string_view(bytes).substr(at, step))) {
        CHECK(f.what == Framed::What::kMessage);
        got.push_back(f.bytes);
      }
    }
    CHECK(got == std::vector<std::string>{"MSH|one", "MSH|two"});
    CHECK_FALSE(framer.in_frame());
  }
}

TEST_CASE("bytes between frames are ignored, and too many of them are not") {
  Framer framer(100);
  CHECK(framer.feed("\r\n" + frame("a") + "\n" + frame("b")).size() == 2);
  const auto got = framer.feed(std::string(70000, 'x'));
  REQUIRE(got.size() == 1);
  CHECK(got[0].what == Framed::What::kNoise);
  CHECK(framer.dead());
}

TEST_CASE("an end block without its carriage return is part of the message") {
  Framer framer(100);
  const auto got =
      framer.feed(frame("a\x1C"
                        "b"));
  REQUIRE(got.size() == 1);
  CHECK(got[0].bytes ==
        "a\x1C"
        "b");
  const auto twice = framer.feed(frame("c\x1C"));
  REQUIRE(twice.size() == 1);
  CHECK(twice[0].bytes == "c\x1C");
}

TEST_CASE("a frame that begins inside another reports the first as broken and loses nothing of the second") {
  Framer framer(100);
  const auto got = framer.feed("\x0BMSH|half" + frame("MSH|whole"));
  REQUIRE(got.size() == 2);
  CHECK(got[0].what == Framed::What::kBroken);
  CHECK(got[0].bytes == "MSH|half");
  CHECK(got[1].bytes == "MSH|whole");
}

TEST_CASE("a frame over the limit is reported with its beginning only; one at the limit passes") {
  Framer exact(1000);
  CHECK(exact.feed(frame(std::string(1000, 'x'))).front().what == Framed::What::kMessage);
  Framer framer(1000);
  const auto got = framer.feed(frame("MSH|" + std::string(100000, 'x')));
  REQUIRE(got.size() == 1);
  CHECK(got[0].what == Framed::What::kTooLarge);
  CHECK(got[0].bytes.size() == 4096);
  CHECK(framer.feed(frame("more")).empty());
}
