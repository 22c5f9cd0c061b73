// Facts of a certificate's PEM files, for whoever must say in time that it ends. No secret leaves it.
#pragma once

#include <string>

#include "crypto/base/instant.h"
#include "crypto/base/result.h"

namespace adapters::transport {

// When the first certificate of the file ends. kNotFound: no such file; kMalformed: no certificate in it; kConflict: `key_file` (may be empty)
// holds another key, or none.
base::Result<base::Instant> certificate_ends(const std::string& cert_file, const std::string& key_file);

}  // namespace adapters::transport
