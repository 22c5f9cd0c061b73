// Which release a document is of, and its schema.
#include "adapters/ems/schemas.h"

#include <algorithm>
#include <filesystem>

namespace adapters::ems {
namespace {

namespace fs = std::filesystem;
constexpr const char* kFile = "EMSDataSet_v3.xsd";

bool digit(char c) { return c >= '0' && c <= '9'; }

// The first "3.N.N" of a text; "": there is none.
std::string release_in(std::string_view text) {
  for (std::size_t i = 0; i + 5 <= text.size(); ++i) {
    const std::string_view at = text.substr(i, 5);
    if (at[0] == '3' && at[1] == '.' && digit(at[2]) && at[3] == '.' && digit(at[4]) && (i == 0 || !digit(text[i - 1]))) return std::string(at);
  }
  return {};
}

std::string release_of(std::string_view document) {
  const auto at = document.find("schemaLocation");
  return at == document.npos ? "" : release_in(document.substr(at, 400));
}

struct Found {
  std::string release, path;
};
std::vector<Found> found_in(const std::string& folder) {
  std::error_code none;
  if (fs::exists(fs::path(folder) / kFile, none)) return {{"", (fs::path(folder) / kFile).string()}};
  std::vector<Found> out;
  for (const auto& sub : fs::directory_iterator(folder, none)) {
    for (const fs::path& path : {sub.path() / kFile, sub.path() / "EMS" / kFile}) {
      if (fs::exists(path, none)) out.push_back({release_in(sub.path().filename().string()), path.string()});
    }
  }
  std::ranges::sort(out, {}, &Found::release);
  return out;
}

}  // namespace

base::Status Schemas::usable() const {
  if (!any() || !found_in(folder_).empty()) return {};
  return base::Error{base::Kind::kNotFound, std::string("no ") + kFile + " there", folder_, "put the .xsd files of the NEMSIS releases that you export into it"};
}

base::Result<std::vector<formats::xml::Finding>> Schemas::check(std::string_view document) {
  if (!any()) return std::vector<formats::xml::Finding>{};
  const std::string release = release_of(document);
  const auto all = found_in(folder_);
  std::string path;
  for (const Found& f : all) {  // of its release; of its minor version; the newest
    const bool same = f.release.empty() || f.release == release, near = release.substr(0, 3) == f.release.substr(0, 3);
    if (same || (near && path.empty())) path = f.path;
    if (same) break;
  }
  if (path.empty() && release.empty() && !all.empty()) path = all.back().path;
  if (path.empty()) return base::Error{base::Kind::kNotFound, "the schema of this document's release is not there", folder_, "put its .xsd files into a subfolder named by the release"};
  std::shared_ptr<const formats::xml::Schema> schema;
  {
    const std::lock_guard lock(mutex_);
    auto& kept = read_[path];
    if (kept == nullptr) {
      TRY_ASSIGN(formats::xml::Schema made, formats::xml::Schema::load(path));
      kept = std::make_shared<const formats::xml::Schema>(std::move(made));
    }
    schema = kept;
  }
  return schema->check(document);
}

}  // namespace adapters::ems
