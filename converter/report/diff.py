"""The difference between a Dockerfile and its conversion as a unified diff, which `patch -p0` takes."""

from __future__ import annotations

import difflib

MISSING_END = "\\ No newline at end of file\n"


def unified(name: str, before: str, after: str) -> str:
    """The diff with file headers; empty where both are the same."""
    rows = difflib.unified_diff(_lines(before), _lines(after), name, name)
    return "".join(row if row.endswith("\n") else f"{row}\n{MISSING_END}" for row in rows)


def _lines(text: str) -> list[str]:
    """Lines with their ends; only a line feed ends one, as builders read it."""
    rows = [row + "\n" for row in text.split("\n")]
    rows[-1] = rows[-1][:-1]
    return rows if rows[-1] else rows[:-1]
