// The bodies of the broker's threads behind the front. Each returns when its queue is closed and empty, or the office has failed.
#pragma once

#include "hub/broker/office.h"

namespace hub::broker {

class SearchIndex;

void run_verifier(Office& office, Queue<Frame>& lane);
void run_writer(Office& office);
void run_library(Office& office, const SearchIndex* index);
void run_indexer(Office& office, SearchIndex& index);
// Duties that come with time (keeper.cc): heartbeat, expiry, REJECT summaries, metrics, the folder of incoming notes, the gate's test.
void run_keeper(Office& office, const std::string& endpoint);

std::string status_json(const Office& office);
std::string metrics_text(const Office& office);

}  // namespace hub::broker
