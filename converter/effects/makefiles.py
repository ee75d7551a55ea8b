"""Plain Makefiles of the context: where their install target goes."""

from __future__ import annotations

import re

from converter.effects.facts import Facts, place_of
from converter.effects.memory import known_text
from converter.effects.model import ShellState

_PREFIX = re.compile(r"^\s*(?:export\s+)?(?:PREFIX|prefix)\s*[?:]?=\s*(\S+)\s*$", re.M)
_NAMES = ("GNUmakefile", "makefile", "Makefile")


def install_prefixes(directory: str | None, state: ShellState, facts: Facts) -> tuple[str, ...]:
    """The prefixes that the directory's own Makefile sets, if its text is known."""
    if directory is None:
        return ()
    for name in _NAMES:
        text = known_text(place_of(directory, name), state, facts)
        if text is not None:
            return tuple(dict.fromkeys(m for m in _PREFIX.findall(text) if m.startswith("/")))
    return ()
