// When a certificate's file ends, and whether its key is its own; with files made by the openssl program.
#include "adapters/transport/pem.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

namespace {

struct Files {
  std::string dir;
  Files() {
    std::string pattern = (std::filesystem::temp_directory_path() / "handoff-pem-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    dir = pattern;
    for (const char* name : {"a", "b"}) {
      const std::string path = dir + "/" + name;
      const std::string command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=stb.example -keyout " + path + ".key -out " + path + ".crt 2>/dev/null";
      REQUIRE(std::system(command.c_str()) == 0);
    }
  }
  ~Files() {
    std::error_code gone;
    std::filesystem::remove_all(dir, gone);
  }
};

}  // namespace

TEST_CASE("a certificate's end is read, and a key of another certificate is told apart") {
  const Files f;
  const auto end = adapters::transport::certificate_ends(f.dir + "/a.crt", f.dir + "/a.key");
  REQUIRE_MESSAGE(end.ok(), end.error().message());
  const base::Instant now = base::real_now();
  CHECK(*end > now.plus(29 * base::kDay));
  CHECK(*end <= now.plus(30 * base::kDay));
  CHECK(adapters::transport::certificate_ends(f.dir + "/a.crt", "").ok());
  CHECK(adapters::transport::certificate_ends(f.dir + "/a.crt", f.dir + "/b.key").error().kind == base::Kind::kConflict);
  CHECK(adapters::transport::certificate_ends(f.dir + "/a.crt", f.dir + "/a.crt").error().kind == base::Kind::kConflict);
  CHECK(adapters::transport::certificate_ends(f.dir + "/none.crt", "").error().kind == base::Kind::kNotFound);
  std::ofstream(f.dir + "/empty.crt") << "no certificate\n";
  CHECK(adapters::transport::certificate_ends(f.dir + "/empty.crt", "").error().kind == base::Kind::kMalformed);
}
