// handoff policy manual: the handbook for all staff, as Markdown or as one HTML page to print.
#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/policy/commands.h"
#include "cli/policy/source.h"

namespace cli::policy {

counter::Exit manual(const counter::Call& call) {
  const std::string format = call.has("format") ? call.get("format") : "md";
  if (format != "md" && format != "html") return base::Error{base::Kind::kUsage, "there is no such format", "--format", "md or html"};
  TRY_ASSIGN(const Source from, source(call, "file"));
  TRY_ASSIGN(const auto policy, parse(from));
  const std::string text = format == "md" ? manual_markdown(policy) : manual_html(policy);
  if (!call.has("out")) {
    if (call.json()) {
      counter::print_json(call.out, {{"policy", policy.id}, {"version", policy.version}, {"format", format}, {"text", text}});
    } else {
      call.out << text;
    }
    return counter::kWorked;
  }
  const std::string path = call.get("out");
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) return base::Error{base::Kind::kUsage, "the handbook cannot be written", path, "check the folder and its permissions"};
  if (call.json()) {
    counter::print_json(call.out,
                        {{"policy", policy.id}, {"version", policy.version}, {"format", format}, {"file", path}, {"bytes", text.size()}});
  } else {
    call.out << counter::plain(path) << ": the handbook of version " << policy.version << ", " << text.size() << " bytes\n";
  }
  return counter::kWorked;
}

}  // namespace cli::policy
