// Answers and fields of /auth/*.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "adapters/transport/http.h"
#include "schemas/json.h"

namespace adapters::agent::people {

int http_status(base::Kind kind);
transport::HttpResponse json(int status, const schemas::Json& body);            // never stored
transport::HttpResponse failure(const base::Error& e, int status = 0);          // 0: as the kind says
transport::HttpResponse locked_out(std::uint64_t seconds);                      // 429
transport::HttpResponse page(int status, std::string_view words, bool go_on);   // a page without script; go_on: leads to the inbox by itself
std::string text_field(const schemas::Json& in, const char* key);               // "": missing, or no text

}  // namespace adapters::agent::people
