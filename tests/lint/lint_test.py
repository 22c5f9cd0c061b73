#!/usr/bin/env python3
"""The linter must be able to fail: each rule is shown something that breaks it."""
import re
import unittest

import lint


class Rules(unittest.TestCase):
    def test_an_arrow_upwards_is_a_fault(self):
        self.assertIn("may not see", lint.edge_fault("crypto", "schemas"))

    def test_siblings_do_not_see_each_other(self):
        self.assertIn("may not see", lint.edge_fault("adapters/hospital", "adapters/behavioral"))

    def test_an_arrow_downwards_is_fine(self):
        self.assertIsNone(lint.edge_fault("hub/broker", "hub/journal"))

    def test_adapters_do_not_see_the_hubs_inner_rooms(self):
        self.assertIn("may see of hub/ only", lint.edge_fault("adapters/agent", "hub/state"))

    def test_a_mapping_does_not_see_the_vault(self):
        self.assertIsNotNone(lint.edge_fault("adapters/hospital", "crypto"))

    def test_a_room_that_is_not_in_the_table_is_a_fault(self):
        self.assertIsNotNone(lint.edge_fault("hub/broker", "hub/cellar"))

    def test_an_outside_library_has_its_rooms(self):
        self.assertEqual(len(list(lint.outside_faults("hub/broker/on_batch.cc", "lmdb.h"))), 1)
        self.assertEqual(list(lint.outside_faults("hub/store/env.cc", "lmdb.h")), [])

    def test_a_long_function_is_measured(self):
        body = "int f(int a) {\n" + "  a++;\n" * 90 + "}\n"
        self.assertEqual([length for _, length, _ in lint.functions(body)], [92])

    def test_a_long_member_is_measured(self):
        body = "  void f(int a) override {\n" + "    a++;\n" * 90 + "  }\n"
        self.assertEqual([length for _, length, _ in lint.functions(body)], [92])

    def test_a_row_of_the_matrix_names_tests_that_exist(self):
        page = lint.read("docs/compliance.md")
        self.assertEqual(list(lint.compliance_faults(page)), [])
        self.assertTrue(any("has no test" in f for f in lint.compliance_faults(page.replace("a revocation stops", "a revocation starts"))))
        self.assertTrue(any("P3 is missing" in f for f in lint.compliance_faults(page.replace("| P3 |", "| X3 |"))))
        self.assertTrue(any("shown by nothing" in f for f in lint.compliance_faults("| F2 | a | b | shown | |")))

    def test_a_threat_names_a_test_that_exists_or_may_wait(self):
        page = lint.read("docs/threat-model.md")
        self.assertEqual(list(lint.threat_faults(page)), [])
        self.assertTrue(any("T22 names no test" in f for f in lint.threat_faults(page.replace('"G of one group opens nothing in another"', ""))))
        self.assertTrue(any("T33 waits, and may not" in f for f in lint.threat_faults(re.sub(r"(\| T33 \|.*\| ).*( \|)", r"\1waits: later\2", page))))
        self.assertTrue(any("T43 is missing" in f for f in lint.threat_faults(page.replace("| T43 |", "| X43 |"))))


if __name__ == "__main__":
    unittest.main()
