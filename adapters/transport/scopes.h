// SMART scopes (smart-app-launch 2.x, and the words of 1.0): "system/Task.rs", "system/*.cruds", "system/Task.read". Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace adapters::transport {

// May somebody with `allowed` do what `wanted` says? Every letter of `wanted` must be in one allowed scope. A scope that is none of SMART's
// allows only itself.
bool scope_covers(const std::vector<std::string>& allowed, std::string_view wanted);

}  // namespace adapters::transport
