"""Tables of what was counted, for people."""

import os


def _thousands(number):
    return f"{number:,.0f}"


def _short(library):
    return os.path.basename(library).partition(".so")[0]


def stage_heading(stage):
    profile = stage.profile
    parts = [f"{_thousands(profile.program / stage.count)} in the program"]
    for library, cost in sorted(profile.libraries.items(), key=lambda item: -item[1]):
        if cost >= profile.total / 200:
            parts.append(f"{_thousands(cost / stage.count)} in {_short(library)}")
    return (
        f"{stage.name}: {_thousands(profile.total / stage.count)} instructions per {stage.of}"
        f" ({_thousands(stage.count)} of them): {', '.join(parts)}"
    )


def stage_table(stage, most):
    """The functions with the largest cost of their own, and what that is."""
    profile = stage.profile
    by_cost = sorted(profile.functions.items(), key=lambda item: -item[1].own)[:most]
    lines = [f"{'own':>10} {'%':>5} {'self':>9} {'inclusive':>10} {'calls':>7}  function"]
    for name, cost in by_cost:
        lines.append(
            f"{cost.own / stage.count:10,.0f} {100 * cost.own / profile.total:5.1f} {cost.self / stage.count:9,.0f}"
            f" {cost.inclusive / stage.count:10,.0f} {cost.calls / stage.count:7,.2f}  {name[:130]}"
        )
    return lines


LEGEND = """\
Instructions per operation (or what the stage is told for). self: executed in the function itself and in what the
compiler has put into it; own: that and what libraries do for it; inclusive: that and all that it calls."""
