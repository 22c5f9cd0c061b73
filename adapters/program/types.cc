// One line an adapter; nothing registers itself.
#include "adapters/program/types.h"

#include "adapters/behavioral/behavioral.h"
#include "adapters/ems/ems.h"
#include "adapters/facade/facade.h"
#include "adapters/foreign/foreign.h"
#include "adapters/hospital/hospital.h"
#include "adapters/police/police.h"

namespace adapters::program {

const std::vector<agent::AdapterType>& adapter_types() {
  static const std::vector<agent::AdapterType> types{
      hospital::hospital_mllp(),
      behavioral::behavioral_folder(),
      behavioral::behavioral_csv(),
      police::police_folder(),
      ems::ems_folder(),
      facade::fhir_facade(),
      foreign::plugin(),
  };
  return types;
}

}  // namespace adapters::program
