// The values of the plugin protocol in JSON (docs/spec/plugin.md), both ways. Ids are UUIDs, times RFC 3339, bytes base64.
// What is read was written by somebody else: kMalformed names the field, never what stands in it; unknown fields are passed over, except
// inside a body, where they are refused (schemas/json.h). Pure; thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "adapters/agent/plugin.h"
#include "schemas/json.h"

namespace adapters::foreign {

using schemas::Json;

inline constexpr int kVersion = 1;
inline constexpr std::size_t kMaxLine = 16u << 20;  // either way, without the line feed

// One line as an object with a text "op".
base::Result<std::shared_ptr<Json>> read_line(std::string_view line);

Json error_json(const base::Error& e);
base::Error error_from(const Json& j);                     // anything: at worst a kMalformed without words. Words are made short and plain
Json delivery_json(const agent::Delivery& d);              // attachments that have a digest go without their bytes
base::Result<agent::Delivery> delivery_from(const Json& j);
Json submission_json(const agent::Submission& s);
base::Result<agent::Submission> submission_from(const Json& j);
Json thread_json(const agent::ThreadInfo& t);
base::Result<agent::ThreadInfo> thread_from(const Json& j);
Json health_json(const agent::Health& h);
agent::Health health_from(const Json& j);

// Fields of an object, as what they must be.
base::Result<std::string> text_in(const Json& j, const char* key);                    // required
std::string text_or(const Json& j, const char* key, std::string_view fallback = "");  // missing or no text: the fallback
std::uint64_t number_or(const Json& j, const char* key, std::uint64_t fallback);
bool flag_or(const Json& j, const char* key, bool fallback);
base::Result<base::Id> id_in(const Json& j, const char* key);
base::Result<base::Bytes> bytes_in(const Json& j, const char* key);

// Words of a plugin for the operator: one line, at most 200 bytes, no control characters.
std::string plain(std::string_view words);

}  // namespace adapters::foreign
