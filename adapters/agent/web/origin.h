// Whose request is it? What a page of somebody else's could make a browser send is told apart from what our own page sends.
#pragma once

#include "adapters/transport/http.h"

namespace adapters::agent::web {

struct Presented {
  std::string token;                // of the cookie `handoff_session`, or of `Authorization: Bearer`; empty: none
  bool bearer = false;
};
Presented presented(const transport::HttpRequest& r);

// The Origin, if the request names one, is this server: as clients call it (`public_url`), or as this request does where that is not set.
bool own_origin(const transport::HttpRequest& r, std::string_view public_url);

}  // namespace adapters::agent::web
