// Files that are compiled into a program and served as they are: the web inbox.
#pragma once

#include <string_view>

namespace adapters::transport {

struct Asset {
  std::string_view path;       // "index.html", "assets/app-3f2a.js"
  std::string_view type;       // media type
  std::string_view body;       // as built
  std::string_view gzip;       // the same, compressed; empty: not worth it
  std::string_view etag;       // of the body, quoted
  bool immutable = false;      // its name changes with its content
};
using Assets = const Asset* (*)(std::string_view path);  // nullptr: there is no such file

}  // namespace adapters::transport
