"""Opens the package and image tables of `data/`: each file is read at most once, and only when it is asked for."""

from __future__ import annotations

import os
import re
import tomllib
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


@cache
def table(name: str) -> Mapping[str, Any]:
    """The TOML table `data/NAME`; callers never change it."""
    return tomllib.loads(text(name))


def line_of(name: str, key: str) -> str | None:
    """What follows `KEY<tab>` in the sorted lines of `data/NAME`, or None; nothing else of it is parsed."""
    content = text(name)
    found = content.find(f"\n{key}\t")
    if found < 0:
        return None
    start = found + len(key) + 2
    end = content.find("\n", start)
    return content[start:] if end < 0 else content[start:end]


def generic(name: str) -> tuple[str, str]:
    """A name with each number or version as `#`, and the first of them ('' if there is none)."""
    first = _NUMBER.search(name)
    return (_NUMBER.sub("#", name), first[0]) if first else (name, "")


def matches(name: str, pattern: str) -> bool:
    """Whether a pattern with `*` at its start, its end, both or once inside it names the whole text."""
    if pattern.startswith("*") and pattern.endswith("*") and len(pattern) > 2:
        return pattern[1:-1] in name
    head, star, tail = pattern.partition("*")
    if not star:
        return name == pattern
    if "*" in tail:
        middle, _, tail = tail.partition("*")
        return (
            name.startswith(head)
            and name.endswith(tail)
            and middle in name[len(head) : len(name) - len(tail)]
        )
    return len(name) > len(head) + len(tail) and name.startswith(head) and name.endswith(tail)
