// Blocks to Markdown and to HTML. Policies are written by people: nothing of their text is ever markup here.
#include "schemas/policy/manual/document.h"

#include "crypto/base/check.h"

namespace schemas::policy::internal {
namespace {

// One line of Markdown that shows `text` as it is.
std::string md(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' || c == '\r' || c == '\t') {
      out += ' ';
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += '?';
    } else {
      if (std::string_view("\\`*_{}[]<>|#~&!").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string ht(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
    }
  }
  return out;
}

std::string md_row(const std::vector<std::string>& cells) {
  std::string out = "|";
  for (const auto& c : cells) out += " " + md(c) + " |";
  return out + "\n";
}

struct ToMarkdown {
  std::string operator()(const Heading& h) const { return std::string(h.level, '#') + " " + md(h.text) + "\n\n"; }
  std::string operator()(const Paragraph& p) const { return md(p.text) + "\n\n"; }
  std::string operator()(const List& l) const {
    std::string out;
    for (const auto& item : l.items) out += "- " + md(item) + "\n";
    return out + "\n";
  }
  std::string operator()(const Grid& g) const {
    std::string out = md_row(g.head) + "|";
    for (std::size_t i = 0; i < g.head.size(); ++i) out += "---|";
    out += "\n";
    for (const auto& row : g.rows) {
      CHECK(row.size() == g.head.size());
      out += md_row(row);
    }
    return out + "\n";
  }
};

std::string tagged(const char* tag, const std::string& inner) { return std::string("<") + tag + ">" + inner + "</" + tag + ">"; }

std::string ht_row(const char* tag, const std::vector<std::string>& cells) {
  std::string out;
  for (const auto& c : cells) out += tagged(tag, ht(c));
  return tagged("tr", out) + "\n";
}

struct ToHtml {
  std::string operator()(const Heading& h) const {
    const std::string tag = "h" + std::to_string(h.level);
    return tagged(tag.c_str(), ht(h.text)) + "\n";
  }
  std::string operator()(const Paragraph& p) const { return tagged("p", ht(p.text)) + "\n"; }
  std::string operator()(const List& l) const {
    std::string out;
    for (const auto& item : l.items) out += tagged("li", ht(item)) + "\n";
    return tagged("ul", "\n" + out) + "\n";
  }
  std::string operator()(const Grid& g) const {
    std::string body;
    for (const auto& row : g.rows) {
      CHECK(row.size() == g.head.size());
      body += ht_row("td", row);
    }
    return tagged("table", "\n" + tagged("thead", ht_row("th", g.head)) + "\n" + tagged("tbody", "\n" + body)) + "\n";
  }
};

constexpr const char* kStyle = R"(
body { font: 11pt/1.45 Georgia, "Times New Roman", serif; color: #111; background: #fff; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.9em; } h2 { font-size: 1.4em; border-bottom: 2px solid #111; margin-top: 2.2em; } h3 { font-size: 1.1em; }
table { border-collapse: collapse; width: 100%; margin: 0.8em 0; font-size: 0.92em; }
th, td { border: 1px solid #666; padding: 0.25em 0.5em; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead { display: table-header-group; } th { background: #eee; } tr { break-inside: avoid; }
@media print { body { max-width: none; margin: 0; font-size: 9.5pt; } h2 { break-before: page; } h2, h3 { break-after: avoid; } }
)";

}  // namespace

std::string markdown(const Document& document) {
  std::string out;
  for (const auto& block : document.blocks()) out += std::visit(ToMarkdown{}, block);
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

std::string html(const Document& document) {
  std::string title, body;
  for (const auto& block : document.blocks()) {
    const auto* h = std::get_if<Heading>(&block);
    if (h != nullptr && h->level == 1 && title.empty()) title = ht(h->text);
    body += std::visit(ToHtml{}, block);
  }
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, "
         "initial-scale=1\">\n<title>" +
         title + "</title>\n<style>" + kStyle + "</style>\n</head>\n<body>\n" + body + "</body>\n</html>\n";
}

}  // namespace schemas::policy::internal
