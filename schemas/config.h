// The one door to toml++: a program's configuration file as typed look-ups with errors that name file, key and mend.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crypto/base/result.h"

namespace schemas {

class Config {
 public:
  static base::Result<Config> load(const std::string& path);
  static base::Result<Config> parse(std::string_view text, std::string name = "config");

  // Dotted keys: "hub.listen". Missing: the fallback. Wrong type: kMalformed with "file: key: expected ...".
  base::Result<std::string> text(std::string_view key, std::string_view fallback) const;
  base::Result<std::string> text(std::string_view key) const;  // required
  // A path: one that is not absolute starts at the folder of the file. "" stays "".
  base::Result<std::string> path(std::string_view key, std::string_view fallback) const;
  base::Result<std::string> path(std::string_view key) const;  // required
  base::Result<std::int64_t> number(std::string_view key, std::int64_t fallback) const;
  base::Result<bool> flag(std::string_view key, bool fallback) const;
  base::Result<std::vector<std::string>> list(std::string_view key) const;  // missing: empty
  // A table of texts, in the order of its keys. Missing: empty.
  base::Result<std::vector<std::pair<std::string, std::string>>> pairs(std::string_view key) const;
  // Any table as JSON text (dates as texts, no fractions), to be handed on unread: all of it counts as asked for. Missing: "{}".
  base::Result<std::string> object(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const;
  // Array of tables [[key]] as Configs of their own.
  base::Result<std::vector<Config>> tables(std::string_view key) const;
  // Keys nobody asked for, as "section.key", so that a typing error is an error. Call after all look-ups.
  [[nodiscard]] std::vector<std::string> unused() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace schemas
