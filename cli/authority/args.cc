// See args.h.
#include "cli/authority/args.h"

#include <algorithm>
#include <charconv>

namespace cli::authority {

using base::Error;
using base::Kind;
using base::Result;

namespace {

Error usage(std::string what, std::string_view where) { return {Kind::kUsage, std::move(what), std::string(where), "see --help"}; }

std::optional<unsigned> parse_number(std::string_view s) {
  unsigned v = 0;
  auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), v);
  if (error != std::errc() || end != s.data() + s.size()) return std::nullopt;
  return v;
}

}  // namespace

Result<Args> Args::parse(std::span<const std::string> given, std::size_t words, std::span<const Flag> flags) {
  Args out;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto& arg = given[i];
    if (arg.substr(0, 1) != "-" || arg == "-") {
      out.words_.push_back(arg);
      continue;
    }
    auto flag = std::find_if(flags.begin(), flags.end(), [&](const Flag& f) { return f.name == arg; });
    if (flag == flags.end()) return usage("an unknown flag", arg);
    if (!flag->value.empty() && i + 1 == given.size()) return usage("a value is missing", arg);
    out.flags_[arg].push_back(flag->value.empty() ? "" : given[++i]);
  }
  if (out.words_.size() != words)
    return usage("expected " + std::to_string(words) + " arguments and got " + std::to_string(out.words_.size()), "command line");
  for (const auto& f : flags) {
    if (f.required && !out.has(f.name)) return usage("this flag is needed", f.name);
  }
  return out;
}

std::string Args::get(std::string_view flag, std::string_view otherwise) const {
  auto it = flags_.find(flag);
  return it == flags_.end() ? std::string(otherwise) : it->second.back();
}

std::vector<std::string> Args::all(std::string_view flag) const {
  auto it = flags_.find(flag);
  return it == flags_.end() ? std::vector<std::string>() : it->second;
}

Result<unsigned> Args::number(std::string_view flag, unsigned otherwise, unsigned least, unsigned most) const {
  if (!has(flag)) return otherwise;
  auto v = parse_number(get(flag));
  if (!v || *v < least || *v > most) return usage("expected a number from " + std::to_string(least) + " to " + std::to_string(most), flag);
  return *v;
}

Result<std::vector<unsigned>> Args::numbers(std::string_view flag) const {
  std::vector<unsigned> out;
  for (const auto& list : all(flag)) {
    for (std::size_t from = 0; from <= list.size();) {
      auto end = std::min(list.find(',', from), list.size());
      auto v = parse_number(std::string_view(list).substr(from, end - from));
      if (!v || *v == 0) return usage("expected numbers such as 1,2", flag);
      out.push_back(*v);
      from = end + 1;
    }
  }
  return out;
}

}  // namespace cli::authority
