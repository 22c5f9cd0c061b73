// See attach.h.
#include "cli/referral/attach.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

namespace cli::referral {
namespace {

using base::Error;
using base::Kind;

constexpr std::pair<const char*, const char*> kTypes[] = {
    {".pdf", "application/pdf"}, {".txt", "text/plain"},       {".png", "image/png"},        {".jpg", "image/jpeg"}, {".jpeg", "image/jpeg"},
    {".tif", "image/tiff"},      {".tiff", "image/tiff"},      {".json", "application/json"}, {".xml", "text/xml"},   {".csv", "text/csv"},
    {".rtf", "application/rtf"}, {".html", "text/html"},       {".mp4", "video/mp4"},        {".wav", "audio/wav"},
};

struct File {
  std::string path, type;
};

File split(const std::string& word) {
  static const std::regex with_type("(.+):([a-z]+/[A-Za-z0-9.+-]+)");
  std::error_code none;
  std::smatch m;
  if (!std::filesystem::exists(word, none) && std::regex_match(word, m, with_type)) return {m[1], m[2]};
  const std::string end = std::filesystem::path(word).extension();
  for (const auto& [known, type] : kTypes) {
    if (end == known) return {word, type};
  }
  return {word, "application/octet-stream"};
}

}  // namespace

base::Status attach(const counter::Call& call, counter::Json& request) {
  if (!call.has("attach")) return {};
  const std::string kind = call.get("kind");
  const char* key = kind == "Referral" ? "referral" : kind == "SecureMessage" ? "secure_message" : nullptr;
  if (key == nullptr || !request.contains("body"))
    return Error{Kind::kUsage, "files go along with a Referral or a SecureMessage in the model's own form", "--attach", "leave it out, or attach it to a message of its own"};
  std::istringstream words(call.get("attach"));
  for (std::string word; std::getline(words, word);) {
    const File file = split(word);
    TRY_ASSIGN(const std::string bytes, counter::read_file(call, file.path));
    if (bytes.empty()) return Error{Kind::kUsage, "the file is empty", file.path, "attach a file with something in it"};
    request["body"][key]["attachments"].push_back({{"media_type", file.type}, {"title", std::filesystem::path(file.path).filename().string()}, {"data", base::base64(base::view(bytes))}});
  }
  return {};
}

}  // namespace cli::referral
