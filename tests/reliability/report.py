"""Writes RELIABILITY.md from what the last full soak did.

report.py --collect FOLDER   takes the figures (FOLDER/*.json) into figures.json, and writes the page
report.py                    writes the page anew: the text, the mutations or the changes are others
report.py --check            whether the page is what would be written, and all that it names is there

page.md is the page with the figures left out: {crash.kills} is "kills" of crash.json.
"""

import datetime
import json
import os
import pathlib
import platform
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FIGURES = HERE / "figures.json"
PAGE = ROOT / "RELIABILITY.md"
PARTS = ["simulation", "mutations", "crash", "storage", "fuzz", "flood", "security"]


def machine():
    broker = subprocess.run(["mosquitto", "-h"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"mosquitto version (\S+)", broker)
    return {
        "date": datetime.date.today().isoformat(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "kernel": platform.release().split("-")[0],
        "mosquitto": version.group(1) if version else "unknown",
    }


def collect(folder):
    figures = {"machine": machine()}
    for part in PARTS:
        figures[part] = json.loads((pathlib.Path(folder) / f"{part}.json").read_text())
    figures["soak"] = json.loads((pathlib.Path(folder) / "soak.json").read_text())
    figures["soak"]["seeds"] = figures["simulation"]["seeds"]
    FIGURES.write_text(json.dumps(figures, indent=2) + "\n")


def shown(value):
    return f"{value:,}" if isinstance(value, int) else str(value)


def mutations():
    lines = []
    for path in sorted((ROOT / "tests/simulation/mutations").glob("*.txt")):
        what, rule = path.read_text().splitlines()[:2]
        lines.append(f"| `{path.stem}` | {what} | {rule.removeprefix('rule: ')} |")
    return "\n".join(lines)


def fixed():
    text = (ROOT / "CHANGELOG.md").read_text()
    section = re.search(r"### Fixed\n\n(.*?)(?=\n## |\Z)", text, re.S)
    return section.group(1).strip() if section else "None."


def failpoints(figures):
    rows = [(name, count) for name, count in figures["crash"].items() if name.startswith("failpoint_")]
    return "\n".join(f"| `{name.removeprefix('failpoint_')}` | {shown(count)} |" for name, count in rows)


def targets(figures):
    fuzz = figures["fuzz"]
    rows = [name.removesuffix("_executions") for name in fuzz if name.endswith("_executions")]
    return "\n".join(
        f"| `{name}` | {shown(fuzz[name + '_executions'])} | {shown(fuzz[name + '_features'])} |"
        f" {shown(fuzz[name + '_corpus'])} | {shown(fuzz[name + '_crashes'])} |"
        for name in rows
    )


def page():
    figures = json.loads(FIGURES.read_text())
    lists = {
        "list.mutations": mutations(),
        "list.fixed": fixed(),
        "list.failpoints": failpoints(figures),
        "list.targets": targets(figures),
    }

    def put(match):
        part, _, name = match.group(1).partition(".")
        value = lists.get(match.group(1)) or figures[part][name]
        return str(value) if part == "soak" else shown(value)

    return re.sub(r"\{([a-z]+\.[a-z0-9_]+)\}", put, (HERE / "page.md").read_text())


def source_of_tests():
    """One string, with literals that stand on several lines joined."""
    text = "\n".join(path.read_text(errors="replace") for path in sorted((ROOT / "tests").rglob("*.[ch]pp")))
    return re.sub(r'"\s*\n\s*"', "", text)


def missing(text):
    """What the page names and the repository does not have."""
    for name in re.findall(r"`((?:tests|daemon|protocol|systemd|config)/[\w./-]+)`", text):
        if not (ROOT / name).exists():
            yield f"{name} is not there"


def unproven_entries():
    """Of the changelog: what was fixed has a test, named in its last brackets."""
    tests = source_of_tests()
    for entry in re.split(r"\n(?=- )", fixed()):
        words = " ".join(entry.split())
        named = re.search(r"\(([^()]*`[^()]*)\)\.?$", words)
        if not named:
            yield f"the changelog names no test for: {words[:70]}"
            continue
        for name in re.findall(r'"([^"]+)"', named.group(1)):
            if name not in tests:
                yield f"no test is called \"{name}\""


def check():
    text = page()
    faults = list(missing(text))
    if not PAGE.exists() or PAGE.read_text() != text:
        faults.append("RELIABILITY.md is not what ./dev reliability writes")
    faults += unproven_entries()
    for part, figures in json.loads(FIGURES.read_text()).items():
        if figures.get("violations", 0) or figures.get("crashes", 0) and part == "fuzz":
            faults.append(f"{part}: the last full run did not hold")
    sys.exit("\n".join(faults) if faults else 0)


if sys.argv[1:] == ["--check"]:
    check()
if sys.argv[1:2] == ["--collect"]:
    collect(sys.argv[2])
PAGE.write_text(page())
