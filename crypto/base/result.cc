// Words for errors.
#include "crypto/base/result.h"

namespace base {

const char* name(Kind kind) {
  switch (kind) {
    case Kind::kMalformed: return "malformed";
    case Kind::kUnsupported: return "unsupported";
    case Kind::kTooLarge: return "too_large";
    case Kind::kBadSignature: return "bad_signature";
    case Kind::kDenied: return "denied";
    case Kind::kNotFound: return "not_found";
    case Kind::kConflict: return "conflict";
    case Kind::kStale: return "stale";
    case Kind::kBusy: return "busy";
    case Kind::kFull: return "full";
    case Kind::kIo: return "io";
    case Kind::kCorrupt: return "corrupt";
    case Kind::kUsage: return "usage";
  }
  return "unknown";
}

std::string Error::message() const {
  std::string out;
  if (!where.empty()) out += where + ": ";
  out += what;
  if (!mend.empty()) out += "; " + mend;
  return out;
}

}  // namespace base
