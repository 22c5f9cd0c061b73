# cmake -DOUT=FILE.cc -DSYMBOL=NAME -DFILES="a;b" -P embed.cmake: the texts of FILES as a function schemas::internal::NAME(), in the
# order given (schemas/internal/embedded.h).
set(code "// Made by schemas/embed.cmake.\n#include \"schemas/internal/embedded.h\"\n\n#include <array>\n\nnamespace schemas::internal {\n")
set(rows "")
list(LENGTH FILES n)
foreach(file IN LISTS FILES)
  file(READ ${file} text)
  get_filename_component(name ${file} NAME)
  string(APPEND rows "    Embedded{\"${name}\", R\"embed(${text})embed\"},\n")
endforeach()
string(APPEND code "std::span<const Embedded> ${SYMBOL}() {\n  static constexpr std::array<Embedded, ${n}> kFiles{\n${rows}  };\n  return kFiles;\n}\n}  // namespace schemas::internal\n")
file(WRITE ${OUT} "${code}")
