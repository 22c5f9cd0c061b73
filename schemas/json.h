// The one door to nlohmann-json: parse text without exceptions, write canonical text, and the JSON forms of the canonical model
// (what the agent's socket and the CLI's --json speak). Include <nlohmann/json.hpp> only in .cc files that need to build values.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "crypto/base/result.h"
#include "schemas/model.h"

namespace schemas {

using Json = nlohmann::json;

// Strict RFC 8259, UTF-8, depth <= 64. kMalformed says the byte offset; kTooLarge over `max` bytes.
base::Result<std::shared_ptr<Json>> parse_json(std::string_view text, std::size_t max = 32u << 20);
std::string dump(const Json& j, int indent = -1);  // never throws: invalid UTF-8 is replaced

// JSON form of the model: keys in snake_case as the C++ fields, {"kind": "Referral", "referral": {...}, "custom": {...}, ...}.
std::shared_ptr<Json> to_json(const Body& body);
base::Result<Body> body_from_json(const Json& j);  // kMalformed names the path: "referral.subject.dob"

}  // namespace schemas
