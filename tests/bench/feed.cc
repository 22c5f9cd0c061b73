// bench_feed FORMAT SECONDS FILE...: how fast files are parsed and mapped, on one core. Prints one JSON line: the best of three windows,
// and the files that are read (those that are refused are not counted, so that a quick no is no speed). Formats: hl7v2 nemsis fhir csv.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "adapters/formats/csv/csv.h"
#include "adapters/formats/fhir/task_in.h"
#include "adapters/formats/hl7v2/message.h"
#include "adapters/formats/mapping/mapping.h"
#include "adapters/formats/nemsis/nemsis.h"
#include "adapters/hospital/appointment_in.h"
#include "adapters/hospital/referral_in.h"
#include "adapters/hospital/visit_in.h"
#include "schemas/json.h"
#include "tests/bench/meter.h"

namespace {

namespace formats = adapters::formats;
namespace hospital = adapters::hospital;

struct File {
  std::string path, name, bytes;
};
using Reader = std::function<bool(const File&)>;  // false: refused

bool hl7v2(const File& f) {
  const auto file = formats::hl7v2::parse_file(f.bytes);
  if (!file.ok()) return false;
  for (const auto& m : file->parts) {
    if (m.envelope() || hospital::refuse_header(m)) continue;
    switch (hospital::topic_of(m)) {
      case hospital::Topic::kReferral: (void)hospital::referral_from(m, {}); break;
      case hospital::Topic::kVisit: (void)hospital::visit_from(m, "+00:00"); break;
      case hospital::Topic::kAppointment: (void)hospital::appointment_from(m, schemas::Phase::kAccepted, {"+00:00", "call", {1}}); break;
      default: break;  // parsed, and not mapped
    }
  }
  return true;
}

bool nemsis(const File& f) { return formats::nemsis::read(f.bytes, f.name).ok(); }

// A Task is mapped; anything else is parsed, and told so by its type.
bool fhir(const File& f) { return formats::fhir::read_task(f.bytes).ok() || schemas::parse_json(f.bytes).ok(); }

// Through a mapping if there is one beside (NAME.toml), as rows otherwise.
Reader csv() {
  return [](const File& f) {
    static std::map<std::string, std::optional<formats::mapping::Mapping>> mappings;
    auto [it, fresh] = mappings.try_emplace(f.path);
    if (fresh) {
      const std::string beside = f.path.substr(0, f.path.size() - 4) + ".toml";
      const auto config = schemas::Config::load(beside);
      if (config.ok()) {
        if (auto m = formats::mapping::load(*config, beside); m.ok()) it->second = std::move(*m);
      }
    }
    const auto table = formats::csv::read(f.bytes);
    if (!table.ok()) return false;
    if (!it->second) return true;
    for (const auto& row : table->rows) {
      (void)formats::mapping::apply(*it->second, [&](std::string_view path) -> std::optional<std::string> {
        const auto column = table->column(path);
        return column && *column < row.cells.size() ? std::optional(row.cells[*column]) : std::nullopt;
      });
    }
    return true;
  };
}

std::vector<File> load(int argc, char** argv) {
  std::vector<File> out;
  for (int i = 3; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    std::stringstream all;
    all << in.rdbuf();
    const std::string path = argv[i];
    out.push_back({path, path.substr(path.rfind('/') + 1), all.str()});
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  const std::map<std::string, Reader> readers{{"hl7v2", hl7v2}, {"nemsis", nemsis}, {"fhir", fhir}, {"csv", csv()}};
  if (argc < 4 || !readers.contains(argv[1])) return std::cerr << "bench_feed hl7v2|nemsis|fhir|csv SECONDS FILE...\n", 2;
  const Reader& read = readers.at(argv[1]);
  std::vector<File> files = load(argc, argv);
  std::erase_if(files, [&](const File& f) { return !read(f); });
  const Reader timed = std::string(argv[1]) == "fhir" ? [](const File& f) { return formats::fhir::read_task(f.bytes).ok(); } : read;
  std::size_t bytes = 0;
  nlohmann::json good = nlohmann::json::array();
  for (const File& f : files) bytes += f.bytes.size(), good.push_back(f.path);
  double best = 0;
  const double window = std::atof(argv[2]) * 1e9 / 3;
  for (int w = 0; w < 3 && !files.empty(); ++w) {
    const std::int64_t start = bench::now_ns();
    std::size_t n = 0;
    do {
      for (const File& f : files) (void)timed(f);
      n += files.size();
    } while (static_cast<double>(bench::now_ns() - start) < window);
    best = std::max(best, static_cast<double>(n) * 1e9 / static_cast<double>(bench::now_ns() - start));
  }
  std::cout << nlohmann::json{{"files", files.size()}, {"bytes", bytes}, {"files_per_s", best}, {"good", good}}.dump() << "\n";
}
