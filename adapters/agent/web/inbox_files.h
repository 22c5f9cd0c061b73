// The web inbox's files over HTTP: as they were built, with headers that let the browser run nothing else.
#pragma once

#include "adapters/transport/assets.h"
#include "adapters/transport/http.h"

namespace adapters::agent::web {

// GET and HEAD of /inbox/...; a path without a dot is a page of the application. `files` nullptr: this agent was built without it.
transport::HttpResponse inbox_file(const transport::HttpRequest& r, transport::Assets files);

}  // namespace adapters::agent::web
