// The columns of a trail, as printed by `audit trail` and `audit search`.
#pragma once

#include "cli/counter/agent.h"

namespace cli::audit {

// Rows as they come, page by page: a line each with --json, under one head with --csv, else for people.
class RowStream {
 public:
  explicit RowStream(const counter::Call& call) : call_(call) {}
  base::Status page(const counter::Json& answer, std::uint64_t most);  // kMalformed: no rows in it
  [[nodiscard]] std::uint64_t written() const { return written_; }
  [[nodiscard]] bool broken() const { return !call_.out.good(); }  // nobody reads on
  counter::Exit end();

 private:
  const counter::Call& call_;
  std::uint64_t written_ = 0;
  bool holds_ = true;
};

// Prints the answer (rows, what was indexed, where the question itself is logged). kFinding if a proof does not hold.
counter::Exit print_rows(const counter::Call& call, const counter::Json& answer);

}  // namespace cli::audit
