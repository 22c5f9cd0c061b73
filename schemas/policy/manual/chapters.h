// The chapters of the staff handbook, in their order. Each adds itself to the document, or nothing if the policy has nothing to say.
#pragma once

#include "schemas/policy/manual/document.h"
#include "schemas/policy/policy.h"

namespace schemas::policy::internal {

void words_chapter(const Policy& policy, Document& out);
void agencies_chapter(const Policy& policy, Document& out);
void roles_chapter(const Policy& policy, Document& out);
void sending_chapter(const Policy& policy, Document& out);
void views_chapter(const Policy& policy, Document& out);
void protection_chapter(const Policy& policy, Document& out);
void consent_chapter(const Policy& policy, Document& out);
void break_glass_chapter(const Policy& policy, Document& out);
void fields_chapter(const Policy& policy, Document& out);
void times_chapter(const Policy& policy, Document& out);
void routing_chapter(const Policy& policy, Document& out);
void codes_chapter(const Policy& policy, Document& out);
void holds_chapter(const Policy& policy, Document& out);
void keeping_chapter(const Policy& policy, Document& out);

}  // namespace schemas::policy::internal
