"""The file of what was counted when somebody last said that it is right so."""

import json

# What is less than that of its stage is not kept, so that the file can be read.
_KEPT = 0.002


def record(stages, build, libraries):
    """What was counted, as it is compared and written."""
    return {
        "build": build,
        "libraries": libraries,
        "stages": {stage.name: _stage_record(stage) for stage in stages},
    }


def _stage_record(stage):
    functions = {
        name: {"self": cost.self, "libraries": cost.libraries, "inclusive": cost.inclusive}
        for name, cost in sorted(stage.profile.functions.items(), key=lambda item: (-item[1].own, item[0]))
    }
    own, total = stage.profile.program, stage.profile.total
    return {"of": stage.of, "count": stage.count, "self": own, "libraries": total - own, "functions": functions}


def _counts_for_much(cost, least):
    return cost["self"] + cost["libraries"] >= least or cost["inclusive"] >= 5 * least


def _lines_of(members):
    return ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in members.items())


def write(path, made):
    """One function a line, so that a difference can be read."""
    stages = []
    for name, stage in made["stages"].items():
        least = _KEPT * (stage["self"] + stage["libraries"])
        kept = {function: cost for function, cost in stage["functions"].items() if _counts_for_much(cost, least)}
        head = ", ".join(f"{json.dumps(key)}: {json.dumps(stage[key])}" for key in ("of", "count", "self", "libraries"))
        stages.append(f'{json.dumps(name)}: {{{head}, "functions": {{\n{_lines_of(kept)}}}}}')
    text = (
        f'{{"build": {{\n{_lines_of(made["build"])}}},\n"libraries": {{\n{_lines_of(made["libraries"])}}},\n'
        f'"stages": {{\n{(","+chr(10)).join(stages)}}}}}\n'
    )
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)
