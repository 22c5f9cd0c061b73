// Writes the conformance cases into a folder, for validators that are not ours: fhir_render FOLDER [CORPUS].
#include <fstream>
#include <iostream>

#include "tests/conformance/fhir_cases.h"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: fhir_render FOLDER [CORPUS]\n";
    return 2;
  }
  for (const auto& c : fhir_cases::all(argc > 2 ? argv[2] : "")) {
    std::ofstream out(std::string(argv[1]) + "/" + c.name + ".json", std::ios::binary);
    if (!(out << c.json)) return 2;
  }
  return 0;
}
