"""Reads what callgrind wrote, as costs of the program's own functions.

A library's function has no cost of its own here: what it costs is put down to the
function of the program that called it, for that is where somebody can do something
about it.
"""

import collections
import dataclasses
import os
import re


@dataclasses.dataclass
class Cost:
    """Instructions of one function of the program."""

    self: int = 0  # executed in it, or in what the compiler has put into it
    libraries: int = 0  # in functions of libraries that it called
    inclusive: int = 0  # in it and all that it called; twice where it is called by itself
    calls: int = 0  # how often it was called

    @property
    def own(self):
        return self.self + self.libraries


@dataclasses.dataclass
class Profile:
    functions: dict  # name -> Cost
    libraries: dict  # path -> instructions

    @property
    def total(self):
        return sum(cost.own for cost in self.functions.values())

    @property
    def program(self):
        """Without libraries."""
        return sum(cost.self for cost in self.functions.values())


class _Names:
    """'(12) name' the first time, '(12)' from then on."""

    def __init__(self):
        self._known = {}

    def read(self, text):
        number, _, name = text.partition(" ")
        if name:
            self._known[number] = name
        return self._known.get(number, text)


def _edges(lines):
    """Yields (caller, callee or None, calls, instructions); a function is (object, name)."""
    objects, functions = _Names(), _Names()
    current_object = called_object = current = called = calls = None
    for line in lines:
        key, separator, value = line.rstrip("\n").partition("=")
        if separator and key == "ob":
            current_object = objects.read(value)
        elif separator and key == "fn":
            current = (current_object, functions.read(value))
        elif separator and key == "cob":
            called_object = objects.read(value)
        elif separator and key == "cfn":
            called = (called_object or current_object, functions.read(value))
        elif separator and key == "calls":
            calls = int(value.split()[0])
        elif current and line[:1] in "0123456789+-*" and line.strip():
            yield current, called, calls, int(line.split()[-1])
            called_object = called = calls = None


def short_name(name):
    """A function's name as people say it, the same however the compiler cut it up."""
    name = re.sub(r"( \[clone [^]]*\])+$|(\.(part|isra|constprop|cold|lto_priv)\.?\d*)+$", "", name)
    name = re.sub(r"'\d+$", "", name)
    name = name.replace("(anonymous namespace)::", "").replace("[abi:cxx11]", "")
    traits = "char, std::char_traits<char>"
    name = re.sub(f"std::__cxx11::basic_string<{traits}, std::allocator<char> ?>", "std::string", name)
    name = re.sub(f"std::basic_string_view<{traits} ?>|boost::core::basic_string_view<char>", "string_view", name)
    while True:  # templates lose their arguments, from the inside
        shorter = re.sub(r"(?<!operator)(?<!operator<)<(?!>)[^<>]*(?:<>[^<>]*)*>(?!=)", "<>", name)
        if shorter == name:
            break
        name = shorter
    name = re.sub(r"\bconst\b ?| const&?|&", "", name)
    return re.sub(r"\s+", " ", name).strip()


def read(path, program):
    """The profile in the file of the program of that file name."""

    def is_program(function):
        return os.path.basename(function[0] or "") == program

    functions = collections.defaultdict(Cost)
    libraries = collections.Counter()
    with open(path, encoding="utf-8", errors="replace") as file:
        for caller, callee, calls, instructions in _edges(file):
            name = short_name(caller[1])
            if callee is not None and is_program(callee):
                functions[short_name(callee[1])].calls += calls
            if not is_program(caller):
                if callee is None:
                    libraries[caller[0]] += instructions
                continue
            if callee is None:
                functions[name].self += instructions
            elif not is_program(callee):
                functions[name].libraries += instructions
            if callee is None or short_name(callee[1]) != name:
                functions[name].inclusive += instructions
    return Profile(dict(functions), dict(libraries))
