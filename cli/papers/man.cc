// A page for man(1): man(7) macros, plain ASCII hyphens.
#include "cli/papers/page.h"

namespace cli::papers {
namespace {

// Text that roff takes as it is.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
      out += std::string("\\&") + c;
    } else {
      out += c;
    }
  }
  return out;
}

std::string names(const Flag& f) {
  std::string out;
  for (const auto& n : f.names) out += (out.empty() ? "" : ", ") + roff(n);
  return "\\fB" + out + "\\fR" + (f.value && f.names[0][0] == '-' ? " \\fITEXT\\fR" : "") + (f.needed ? " (needed)" : "");
}

std::string option(const Flag& f) { return ".TP\n" + names(f) + "\n" + roff(f.words) + "\n"; }

std::string command(const Page& page, const Entry& e) {
  const std::string whole = page.program + (e.path.empty() ? "" : " " + e.path);
  std::string out = ".SS " + roff(whole) + "\n\\fB" + roff(whole) + "\\fR " + roff(e.usage) + "\n.PP\n" + roff(e.words) + "\n";
  for (const Flag& f : e.flags) {
    if (!f.words.empty()) out += option(f);
  }
  if (!e.example.empty()) out += ".PP\nExample:\n.PP\n.nf\n.RS\n" + roff(e.example) + "\n.RE\n.fi\n";
  return out;
}

}  // namespace

std::string man(const Page& page) {
  std::string out = ".TH " + roff(page.program) + " 1 \"\" \"Handoff\" \"Handoff\"\n.SH NAME\n" + roff(page.program) + " \\- " + roff(page.about) + "\n.SH SYNOPSIS\n";
  if (page.entries.size() == 1) {
    out += "\\fB" + roff(page.program) + "\\fR " + roff(page.entries[0].usage) + "\n";
  } else {
    out += "\\fB" + roff(page.program) + "\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n";
  }
  out += ".SH OPTIONS\n";
  for (const Flag& f : page.everywhere) out += option(f);
  out += ".SH COMMANDS\n";
  for (const Entry& e : page.entries) out += command(page, e);
  out += ".SH NOTES\n";
  for (const auto& line : page.tail) out += roff(line) + "\n.br\n";
  return out;
}

}  // namespace cli::papers
