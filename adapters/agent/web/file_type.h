// What a file is, by its first bytes: only what a browser may show without running anything in it. Whatever its sender called it.
#pragma once

#include <string_view>

#include "crypto/base/bytes.h"

namespace adapters::agent::web {

// "image/png", "application/pdf", "text/plain; charset=utf-8" ...; "application/octet-stream" for everything else, SVG and HTML too.
std::string_view shown_as(base::View bytes);

}  // namespace adapters::agent::web
