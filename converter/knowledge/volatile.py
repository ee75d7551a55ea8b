"""Files whose bytes differ between any two builds, by their names, and shell text that makes such files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from converter.knowledge.tables import table

_TOKENS = re.compile(r"\*\*|\*|[^*]+")


def is_bookkeeping(path: str) -> bool:
    """Whether a tool writes it for itself, so that no program depends on its bytes."""
    return _pattern("bookkeeping").fullmatch(path) is not None


def is_volatile(path: str) -> bool:
    """Whether it holds times of its build, or is made at random."""
    return any(_pattern(kind).fullmatch(path) for kind in ("stamped", "random"))


def makes_random(text: str) -> bool:
    """Whether shell text asks for randomness, a key, or the time."""
    words: list[str] = table("volatile.toml")["sources"]["words"]
    return any(word in text for word in words)


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    names: Iterable[str] = table("volatile.toml")["names"][kind]
    return re.compile("|".join(_expression(name) for name in names))


def _expression(name: str) -> str:
    """A name of the table as an expression for whole paths."""
    inner = "".join(
        {"*": "[^/]*", "**": ".*"}.get(part) or re.escape(part) for part in _TOKENS.findall(name.lstrip("/"))
    )
    return f"/{inner}" if name.startswith("/") else f".*/{inner}"
