// handoff: turns the table of commands into a command line, runs one of them, and gives its exit code. The only file that knows CLI11.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <deque>
#include <iostream>

#include "cli/counter/print.h"
#include "cli/table.h"
#include "crypto/secret.h"

namespace {

using cli::counter::Option;
using Values = std::map<std::string, std::string>;

constexpr const char* kEverywhere = "Goes with every command: --agent DIR or --profile NAME, --json.\n";

// "-o,--out" -> "out"
std::string name_of(const char* spec) {
  const std::string_view s = spec;
  const auto dashes = s.rfind("--");
  return std::string(dashes == std::string_view::npos ? s : s.substr(dashes + 2));
}

void add_option(CLI::App& app, const Option& option, Values& values) {
  const std::string name = name_of(option.spec);
  if (option.kind == Option::kFlag) {
    app.add_flag_callback(
        option.spec, [&values, name] { values[name] = "1"; }, option.words);
    return;
  }
  if (option.kind == Option::kMany) {
    app.add_option_function<std::vector<std::string>>(
           option.spec,
           [&values, name](const std::vector<std::string>& all) {
             for (const std::string& v : all) values[name] += v + "\n";
           },
           option.words)
        ->option_text("TEXT ...")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    return;
  }
  auto* made = app.add_option_function<std::string>(
      option.spec, [&values, name](const std::string& v) { values[name] = v; }, option.words);
  const bool needed = option.kind == Option::kNeeded;
  made->option_text(std::string(option.spec[0] == '-' ? "TEXT" : "") + (needed ? " (needed)" : ""))->required(needed);
}

using Groups = std::map<std::string, CLI::App*>;

// The subcommand that `path` names, with the group on the way to it.
CLI::App& subcommand(CLI::App& app, Groups& groups, std::string_view path, const char* words) {
  const auto space = path.find(' ');
  if (space == std::string_view::npos) return *app.add_subcommand(std::string(path), words);
  const std::string group(path.substr(0, space));
  CLI::App*& at = groups[group];
  if (at == nullptr) {
    const char* about = "";
    for (const Option& g : cli::groups()) about = group == g.spec ? g.words : about;
    at = app.add_subcommand(group, about);
    at->fallthrough()->require_subcommand(1);
  }
  return *at->add_subcommand(std::string(path.substr(space + 1)), words);
}

std::string profiles() {
  const char *config = std::getenv("XDG_CONFIG_HOME"), *home = std::getenv("HOME");
  if (config != nullptr && *config != '\0') return std::string(config) + "/handoff";
  return std::string(home == nullptr ? "" : home) + "/.config/handoff";
}

int run(int argc, char** argv) {
  CLI::App app("handoff: referrals between agencies, and the proof of them. Speaks to your own agency's agent.", "handoff");
  app.footer(
      "Exit codes: 0 it worked or holds, 1 a finding (tampering, denied), 2 an error.\nExample: handoff status --agent "
      "/var/lib/handoff-agent");
  app.require_subcommand(1);
  Values global;
  for (const Option& o : cli::global_options()) add_option(app, o, global);
  std::deque<Values> values;
  Groups groups;
  int code = cli::counter::kError;
  const auto all = cli::commands();
  for (const cli::counter::Command& c : all) {
    CLI::App& sub = subcommand(app, groups, c.path, c.words);
    Values& own = values.emplace_back();
    for (const Option& o : c.options) add_option(sub, o, own);
    sub.fallthrough()->footer(std::string(kEverywhere) + "Example: " + c.example);
    sub.final_callback([&] {
      own.insert(global.begin(), global.end());
      const cli::counter::Call call{own, std::cin, std::cout, std::cerr, profiles(), ::isatty(STDERR_FILENO) == 1, base::real_now()};
      const auto done = c.run(call);
      if (!done.ok()) cli::counter::print_error(std::cerr, done.error());
      code = done.ok() ? *done : cli::counter::exit_code(done.error());
    });
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& e) {
    return app.exit(e);
  } catch (const CLI::ParseError& e) {
    cli::counter::print_error(std::cerr, {base::Kind::kUsage, e.what(), {}, "see handoff --help, or --help after the command's words"});
    return cli::counter::kError;
  }
  std::cout.flush();
  if (!std::cout) {
    cli::counter::print_error(std::cerr,
                              {base::Kind::kIo, "the answer could not be written whole", "standard output", "is the disk full?"});
    return cli::counter::kError;
  }
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  crypto::init();
  try {
    return run(argc, argv);
  } catch (const std::exception&) {  // out of memory and the like; its words might quote what was read
    cli::counter::print_error(std::cerr,
                              {base::Kind::kUsage, "this could not be done", {}, "try again; if it stays so, report the command"});
    return cli::counter::kError;
  }
}
