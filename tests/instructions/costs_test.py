"""What costs.py makes of callgrind's files, on files written by hand."""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import costs

STRING = "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >"
_HEAD = "# callgrind format\nversion: 1\ndesc: Trigger: Client Request: step\n\npositions: line\nevents: Ir\n"


def read(text):
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "counts.1")
        with open(path, "w", encoding="utf-8") as file:
            file.write(_HEAD + text)
        return costs.read(path, "program")


class Reading(unittest.TestCase):
    def test_names_are_given_once_and_numbered_from_then_on(self):
        profile = read("ob=(1) /bin/program\nfn=(1) first()\n0 10\nfn=(2) second()\n0 5\nfn=(1)\n0 1\n")
        self.assertEqual(profile.functions["first()"].self, 11)
        self.assertEqual(profile.functions["second()"].self, 5)
        self.assertEqual(profile.total, 16)

    def test_a_call_adds_to_what_is_inclusive_and_not_to_what_is_own(self):
        profile = read(
            "ob=(1) /bin/program\nfn=(1) caller()\n0 10\ncfn=(2) called()\ncalls=3 0\n0 60\nfn=(2)\n0 60\n"
        )
        caller, called = profile.functions["caller()"], profile.functions["called()"]
        self.assertEqual((caller.self, caller.own, caller.inclusive, caller.calls), (10, 10, 70, 0))
        self.assertEqual((called.self, called.own, called.inclusive, called.calls), (60, 60, 60, 3))
        self.assertEqual(profile.total, 70)

    def test_what_a_library_costs_is_its_callers_with_all_that_it_calls_in_others(self):
        profile = read(
            "ob=(1) /bin/program\nfn=(1) caller()\n0 10\ncob=(2) /lib/libjson.so.1\ncfn=(2) parse\ncalls=1 0\n0 90\n"
            "ob=(2)\nfn=(2)\n0 40\ncob=(3) /lib/libc.so.6\ncfn=(3) malloc\ncalls=2 0\n0 50\n"
            "ob=(3)\nfn=(3)\n0 50\n"
        )
        self.assertEqual(list(profile.functions), ["caller()"])
        self.assertEqual(profile.functions["caller()"].own, 100)
        self.assertEqual(profile.libraries, {"/lib/libjson.so.1": 40, "/lib/libc.so.6": 50})
        self.assertEqual((profile.program, profile.total), (10, 100))

    def test_a_call_is_of_the_same_object_where_none_is_named(self):
        profile = read(
            "ob=(1) /bin/program\nfn=(1) caller()\n0 1\ncob=(2) /lib/libc.so.6\ncfn=(2) free\ncalls=1 0\n0 7\n"
            "cfn=(3) called()\ncalls=1 0\n0 20\nfn=(3)\n0 20\n"
        )
        self.assertEqual(profile.functions["caller()"].libraries, 7)
        self.assertEqual(profile.functions["called()"].calls, 1)

    def test_a_function_that_calls_itself_is_not_counted_twice(self):
        profile = read("ob=(1) /bin/program\nfn=(1) walk()\n0 30\ncfn=(1)\ncalls=2 0\n0 20\n")
        self.assertEqual(profile.functions["walk()"].inclusive, 30)

    def test_the_pieces_of_a_function_are_one(self):
        profile = read(
            "ob=(1) /bin/program\nfn=(1) f(int)\n0 10\n"
            "fn=(2) f(int) [clone .part.0]\n0 5\nfn=(3) f(int) [clone .cold]\n0 1\n"
        )
        self.assertEqual({name: cost.self for name, cost in profile.functions.items()}, {"f(int)": 16})


class Names(unittest.TestCase):
    def test_they_are_as_people_say_them(self):
        for name, short in {
            "x::step(std::chrono::time_point<std::chrono::_V2::system_clock, long>, int const&)": "x::step(std::chrono::time_point<>, int)",
            f"x::(anonymous namespace)::write({STRING}&)": "x::write(std::string)",
            "std::vector<a<int, b<c> >, d<a<int, b<c> > > >::push_back(int&&)": "std::vector<>::push_back(int)",
            "void f<(A)1>()": "void f<>()",
            "take(char const*) [clone .isra.0] [clone .part.0]": "take(char*)",
            "read.constprop.0": "read",
            "x::operator<(x const&) const": "x::operator<(x)",
            "operator<< <int>(std::ostream&)": "operator<< <>(std::ostream)",
        }.items():
            with self.subTest(name):
                self.assertEqual(costs.short_name(name), short)


if __name__ == "__main__":
    unittest.main()
