"""The catalogue of diagnostics, read from `catalogue.toml`: what each code means, and what to do about it."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files

from msgspec import Struct

from converter.diagnostics import Severity

STAGES = {
    "1": "reading",
    "2": "shell",
    "3": "effects",
    "4": "graph and roots",
    "5": "plan",
    "6": "emit and self-check",
    "7": "verify",
}


class Leads(StrEnum):
    """What a file comes to for a code; ANY is a finding beside an outcome, STEP a step's verdict."""

    INVALID = "invalid"
    REFUSED = "refused"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    ANY = "any"
    STEP = "step"


class Entry(Struct, frozen=True):
    """One code. Either `example`, a Dockerfile that shows it, or `situation` is empty."""

    code: str
    title: str
    severity: Severity
    outcome: Leads
    explanation: str
    remedy: str
    example: str = ""
    situation: str = ""

    @property
    def stage(self) -> str:
        """The pipeline stage that reports it."""
        return STAGES[self.code[2]]


@cache
def catalogue() -> tuple[Entry, ...]:
    """All entries, sorted by code."""
    tables = tomllib.loads(files("converter").joinpath("catalogue.toml").read_text("utf-8"))
    return tuple(_entry(code, tables[code]) for code in sorted(tables))


def _entry(code: str, table: dict[str, str]) -> Entry:
    rest = {key: value for key, value in table.items() if key not in ("severity", "outcome")}
    return Entry(code=code, severity=Severity(table["severity"]), outcome=Leads(table["outcome"]), **rest)


def entry(code: str) -> Entry | None:
    """The entry of a code, whatever its case, or None for a code that does not exist."""
    return next((item for item in catalogue() if item.code == code.upper()), None)
