"""Text of ours with variables in place of their values: where they stand, and how COPY, a shell and awk take them."""

from __future__ import annotations

import re
from typing import TypeAlias

from msgspec import Struct

_TOKEN = re.compile(r"'[^']*'|[^\s']+")
_PLAIN = re.compile(r"[\w./:@%+,=-]+")


class Variable(Struct, frozen=True):
    """A variable with its value, and the one that it has in another text."""

    name: str
    old: str
    new: str


Spans: TypeAlias = dict[int, Variable]
"""Where in a text the values of variables stand."""


def spans(text: str, other: str, variables: tuple[Variable, ...]) -> Spans | None:
    """The variables, the first that fits, whose other values make the other text; None if more than that differs."""
    found: Spans = {}
    at = there = 0
    while at < len(text):
        for variable in variables:
            if text.startswith(variable.old, at) and other.startswith(variable.new, there):
                found[at] = variable
                at, there = at + len(variable.old), there + len(variable.new)
                break
        else:
            if text[at] != other[there : there + 1]:
                return None
            at, there = at + 1, there + 1
    return found if there == len(other) else None


def together(known: Spans, more: Spans) -> Spans:
    """Two readings of one text; where they overlap the first counts."""
    taken = {i for at, variable in known.items() for i in range(at, at + len(variable.old))}
    return known | {at: v for at, v in more.items() if not taken & set(range(at, at + len(v.old)))}


def in_copy(text: str, found: Spans) -> str:
    """An operand of a COPY."""
    return _filled(text, found, "${{{}}}")


def in_shell(text: str, found: Spans) -> str:
    """Lines of a RUN: words are quoted, and awk looks the values up in its environment."""

    def token(match: re.Match[str]) -> str:
        shown = match[0]
        inside = {at - match.start(): v for at, v in found.items() if match.start() <= at < match.end()}
        if not inside:
            return shown
        if not shown.startswith("'"):
            if _PLAIN.fullmatch(shown):
                return f'"{in_copy(shown, inside)}"'
            return _filled(shown, inside, '"${{{}}}"')
        if not text[: match.start()].endswith("awk "):
            return shown
        return _filled(shown, inside, '" ENVIRON["{}"] "').replace('"" ENVIRON', "ENVIRON")

    return _TOKEN.sub(token, text)


def _filled(text: str, found: Spans, form: str) -> str:
    out, at = "", 0
    for place, variable in sorted(found.items()):
        out += text[at:place] + form.format(variable.name)
        at = place + len(variable.old)
    return out + text[at:]
