"""Whether what was counted now costs more than what was counted for the baseline.

Both are records as baseline.py makes them. Compared is what was made alike:

* made by another compiler, nothing is: its instructions are others;
* with another version of a library, only the program's own instructions are.

A stage may cost TOLERANCE more. So may a function that is HOT of its stage, unless
that is next to nothing for the stage, or the stage has not become dearer with it:
what one function has lost and another one got is code that has moved.
"""

import dataclasses

TOLERANCE = 0.05
HOT = 0.01
NOTHING = 0.005  # what malloc takes depends a little on what the heap looks like
_NAMED = 8  # functions, at most
_CALLERS = 4  # above them
_WORTH_NAMING = 0.05  # of what the stage costs more


@dataclasses.dataclass
class Findings:
    """Lines for people; there is nothing to do if all are empty."""

    refusals: list = dataclasses.field(default_factory=list)  # why something could not be compared
    dearer: list = dataclasses.field(default_factory=list)
    cheaper: list = dataclasses.field(default_factory=list)
    notes: list = dataclasses.field(default_factory=list)  # not by themselves a reason to fail

    @property
    def failed(self):
        return bool(self.refusals or self.dearer or self.cheaper)


def _differences(was, now):
    for key in sorted(was.keys() | now.keys()):
        if was.get(key) != now.get(key):
            yield f"{key}: {was.get(key) or 'none'}, now {now.get(key) or 'none'}"


def compare(was, now):
    findings = Findings()
    made_otherwise = list(_differences(was["build"], now["build"]))
    if made_otherwise:
        findings.refusals.append("The baseline was made by another build, whose counts say nothing about this one:")
        findings.refusals += [f"  {line}" for line in made_otherwise]
        return findings
    other_libraries = list(_differences(was["libraries"], now["libraries"]))
    if other_libraries:
        findings.notes.append("Libraries have changed since, so only the program's own instructions are compared:")
        findings.notes += [f"  {line}" for line in other_libraries]
    for name in [*was["stages"], *(name for name in now["stages"] if name not in was["stages"])]:
        stages = [record["stages"].get(name) for record in (was, now)]
        if None in stages:
            where = "what was counted now" if stages[0] is None else "the baseline"
            findings.refusals.append(f"{name}: is only in {where}")
        elif any(stages[0][key] != stages[1][key] for key in ("of", "count")):
            findings.refusals.append(f"{name}: is another work than that of the baseline")
        else:
            _Stage(name, *stages, with_libraries=not other_libraries).compare(findings)
    return findings


class _Stage:
    def __init__(self, name, was, now, with_libraries):
        self._name, self._was, self._now = name, was, now
        self._with_libraries = with_libraries
        self._before, self._after = self._cost(was), self._cost(now)
        self._growth = self._after - self._before

    def _cost(self, record):
        return record["self"] + (record["libraries"] if self._with_libraries else 0)

    def _function(self, record, name, cost=None):
        found = record["functions"].get(name)
        return (cost or self._cost)(found) if found else 0

    def _grown(self, cost=None):
        """(growth, name) of the functions, what grew most first."""
        names = self._was["functions"].keys() | self._now["functions"].keys()
        growth = ((self._function(self._now, n, cost) - self._function(self._was, n, cost), n) for n in names)
        return sorted(growth, key=lambda item: (-item[0], item[1]))

    def _each(self, instructions):
        return f"{instructions / self._now['count']:,.0f}"

    def _line(self, name, cost=None):
        before, after = self._function(self._was, name, cost), self._function(self._now, name, cost)
        was = self._each(before) if before else "little or nothing"
        return f"    +{self._each(after - before)}  {name}: {was}, now {self._each(after)}"

    def compare(self, findings):
        if self._growth > TOLERANCE * self._before:
            findings.dearer.append(self._verdict("more"))
            findings.dearer += self._causes()
        else:
            findings.dearer += self._hot_functions()
        if -self._growth > TOLERANCE * self._before:
            findings.cheaper.append(self._verdict("less"))

    def _verdict(self, how):
        part = 100 * abs(self._growth) / self._before
        return (
            f"{self._name} takes {part:.1f} % {how}: {self._each(self._before)}, now {self._each(self._after)}"
            f" instructions per {self._now['of']}"
        )

    def _causes(self):
        worth = [name for growth, name in self._grown() if growth >= _WORTH_NAMING * self._growth]
        lines = ["  by what these functions do themselves:", *(self._line(name) for name in worth[:_NAMED])]
        above = self._callers(worth)
        if above:
            lines += ["  which are called by:", *(self._line(name, _inclusive) for name in above)]
        return lines

    def _callers(self, named):
        """The functions below which most of the growth is, the nearest first."""
        grown = self._grown(_inclusive)
        above = [name for growth, name in grown if growth >= self._growth / 2 and name not in named]
        return sorted(above, key=lambda name: self._function(self._now, name, _inclusive))[:_CALLERS]

    def _hot_functions(self):
        lines = []
        for growth, name in self._grown():
            before = self._function(self._was, name)
            is_much = growth > TOLERANCE * before and growth > NOTHING * self._before
            if before >= HOT * self._before and is_much and self._growth >= growth / 2:
                part = 100 * growth / before
                lines += [f"{self._name}: a function takes {part:.1f} % more per {self._now['of']}:", self._line(name)]
        return lines


def _inclusive(record):
    return record["inclusive"]
