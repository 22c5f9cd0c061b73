// The promise that the authority's key never meets a socket, kept by the kernel.
#pragma once

#include "crypto/base/result.h"

namespace cli::authority {

// From here on any attempt of this process or its children to make a socket (socket, socketpair, io_uring, or a foreign system-call
// table) ends it with SIGSYS. It cannot be undone. kUnsupported if the kernel has no seccomp filters: then nothing may go on.
base::Status forbid_sockets();

}  // namespace cli::authority
