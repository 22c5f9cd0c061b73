// What the calls of this room share of libcurl (outbound.cc, smtp.cc): handles that free themselves, and a wait that a flag ends.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/transport/descriptor.h"

namespace adapters::transport {

template <auto kFree>
struct FreeCurl {
  template <class T>
  void operator()(T* p) const {
    kFree(p);
  }
};
using CurlUrl = std::unique_ptr<CURLU, FreeCurl<&curl_url_cleanup>>;
using CurlEasy = std::unique_ptr<CURL, FreeCurl<&curl_easy_cleanup>>;
using CurlMulti = std::unique_ptr<CURLM, FreeCurl<&curl_multi_cleanup>>;
using CurlList = std::unique_ptr<curl_slist, FreeCurl<&curl_slist_free_all>>;

void curl_init();
// Runs until there is a result, or the flag is set (nullopt).
std::optional<CURLcode> curl_run(CURLM* multi, const StopFlag& stop);
bool one_line(std::string_view text);  // no line end, no zero
// By the address itself; of names only "localhost", which curl never asks a name server for.
bool this_machine(std::string host);

}  // namespace adapters::transport
