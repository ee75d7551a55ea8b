"""Plain Makefiles whose text is known: recipes of a target as shell text, and where an install goes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from converter.dockerfile.model import HOLE
from converter.effects.facts import Facts, place_of
from converter.effects.memory import known_text
from converter.effects.model import ShellState

_NAMES = ("GNUmakefile", "makefile", "Makefile")
_ASSIGNMENT = re.compile(r"^(?:export\s+|override\s+)?([A-Za-z_][\w.-]*)\s*(\?|::?|\+|!)?=\s*(.*)$")
_RULE = re.compile(r"^([^\s:=#][^:=#]*?)\s*::?(?!=)\s*([^=]*?)(?:;(.*))?$")
_BEYOND = re.compile(
    r"^\s*(?:-?include|sinclude|if|ifeq|ifneq|ifdef|ifndef|define|vpath)\b|\$\((?:shell|eval|call|foreach|wildcard)\b",
    re.M,
)
_REFERENCE = re.compile(r"\$(?:\(([^()$]+)\)|\{([^{}$]+)\}|([@<^*?+%]))")
_MAX_LINES = 200
_BUILT_IN = {
    "CC": "cc",
    "CXX": "g++",
    "CPP": "cc -E",
    "AR": "ar",
    "AS": "as",
    "LD": "ld",
    "FC": "gfortran",
    "RM": "rm -f",
    "YACC": "yacc",
    "LEX": "lex",
    "MAKE": "make",
    "ARFLAGS": "-rv",
    "SHELL": "/bin/sh",
}


class Makefile(Struct, frozen=True):
    """Variables as written, rules by target (prerequisites, recipe lines), the first target.

    `plain` is whether that is all there is to it.
    """

    variables: Mapping[str, str]
    rules: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    first: str
    plain: bool


def makefile_of(directory: str | None, name: str | None, state: ShellState, facts: Facts) -> Makefile | None:
    """The Makefile that `make` reads in a directory, None where its text is not known."""
    if directory is None:
        return None
    for each in (name,) if name else _NAMES:
        text = known_text(place_of(directory, each), state, facts)
        if text is not None:
            return read_makefile(text)
    return None


def read_makefile(text: str) -> Makefile:
    """Assignments and explicit rules; `plain` is false where there is more to it than these."""
    variables: dict[str, str] = {}
    rules: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    first = ""
    targets: tuple[str, ...] = ()
    for line in re.sub(r"\\\n[ \t]*", " ", text).split("\n"):
        if line.startswith("\t"):
            for target in targets:
                needs, recipe = rules[target]
                rules[target] = (needs, (*recipe, line.strip()))
            continue
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if (assigned := _ASSIGNMENT.match(line)) is not None:
            name, kind, value = assigned[1], assigned[2], assigned[3].strip()
            if kind == "+":
                value = f"{variables.get(name, '')} {value}".strip()
            if kind != "?" or name not in variables:
                variables[name] = value
            targets = ()
        elif (rule := _RULE.match(line)) is not None:
            targets = tuple(rule[1].split())
            needs = tuple(rule[2].split())
            for target in targets:
                before = rules.get(target, ((), ()))
                recipe = (rule[3].strip(),) if rule[3] else ()
                rules[target] = ((*before[0], *needs), (*before[1], *recipe))
            if not first and not targets[0].startswith(".") and "%" not in targets[0]:
                first = targets[0]
    return Makefile(variables, rules, first, _BEYOND.search(text) is None)


def recipes(makefile: Makefile, targets: tuple[str, ...], given: Mapping[str, str]) -> str | None:
    """The shell text that making the targets runs, each line in its own shell; None if that is not plain."""
    if not makefile.plain:
        return None
    lines: list[str] = []
    made: set[str] = set()

    def add(target: str) -> None:
        if target in made or len(lines) > _MAX_LINES or target not in makefile.rules:
            return
        made.add(target)
        needs, recipe = makefile.rules[target]
        known = {**_BUILT_IN, **makefile.variables, **given}
        expanded = " ".join(needs and (expand(need, known) for need in needs)).split()
        for need in expanded:
            add(need)
        automatic = {**known, "@": target, "<": expanded[0] if expanded else "", "^": " ".join(expanded)}
        lines.extend(
            f"( {expand(line.lstrip('@-+ '), automatic)} )" for line in recipe if line.lstrip("@-+ ")
        )

    for target in targets or (makefile.first,):
        add(target)
    return "\n".join(lines)


def expand(text: str, known: Mapping[str, str], depth: int = 0) -> str:
    """Text with variables replaced; HOLE for what is not set."""

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2] or match[3]
        found = known.get(name)
        if found is None:
            return HOLE if " " in name or ":" in name or match[3] else ""
        return expand(found, known, depth + 1) if depth < 8 else HOLE

    return _REFERENCE.sub(value, text.replace("$$", "\0")).replace("\0", "$")


def install_prefixes(makefile: Makefile | None) -> tuple[str, ...]:
    """The prefix that a Makefile sets, if it is an absolute path."""
    if makefile is None:
        return ()
    values = (expand(makefile.variables.get(name, ""), makefile.variables) for name in ("PREFIX", "prefix"))
    return tuple(dict.fromkeys(value for value in values if value.startswith("/")))
