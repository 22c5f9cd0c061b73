// Names, telephone numbers and words made comparable across systems: without case, marks and punctuation. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace adapters::agent::match {

// "D'Ángelo-Núñez " -> {"dangelo", "nunez"}: Latin letters lose their marks (U+00C0 to U+017F, and combining marks), an apostrophe joins,
// other punctuation parts. Letters of other scripts stay as they are.
std::vector<std::string> words(std::string_view utf8);
std::string folded(std::string_view utf8);  // the words without anything between them
std::string digits(std::string_view text);
// One letter more, less, other, or two neighbours exchanged; at least four letters.
bool nearly(std::string_view a, std::string_view b);

}  // namespace adapters::agent::match
