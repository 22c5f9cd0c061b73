// tests/interop/webpush_open.mjs, asked from C++.
#pragma once

#include <cstdio>
#include <string>

namespace node_kit {

inline std::string ask(const std::string& arguments) {
  const std::string command = "node " HANDOFF_SOURCE_DIR "/tests/interop/webpush_open.mjs " + arguments;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return "no node";
  std::string out;
  char block[4096];
  for (std::size_t n = 0; (n = std::fread(block, 1, sizeof block, pipe)) > 0;) out.append(block, n);
  return ::pclose(pipe) == 0 ? out : "no node";
}
inline std::string open(const std::string& secret, const std::string& auth, const std::string& body) { return ask("open '" + secret + "' '" + auth + "' '" + body + "'"); }
inline std::string vapid(const std::string& authorization) { return ask("vapid '" + authorization + "'"); }

}  // namespace node_kit
