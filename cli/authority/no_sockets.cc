// A seccomp filter in raw BPF: it needs no library, so the link check stays simple.
#include "cli/authority/no_sockets.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <iterator>

namespace cli::authority {

namespace {

#if defined(__x86_64__)
constexpr unsigned kArch = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kArch = AUDIT_ARCH_AARCH64;
#else
#error "name this machine's audit architecture here"
#endif
constexpr unsigned kForeignTable = 0x40000000;  // the x32 numbers of x86-64: the same calls under other numbers

constexpr sock_filter statement(unsigned code, unsigned k) { return {static_cast<unsigned short>(code), 0, 0, k}; }
constexpr sock_filter jump(unsigned code, unsigned k, unsigned char yes, unsigned char no) {
  return {static_cast<unsigned short>(code), yes, no, k};
}

}  // namespace

base::Status forbid_sockets() {
  constexpr unsigned kLoad = BPF_LD | BPF_W | BPF_ABS, kEqual = BPF_JMP | BPF_JEQ | BPF_K, kAtLeast = BPF_JMP | BPF_JGE | BPF_K;
  sock_filter program[] = {
      statement(kLoad, offsetof(seccomp_data, arch)),
      jump(kEqual, kArch, 0, 6),  // another architecture: kill
      statement(kLoad, offsetof(seccomp_data, nr)),
      jump(kAtLeast, kForeignTable, 4, 0),
      jump(kEqual, SYS_socket, 3, 0),
      jump(kEqual, SYS_socketpair, 2, 0),
      jump(kEqual, SYS_io_uring_setup, 1, 0),
      statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      statement(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
  };
  const sock_fprog filter{static_cast<unsigned short>(std::size(program)), program};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) != 0) {
    return base::Error{base::Kind::kUnsupported, std::string("this kernel cannot forbid sockets: ") + std::strerror(errno), "start",
                       "use a Linux with seccomp filters"};
  }
  return {};
}

}  // namespace cli::authority
