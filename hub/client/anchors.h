// The anchors that a member holds as files: the first, and beside it those that followed, as handoff-authority names them: anchor.note,
// anchor-2.note, anchor-3.note ... Whoever was away while the hub changed its keys learns them from these. Nothing is judged here.
#pragma once

#include <string>
#include <vector>

namespace hub::client {

std::string anchor_file(const std::string& first, unsigned version);         // version 1: `first`
std::vector<std::string> anchor_notes(const std::string& first);             // whole notes, oldest first, as far as there are files

}  // namespace hub::client
