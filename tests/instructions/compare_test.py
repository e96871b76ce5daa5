"""What compare.py says of counts that were made up: what has to fail fails, with the name of the function."""

import copy
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import baseline
import compare
import costs
import measure


def function(own, libraries=0, inclusive=None):
    return {"self": own, "libraries": libraries, "inclusive": own + libraries if inclusive is None else inclusive}


def record():
    """A stage of 100 operations at 1,000 instructions each, of which 400 are of a library."""
    functions = {
        "play()": function(0, 0, 100_000),
        "encode()": function(40_000, 30_000),
        "decode()": function(15_000, 10_000),
        "parse()": function(4_500),
        "seldom()": function(500),
    }
    step = {"of": "operation", "count": 100, "self": 60_000, "libraries": 40_000, "functions": functions}
    return {"build": {"compiler": "12.2.0"}, "libraries": {"libc.so.6": "libc6 2.36-9"}, "stages": {"step": step}}


def grow(made, name, own, libraries=0):
    step = made["stages"]["step"]
    found = step["functions"].setdefault(name, function(0))
    for key, more in (("self", own), ("libraries", libraries)):
        found[key] += more
        step[key] += more
    found["inclusive"] += own + libraries
    step["functions"]["play()"]["inclusive"] += own + libraries


class Comparing(unittest.TestCase):
    def setUp(self):
        self.was, self.now = record(), record()

    def findings(self):
        return compare.compare(self.was, self.now)

    def assert_passes(self):
        self.assertFalse(self.findings().failed, self.findings())

    def assert_dearer(self, *lines):
        findings = self.findings()
        self.assertTrue(findings.failed)
        self.assertEqual([line for line in lines if line not in findings.dearer], [], findings.dearer)

    def test_the_same_passes(self):
        self.assert_passes()

    def test_a_stage_may_cost_five_per_cent_more(self):
        grow(self.now, "seldom()", 5_000)
        self.assert_passes()

    def test_a_stage_that_costs_more_than_that_fails_with_the_function_that_grew(self):
        grow(self.now, "seldom()", 5_100)
        self.assert_dearer(
            "step takes 5.1 % more: 1,000, now 1,051 instructions per operation",
            "    +51  seldom(): 5, now 56",
        )

    def test_the_functions_that_called_for_it_are_named_too(self):
        grow(self.now, "seldom()", 20_000)
        self.assert_dearer("  which are called by:", "    +200  play(): 1,000, now 1,200")

    def test_what_grew_little_is_not_named(self):
        grow(self.now, "seldom()", 20_000)
        grow(self.now, "decode()", 100)
        self.assertNotIn("decode()", " ".join(self.findings().dearer))

    def test_a_function_that_was_not_there_is_named(self):
        grow(self.now, "added()", 6_000)
        self.assert_dearer("    +60  added(): little or nothing, now 60")

    def test_a_hot_function_that_grew_fails_though_its_stage_has_hardly_grown(self):
        grow(self.now, "decode()", 1_300)
        self.assert_dearer("step: a function takes 5.2 % more per operation:", "    +13  decode(): 250, now 263")

    def test_a_hot_function_may_cost_five_per_cent_more(self):
        grow(self.now, "decode()", 1_250)
        self.assert_passes()

    def test_a_hot_function_may_grow_by_what_is_nothing_to_its_stage(self):
        grow(self.now, "parse()", 500)
        self.assert_passes()
        grow(self.now, "parse()", 1)
        self.assert_dearer("step: a function takes 11.1 % more per operation:", "    +5  parse(): 45, now 50")

    def test_a_hot_function_may_not_let_libraries_do_more_for_it(self):
        grow(self.now, "decode()", 0, 1_500)
        self.assert_dearer("step: a function takes 6.0 % more per operation:", "    +15  decode(): 250, now 265")

    def test_a_function_that_is_not_hot_may_grow(self):
        grow(self.now, "seldom()", 400)
        self.assert_passes()

    def test_code_that_has_moved_passes(self):
        grow(self.now, "encode()", 4_000)
        grow(self.now, "parse()", -4_000)
        self.assert_passes()

    def test_what_has_become_cheaper_asks_for_a_new_baseline(self):
        grow(self.now, "encode()", -5_100)
        findings = self.findings()
        self.assertTrue(findings.failed)
        self.assertEqual(findings.dearer, [])
        self.assertEqual(findings.cheaper, ["step takes 5.1 % less: 1,000, now 949 instructions per operation"])

    def test_another_compiler_is_not_compared(self):
        self.now["build"]["compiler"] = "13.1.0"
        grow(self.now, "encode()", 50_000)
        findings = self.findings()
        self.assertTrue(findings.failed)
        self.assertIn("  compiler: 12.2.0, now 13.1.0", findings.refusals)
        self.assertEqual(findings.dearer, [])

    def test_with_another_library_only_the_programs_own_instructions_are_compared(self):
        self.now["libraries"]["libc.so.6"] = "libc6 2.37-1"
        grow(self.now, "encode()", 0, 50_000)
        self.assert_passes()
        self.assertIn("  libc.so.6: libc6 2.36-9, now libc6 2.37-1", self.findings().notes)
        grow(self.now, "encode()", 3_100)
        self.assert_dearer(
            "step takes 5.2 % more: 600, now 631 instructions per operation",
            "    +31  encode(): 400, now 431",
        )

    def test_a_library_that_was_not_there_is_another_one(self):
        self.now["libraries"]["libjson.so.1"] = "libjson1 1"
        self.assertIn("  libjson.so.1: none, now libjson1 1", self.findings().notes)

    def test_stages_that_are_not_the_same_are_refused(self):
        self.now["stages"]["codec"] = copy.deepcopy(self.now["stages"]["step"])
        self.assertIn("codec: is only in what was counted now", self.findings().refusals)
        self.now["stages"] = {}
        self.assertIn("step: is only in the baseline", self.findings().refusals)
        self.now = record()
        self.now["stages"]["step"]["count"] = 200
        self.assertIn("step: is another work than that of the baseline", self.findings().refusals)


class Baseline(unittest.TestCase):
    def test_what_is_written_is_read_and_compares_as_equal(self):
        functions = {"encode()": (900, 90, 990, 1), "rare()": (1, 0, 1, 1), "main": (0, 0, 991, 0)}
        counted = costs.Profile({name: costs.Cost(*cost) for name, cost in functions.items()}, {})
        made = baseline.record([measure.Stage("step", "operation", 3, counted)], {"compiler": "12"}, {"libc.so.6": "2"})
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "baseline.json")
            baseline.write(path, made)
            was = baseline.read(path)
        self.assertFalse(compare.compare(was, made).failed)
        self.assertEqual(list(was["stages"]["step"]["functions"]), ["encode()", "main"])
        self.assertEqual(was["stages"]["step"]["self"], 901)


if __name__ == "__main__":
    unittest.main()
