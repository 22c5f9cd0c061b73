#include "adapters/police/settings.h"

#include <algorithm>

#include "adapters/formats/csv/csv.h"
#include "adapters/transport/files.h"

namespace adapters::police {
namespace {

using base::Error;
using base::Kind;

constexpr std::size_t kMaxMapping = 1u << 20, kMaxSecret = 4096, kLeastSecret = 16;

struct Format {
  std::string_view name;
  std::vector<std::string> suffixes;
};
const std::vector<Format>& formats_read() {
  static const std::vector<Format> all = {{"csv", {".csv", ".txt"}},
                                          {"tsv", {".tsv", ".txt"}},
                                          {"json", {".json", ".jsonl", ".ndjson"}},
                                          {"xml", {".xml"}},
                                          {"niem", {".xml"}}};
  return all;
}

base::Status read_mapping(const schemas::Config& c, Settings& s) {
  TRY_ASSIGN(const std::string path, c.path("mapping"));
  TRY_ASSIGN(const std::string text, transport::read_file(path, kMaxMapping));
  TRY_ASSIGN(s.sheet.mapping_file, schemas::Config::parse(text, path));
  TRY_ASSIGN(s.sheet.mapping, formats::mapping::load(s.sheet.mapping_file, path));
  TRY_ASSIGN(s.sheet.zone, s.sheet.mapping_file.text("mapping.zone", ""));
  const auto it = std::ranges::find(formats_read(), s.sheet.mapping.format, &Format::name);
  if (it == formats_read().end())
    return Error{Kind::kUsage, "this adapter reads csv, tsv, json, xml and niem", path + ": mapping.format",
                 "use the adapter of that format"};
  s.folder.in.suffixes = it->suffixes;
  if (s.sheet.mapping.standard && s.sheet.mapping.kind != "Referral")
    return Error{Kind::kUsage, "the standard mapping makes referrals", path + ": mapping.kind", "use Referral, or leave base out"};
  if (s.sheet.mapping.row_id.empty() && !s.sheet.mapping.standard)
    return Error{Kind::kUsage, "a row has a name of its own, so that it is sent once", path + ": mapping.row_id",
                 "name the column with the incident number"};
  const auto options = formats::csv::options_from(s.sheet.mapping_file);
  return options.ok() ? base::Status() : base::Status(options.error());
}

base::Status read_hook(const schemas::Config& c, const std::string& name, HookSettings& h) {
  TRY_ASSIGN(h.url, c.text("status_webhook", ""));
  TRY_ASSIGN(h.ca_file, c.path("webhook_ca_file", ""));
  TRY_ASSIGN(const std::string file, c.path("webhook_secret_file", ""));
  if (h.url.empty() && file.empty() && h.ca_file.empty()) return {};
  const auto url = transport::check_url(h.url);
  if (!url.ok()) return Error{Kind::kUsage, url.error().what, name + ".status_webhook", url.error().mend};
  if (file.empty())
    return Error{Kind::kUsage, "a webhook needs a secret", name + ".webhook_secret_file",
                 "name a file with the bearer that its system expects"};
  TRY_ASSIGN(h.secret, transport::read_file(file, kMaxSecret));
  while (!h.secret.empty() && (h.secret.back() == '\n' || h.secret.back() == '\r')) h.secret.pop_back();
  const bool token = h.secret.size() >= kLeastSecret && std::ranges::all_of(h.secret, [](char l) { return l > ' ' && l <= '~'; });
  if (!token)
    return Error{Kind::kUsage, "not a secret: one line of at least 16 letters, digits and signs", file,
                 "write a random one, 32 characters or more"};
  return {};
}

}  // namespace

base::Result<Settings> read_settings(const schemas::Config& config, const std::string& name) {
  Settings s;
  TRY_ASSIGN(s.folder, folder::read_settings(config, name, {}));
  s.sheet.name = name, s.sheet.purpose = s.folder.purpose;
  TRY(folder::read_routes(config, s.sheet));
  if (s.sheet.to.empty() && s.sheet.routes.empty())
    return Error{Kind::kUsage, "rows go nowhere", name + ".to", "name an agency by its slug"};
  TRY(read_mapping(config, s));
  TRY(read_hook(config, name, s.hook));
  TRY(folder::refuse_unknown(config, name));
  return s;
}

}  // namespace adapters::police
