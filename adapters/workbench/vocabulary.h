// What columns and elements are called at agencies, as data: the words for each field of a message, for what never leaves, and for what
// only the source needs. Names are compared in words: "SubjectLastName", "subject_last_name" and "Subject Last-Name" are the same.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace adapters::workbench {

enum class Shape { kText, kCode, kYesNo, kMoment, kDate };  // how its values have to be treated

struct Meaning {
  std::string_view kind, to;  // message kind and the field's path; path "" : it is ignored
  Shape shape = Shape::kText;
  std::string_view provenance = "local", why = "";  // why: of what is ignored
};

std::string in_words(std::string_view name);  // "PersonSurName" -> "person sur name"
// By the whole name, and by that without the words for whom it is about ("subject", "patient"); for a path by its end. `kind` first.
std::optional<Meaning> meaning_of(std::string_view kind, std::string_view path);

// The code of ours that a word of theirs stands for ("SUIC" -> "SI" for value set "reason"); "": none is known.
std::string_view code_for(std::string_view value_set, std::string_view word);

}  // namespace adapters::workbench
