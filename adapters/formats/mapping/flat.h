// A tree as a list of leaves, each under its path, and how long its lists are. Shared by the readers of this folder.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "adapters/formats/mapping/record.h"

namespace adapters::formats::mapping {

class Flat {
 public:
  // from_zero: places of lists count from 0 and are always written. Else from 1, and the first is not written.
  explicit Flat(bool from_zero) : from_zero_(from_zero) {}

  void leaf(std::string path, std::string text);
  void list(const std::string& path, std::size_t size) { lists_[path] = size; }
  void refer(const std::string& path, const std::string& target) { references_[path] = target; }  // what lies below path lies below target

  [[nodiscard]] std::string place(const std::string& list, std::size_t nth) const;  // nth from 0
  [[nodiscard]] std::size_t size(const std::string& list) const;
  // The path as leaves have it: references followed, a first place not written.
  [[nodiscard]] std::string resolved(std::string_view path) const;
  // What a path with "[]" stands for, in order, whether or not there is a leaf; any other path: itself.
  [[nodiscard]] std::vector<std::string> expanded(std::string_view path) const;
  [[nodiscard]] const std::string* at(const std::string& resolved_path) const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& leaves() const { return leaves_; }

  // As Record wants them, for paths below `prefix` ("" or "Report[2]/").
  [[nodiscard]] std::optional<std::string> text(std::string_view path, const std::string& prefix = {}) const;
  [[nodiscard]] std::vector<std::string> places(std::string_view path, const std::string& prefix = {}) const;

 private:
  bool from_zero_;
  std::vector<std::pair<std::string, std::string>> leaves_;
  std::unordered_map<std::string, std::size_t> at_, lists_;
  std::map<std::string, std::string> references_;
};

// Leaves of a record: all, or those from `first` to before `last`, which lie below `prefix`.
struct Part {
  std::string prefix{};
  std::size_t first = 0, last = std::string::npos;
};
// `flat` is shared with the record.
Record record_of(const std::shared_ptr<const Flat>& flat, std::string where, const Part& part = {});
// Each path of the records once, in order.
std::vector<std::string> paths_of(const std::vector<Record>& records);
std::string between(const std::vector<std::string>& texts);

// One format each.
base::Result<Records> read_table(std::string_view bytes, const schemas::Config& config, bool tabs);
base::Result<Records> read_json(std::string_view bytes, const schemas::Config& config);
base::Result<Records> read_fhir(std::string_view bytes, const schemas::Config& config);
base::Result<Records> read_xml(std::string_view bytes, const schemas::Config& config, bool niem);
base::Result<Records> read_hl7v2(std::string_view bytes, const schemas::Config& config);
base::Result<Records> read_nemsis(std::string_view bytes, const schemas::Config& config);

}  // namespace adapters::formats::mapping
