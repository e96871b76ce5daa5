#!/usr/bin/env python3
"""Counts the instructions of the hot path: README.md beside this file."""

import argparse
import os
import platform
import sys

sys.dont_write_bytecode = True
_HERE = os.path.dirname(os.path.abspath(__file__))
_ROOT = os.path.join(_HERE, "..", "..")
sys.path.insert(0, _HERE)

import baseline
import compare
import measure
import report

# Processors of another kind have other instructions.
_BASELINE = os.path.join(_HERE, f"baseline-{platform.machine()}.json")


def arguments():
    parser = argparse.ArgumentParser(prog="./dev instructions", description=__doc__)
    parser.add_argument("stages", nargs="*", metavar="STAGE", help="count these only")
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--top", type=int, default=25, metavar="N", help="so many functions of each stage (25)")
    parser.add_argument("--update", action="store_true", help="what is counted now is the baseline from now on")
    parser.add_argument("--check", action="store_true", help="fail where it is more than the baseline allows")
    asked = parser.parse_args()
    if asked.stages and (asked.update or asked.check):
        parser.error("the baseline is of all stages")
    return asked


def record_of(counted, build):
    libraries = {path for stage in counted for path in stage.profile.libraries if os.path.exists(path)}
    return baseline.record(counted, measure.build_environment(build), measure.library_versions(libraries))


def check(made):
    if not os.path.exists(_BASELINE):
        missing = os.path.relpath(_BASELINE, _ROOT)
        print(f"Nothing is compared: there is no {missing}. ./dev instructions --update makes it.")
        return 0
    findings = compare.compare(baseline.read(_BASELINE), made)
    for part in (findings.notes, findings.refusals, findings.dearer, findings.cheaper):
        if part:
            print("\n".join(part) + "\n")
    if findings.dearer:
        print("./dev instructions shows what costs how much. Where the cost is worth it:")
    elif findings.cheaper:
        print("So that it stays as good as that:")
    if findings.failed:
        print("./dev instructions --update    and commit " + os.path.relpath(_BASELINE, _ROOT))
    return 1 if findings.failed else 0


def tables(counted, most):
    print(report.LEGEND)
    for stage in counted:
        print("\n" + report.stage_heading(stage))
        print("\n".join(report.stage_table(stage, most)))


def main():
    asked = arguments()
    try:
        counted = measure.stages(os.path.join(asked.build, "bin", "instructions"), asked.stages)
    except measure.Failed as failed:
        print(f"instructions: {failed}", file=sys.stderr)
        return 1
    if asked.check:
        return check(record_of(counted, asked.build))
    tables(counted, asked.top)
    if asked.update:
        baseline.write(_BASELINE, record_of(counted, asked.build))
        print(f"\nThe baseline is written: {os.path.relpath(_BASELINE, _ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
