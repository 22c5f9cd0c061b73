// One vector file: an ordered list of `name = value` lines, and the same as a flat JSON object of strings.
// Bytes are lowercase hex, numbers decimal. Readable by any language with a few lines of code.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "crypto/base/bytes.h"

namespace vectors {

class File {
 public:
  static File parse(const std::string& txt);
  void put(const std::string& name, std::string text);
  void put(const std::string& name, base::View bytes) { put(name, base::hex(bytes)); }
  void put(const std::string& name, std::uint64_t number) { put(name, std::to_string(number)); }

  [[nodiscard]] bool has(const std::string& name) const;
  // These stop the test run if the field is missing or of another form: the files are our own.
  [[nodiscard]] std::string text(const std::string& name) const;
  [[nodiscard]] base::Bytes bytes(const std::string& name) const;
  [[nodiscard]] std::uint64_t number(const std::string& name) const;
  template <std::size_t N>
  [[nodiscard]] base::Fixed<N> fixed(const std::string& name) const {
    return base::fixed<N>(bytes(name));
  }

  [[nodiscard]] std::string txt() const;
  [[nodiscard]] std::string json(const std::string& indent = "") const;

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
  std::map<std::string, std::size_t> at_;
};

using Files = std::map<std::string, std::string>;  // path under tests/vectors -> content
void add_sealed(Files& files);                     // v1, v2
void add_trees(Files& files);                      // v3
void add_negatives(Files& files);                  // v4
void add_flow(Files& files);                       // v7, v10
void add_fixed(Files& files);                      // v9, v11
void add_notes(Files& files);                      // v5
void add_witness(Files& files);                    // v6
void add_log(Files& files);                        // v12
inline Files make_all() {
  Files files;
  add_sealed(files);
  add_trees(files);
  add_negatives(files);
  add_flow(files);
  add_fixed(files);
  add_notes(files);
  add_witness(files);
  add_log(files);
  return files;
}

}  // namespace vectors
