"""How deep shell text may be nested, so that no input exhausts the stack."""

from __future__ import annotations

import re

_BRACKETS = re.compile(r"[(){}]")


class TooDeep(ValueError):
    """Commands nested deeper than `LIMIT`."""

    LIMIT = 40


def nesting(text: str) -> int:
    """The deepest run of open parentheses and braces, quotes not looked at: an upper bound that is cheap."""
    if text.count("(") + text.count("{") <= TooDeep.LIMIT:
        return 0
    depth = deepest = 0
    for match in _BRACKETS.finditer(text):
        depth = max(0, depth + (1 if match.group() in "({" else -1))
        deepest = max(deepest, depth)
    return deepest
