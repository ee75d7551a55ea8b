"""What `find` finds, as path patterns: the one reading of its expression that others build on."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from converter.dockerfile.model import HOLE

_GLOBAL = ("-H", "-L", "-P")
_OR = ("-o", "-or", ",")


def starting_points(words: Sequence[str]) -> tuple[str, ...]:
    """The operands before the expression, `.` where there are none."""
    starts = []
    for word in words:
        if word in _GLOBAL:
            continue
        if word.startswith(("-", "(", "!", "\\(")):
            break
        starts.append(word)
    return tuple(starts) or (".",)


def names_sought(words: Sequence[str]) -> tuple[str, ...] | None:
    """The patterns one of which every found name fits, None if the expression does not bound names."""
    names: list[str] = []
    bound = False
    for at, word in enumerate(words):
        if word in _OR:
            if not bound:
                return None
            bound = False
        elif word in ("-name", "-iname") and at + 1 < len(words):
            if at and words[at - 1] in ("!", "-not"):
                continue
            names.append(words[at + 1])
            bound = True
        elif word == "-prune":
            return None
    return tuple(names) if bound else None


def found(words: Sequence[str]) -> tuple[str, ...]:
    """Patterns for all that is found: HOLE for the directories between, and for names that are not bound."""
    names = names_sought(words)
    flat = any(tuple(words[at : at + 2]) == ("-maxdepth", "1") for at in range(len(words)))
    patterns = []
    for start in starting_points(words):
        if names is None:
            patterns.append(posixpath.join(start, "*" if flat else HOLE))
        else:
            between = "" if flat else HOLE
            patterns.extend(posixpath.join(start, between + name) for name in names)
    return tuple(patterns)
