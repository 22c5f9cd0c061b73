// handoff-verify: does this proof bundle hold? Offline, without hub code; the answer is for a court, an auditor, anyone.
#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/verify/proof.h"
#include "crypto/secret.h"

namespace {

constexpr const char* kHelp =
    "handoff-verify BUNDLE [--anchor-hash HEX] [--json]\n"
    "    checks a proof bundle, or evidence against a log, offline and says what it proves; - reads standard input\n"
    "    --anchor-hash HEX  the hash of the consortium's anchor, as somebody you trust read it to you\n"
    "    example: handoff-verify referral.proof --anchor-hash 4f1a...\n"
    "Exit codes: 0 it holds, 1 it does not hold, 2 an error.\n";

int fail(const std::string& what) {
  std::cerr << "handoff-verify: " << what << "; see handoff-verify --help\n";
  return 2;
}

int run(int argc, char** argv) {
  std::string file;
  bool json = false;
  std::optional<crypto::Hash> anchor;
  for (int i = 1; i < argc; ++i) {
    std::string_view arg = argv[i];
    if (arg == "--help") {
      std::cout << kHelp;
      return 0;
    }
    if (arg == "--json") {
      json = true;
    } else if (arg == "--anchor-hash" && i + 1 < argc) {
      anchor = base::unhex_hash(argv[++i]);
      if (!anchor) return fail("--anchor-hash: expected 64 hex digits");
    } else if (file.empty() && (arg == "-" || arg.substr(0, 1) != "-")) {
      file = arg;
    } else {
      return fail(std::string(arg) + ": an unknown argument");
    }
  }
  if (file.empty()) return fail("no bundle named");
  std::ifstream in(file, std::ios::binary);
  if (file != "-" && !in) return fail(file + ": cannot read");
  std::istream& source = file == "-" ? std::cin : in;
  std::string text{std::istreambuf_iterator<char>(source), {}};
  if (source.bad()) return fail(file + ": cannot read");
  auto verdict = cli::verify::verify_bundle(text, anchor);
  if (json) {
    std::cout << cli::verify::verdict_json(verdict) << "\n";
  } else {
    for (const auto& line : verdict.lines) std::cout << line << "\n";
  }
  return verdict.holds ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  crypto::init();
  try {
    return run(argc, argv);
  } catch (const std::exception& e) {
    return fail(e.what());
  }
}
