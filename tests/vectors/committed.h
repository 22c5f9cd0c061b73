// The vector files as they are committed.
#pragma once

#include "tests/kit/files.h"
#include "tests/vectors/vector_file.h"

namespace vectors {

inline File load(const std::string& name) { return File::parse(kit::source_file("tests/vectors/" + name)); }

}  // namespace vectors
