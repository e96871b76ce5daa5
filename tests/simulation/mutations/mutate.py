"""Breaks a source file as a mutation says.

A mutation is a text file: a first line that says what it breaks, "rule: " and
the rule of the simulation that sees it, then for each edit

    file: daemon/core/answers.cpp
    ---- old
    the lines as they are; they stand in the file exactly once
    ---- new
    the lines instead
    ---- end

mutate.py MUTATION ROOT --files             prints the files it edits
mutate.py MUTATION ROOT FILE OUTPUT         writes FILE, broken, to OUTPUT
"""

import pathlib
import re
import sys

EDIT = re.compile(r"^file: (\S+)\n---- old\n(.*?)---- new\n(.*?)---- end$", re.M | re.S)


def main():
    mutation, root = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    edits = EDIT.findall(mutation.read_text())
    if not edits:
        sys.exit(f"{mutation.name}: no edit in it")
    if sys.argv[3] == "--files":
        print(";".join(dict.fromkeys(name for name, _, _ in edits)), end="")
        return
    text = (root / sys.argv[3]).read_text()
    for name, old, new in edits:
        if name != sys.argv[3]:
            continue
        if text.count(old) != 1:
            sys.exit(f"{mutation.name}: {name} has its old lines {text.count(old)} times; mend the mutation")
        text = text.replace(old, new)
    pathlib.Path(sys.argv[4]).write_text(text)


main()
