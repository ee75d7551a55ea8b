"""Opens the tables of `data/`: each file is read at most once, and only when it is asked for.

The TOML files that people edit are packed into `data/tables.json`, which is parsed thirty times as fast.
"""

from __future__ import annotations

import json
import os
import re
from bisect import bisect_left
from collections.abc import Mapping
from functools import cache
from typing import Any

_DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*")


def exists(name: str) -> bool:
    """Whether `data/NAME` is there."""
    return os.path.isfile(os.path.join(_DATA, name))


@cache
def text(name: str) -> str:
    """The content of `data/NAME`."""
    with open(os.path.join(_DATA, name), encoding="utf-8") as file:
        return file.read()


def table(name: str) -> Mapping[str, Any]:
    """The table `data/NAME`, a TOML file; callers never change it."""
    return _packed()[name]


@cache
def _packed() -> Mapping[str, Mapping[str, Any]]:
    packed: Mapping[str, Mapping[str, Any]] = json.loads(text("tables.json"))
    return packed


def line_of(name: str, key: str) -> str | None:
    """What follows `KEY<tab>` in the sorted lines of `data/NAME`, or None; nothing else of it is parsed."""
    content = text(name)
    found = content.find(f"\n{key}\t")
    if found < 0:
        return None
    start = found + len(key) + 2
    end = content.find("\n", start)
    return content[start:] if end < 0 else content[start:end]


def sorted_line_of(name: str, key: str) -> str | None:
    """As `line_of`, for large files: found by halving, so the lines must be sorted by key."""
    lines = _lines(name)
    wanted = f"{key}\t"
    at = bisect_left(lines, wanted)
    found = at < len(lines) and lines[at].startswith(wanted)
    return lines[at][len(wanted) :] if found else None


@cache
def _lines(name: str) -> list[str]:
    return text(name).splitlines()


def generic(name: str) -> tuple[str, str]:
    """A name with each number or version as `#`, and the first of them ('' if there is none)."""
    first = _NUMBER.search(name)
    return (_NUMBER.sub("#", name), first[0]) if first else (name, "")


def matches(name: str, pattern: str) -> bool:
    """Whether a pattern names the whole text; each `*` stands for anything."""
    head, star, tail = pattern.partition("*")
    if not star:
        return name == pattern
    if not name.startswith(head):
        return False
    at = len(head)
    if "*" in tail:
        *middle, tail = tail.split("*")
        for part in middle:
            found = name.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
    return at + len(tail) <= len(name) and name.endswith(tail)
