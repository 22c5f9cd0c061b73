// A document as blocks, before anybody decides how it looks. Text is plain: the renderers escape it. Deterministic.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace schemas::policy::internal {

struct Heading {
  unsigned level = 1;  // 1 the title, 2 chapters, 3 sections
  std::string text;
};
struct Paragraph {
  std::string text;
};
struct List {
  std::vector<std::string> items;
};
struct Grid {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;  // as many cells as the head
};
using Block = std::variant<Heading, Paragraph, List, Grid>;

class Document {
 public:
  void title(std::string text) { blocks_.push_back(Heading{1, std::move(text)}); }
  void chapter(std::string text) { blocks_.push_back(Heading{2, std::move(text)}); }
  void section(std::string text) { blocks_.push_back(Heading{3, std::move(text)}); }
  void say(std::string text) { blocks_.push_back(Paragraph{std::move(text)}); }
  void list(std::vector<std::string> items) { blocks_.push_back(List{std::move(items)}); }
  void table(std::vector<std::string> head, std::vector<std::vector<std::string>> rows) {
    blocks_.push_back(Grid{std::move(head), std::move(rows)});
  }
  [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }

 private:
  std::vector<Block> blocks_;
};

std::string markdown(const Document& document);
// One file without script, font or picture from elsewhere; chapters begin on a new page when printed.
std::string html(const Document& document);

}  // namespace schemas::policy::internal
