"""Runs the stages under callgrind, and says what the counts were made with."""

import dataclasses
import hashlib
import json
import os
import re
import shlex
import subprocess
import tempfile

import costs

# The same on every machine: no C library that looks for the fastest memcpy of this processor,
# no symbols that are looked up when they are first called, no environment of somebody's own.
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LC_ALL": "C",
    "LD_BIND_NOW": "1",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-AVX,-AVX_Fast_Unaligned_Load,-ERMS,-FSRM,-SSE4_2,-SSSE3",
}
_CALLGRIND = ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--dump-line=no", "--quiet"]


class Failed(Exception):
    """The program could not be counted."""


@dataclasses.dataclass
class Stage:
    name: str
    of: str  # one of what is `count` of
    count: int
    profile: costs.Profile


def stages(program, names):
    """Counts the stages of those names; all if there are none. Each in a process of its own, since what
    malloc costs depends on what was done before."""
    lines = [line.split() for line in _run([program, "--list"]).splitlines()]
    known = [name for name, _, _ in lines]
    for name in names:
        if name not in known:
            raise Failed(f"there is no stage {name}, only {', '.join(known)}")
    return [_count(program, name, of, int(count)) for name, count, of in lines if not names or name in names]


def _count(program, name, of, count):
    with tempfile.TemporaryDirectory() as directory:
        out = os.path.join(directory, "counts")
        _run([*_CALLGRIND, f"--callgrind-out-file={out}", program, name], TMPDIR=directory)
        return Stage(name, of, count, costs.read(f"{out}.1", os.path.basename(program)))


def _run(command, **environment):
    done = subprocess.run(command, env=_ENVIRONMENT | environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"{shlex.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def _output(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _compile_command(build, source):
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        return next(shlex.split(entry["command"]) for entry in json.load(file) if entry["file"].endswith(source))


def _flags(command):
    """Those that change what the compiler makes of a line."""
    changing = re.compile(r"-(O|m|std=|f(?!file-prefix|macro-prefix|debug-prefix|diagnostics)|DNDEBUG|D_)")
    return " ".join(flag for flag in command if changing.match(flag))


def _package_version(package):
    return _output("dpkg-query", "-W", "-f", "${Version}", package)


def build_environment(build):
    """What the program's own instructions depend on, beside its source."""
    command = _compile_command(build, "protocol/codec.cpp")
    compiler = command[1] if os.path.basename(command[0]) == "ccache" else command[0]
    return {
        "compiler": _output(compiler, "-dumpfullversion") or _output(compiler, "--version"),
        "flags": _flags(command),
        "boost": _package_version("libboost1.81-dev").partition("-")[0],
        "fmt": _package_version("libfmt-dev").partition("+")[0],
    }


def library_versions(files):
    """Of shared libraries by their paths, as the package manager knows them."""
    versions = {}
    for file in sorted(files):
        # /lib is /usr/lib; the package manager knows the file by one of the names only.
        found = _output("dpkg-query", "--search", file) or _output("dpkg-query", "--search", file.removeprefix("/usr"))
        package = found.partition(": ")[0]  # "libc6:amd64"
        version = f"{package.partition(':')[0]} {_package_version(package)}" if package else _digest(file)
        versions[os.path.basename(file)] = version
    return versions


def _digest(file):
    with open(file, "rb") as opened:
        return hashlib.sha256(opened.read()).hexdigest()[:16]
