// The handbook: everything in it that staff need, nothing in it that a browser would run, and the same bytes each time.
#include "schemas/policy/tools.h"

#include <doctest/doctest.h>

#include "tests/unit/policy/files.h"

using namespace schemas::policy;
using policy_files::alder;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the handbook has a chapter for everything that staff must know") {
  const std::string text = manual_markdown(alder());
  for (const char* chapter :
       {"# Handbook: alder-county, version 14", "## What the words mean", "## Who takes part", "## Who does what",
        "## Who may send what to whom", "## What each reader sees", "## What is protected more strictly", "## Consent",
        "## Opening what was withheld", "## What a message must say", "## How long it may take", "## Whom to ask first",
        "## Reasons and outcomes", "## Involuntary holds in CO", "## What is kept and reported"})
    CHECK_MESSAGE(holds(text, chapter), chapter);
  for (const char* fact :
       {"+1-555-0142", "Shift lead, +1-555-0143", "telephone of the desk", "S-P2-LE", "42 CFR 2.12", "15 minutes", "program coordinator",
        "CAP\\_NO\\_BED", "M-1", "Harborlight Crisis Center, then St. Brigid Hospital ED", "Immediate danger to life", "6 years"})
    CHECK_MESSAGE(holds(text, fact), fact);
}

TEST_CASE("the same policy gives the same handbook, in both forms") {
  CHECK(manual_markdown(alder()) == manual_markdown(alder()));
  CHECK(manual_html(alder()) == manual_html(alder()));
  CHECK(holds(manual_html(alder()), "<h2>Who takes part</h2>"));
}

TEST_CASE("what somebody writes into a policy never becomes markup") {
  Policy p = alder();
  const std::string evil = "<script>alert(1)</script> | a *b* [c](d) & \"e\" 'f'\n## g";
  p.glossary["evil"] = evil;
  p.agencies[0].name = evil;
  p.roles[0].words = evil;
  p.label_rules[0].words = evil;
  const std::string html = manual_html(p), md = manual_markdown(p);
  CHECK_FALSE(holds(html, "<script"));
  CHECK(holds(html, "&lt;script&gt;"));
  for (std::size_t at = md.find('<'); at != std::string::npos; at = md.find('<', at + 1)) CHECK(md[at - 1] == '\\');
  CHECK_FALSE(holds(md, "\n## g"));
  CHECK(holds(md, "\\<script\\>"));
  CHECK_FALSE(holds(html, "http"));  // nothing is fetched from anywhere
}
