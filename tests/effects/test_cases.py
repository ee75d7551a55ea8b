"""Every command of `cases/`: what its effects are, in words.

A case is a block of lines: `on: BASE` where the base image matters, `$ command` (more lines with `>`), and
`KIND: A, B` for each kind of effect that is checked; such a list is complete. `…` is an unknown piece.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from converter.dockerfile.model import HOLE
from converter.effects.facts import facts_of
from tests.effects.saying import assert_says, effects_of

BASES = {
    "debian": facts_of(family="debian"),
    "alpine": facts_of(family="alpine"),
    "python": facts_of(family="debian", language="python", version="3.11"),
    **{
        language: facts_of(family="debian", language=language)
        for language in ("node", "golang", "rust", "ruby", "php")
    },
}


class Case(NamedTuple):
    """One block of a file."""

    base: str
    command: str
    expected: str


def cases(path: Path) -> list[Case]:
    """The cases of one file; a line with `#` in front is a comment."""
    found = []
    for block in path.read_text("utf-8").split("\n\n"):
        base, command, expected = "debian", [], []
        for line in block.splitlines():
            if line.startswith("on: "):
                base = line[4:]
            elif line.startswith(("$ ", "> ")):
                command.append(line[2:])
            elif line and not line.startswith("#"):
                expected.append(line.replace("…", HOLE))
        if command:
            found.append(Case(base, "\n".join(command), "\n".join(expected)))
    return found


FILES = sorted((Path(__file__).parent / "cases").glob("*.txt"))
CASES = [pytest.param(case, id=f"{path.stem}: {case.command[:60]}") for path in FILES for case in cases(path)]


def test_there_are_cases() -> None:
    assert len(CASES) > 200


@pytest.mark.parametrize("case", CASES)
def test_effects_of_a_command(case: Case) -> None:
    assert_says(effects_of(case.command, BASES[case.base]), case.expected)
