#!/usr/bin/env python3
"""Counts the instructions of the hot path. See README.md beside this file."""

import argparse
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import measure
import report


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stages", nargs="*", metavar="STAGE", help="count these only")
    parser.add_argument("--build", required=True, help="the directory of the build")
    parser.add_argument("--top", type=int, default=25, help="so many functions of each stage (25)")
    return parser.parse_args()


def main():
    asked = arguments()
    program = os.path.join(asked.build, "bin", "instructions")
    try:
        counted = measure.stages(program, asked.stages)
    except measure.Failed as failed:
        print(f"instructions: {failed}", file=sys.stderr)
        return 1
    print(report.LEGEND)
    for stage in counted:
        print("\n" + report.stage_heading(stage))
        print("\n".join(report.stage_table(stage, asked.top)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
