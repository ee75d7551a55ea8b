"""Hides from dockerfile-parse what it cannot read, line by line, so that its line numbers are right.

What it misreads (measured): bodies of here-documents, an empty line inside a continuation, a doubled escape
sign at the end of a line, a byte order mark, a continuation that the end of the file cuts off, an instruction
named like its own marker for comments, and white space that Python and BuildKit see differently. Most files
hold none of it and pass as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from converter.dockerfile import heredocs
from converter.dockerfile.lines import BLANK, BYTE_ORDER_MARK, content_end, continues, join
from converter.dockerfile.model import Heredoc
from converter.dockerfile.problem import Problem
from converter.span import Span


@dataclass(frozen=True, slots=True)
class Masked:
    """Text with the same lines as the source, for dockerfile-parse.

    `heredocs` maps the first line of an instruction to the last line of its command and its here-documents.
    Lines count from 0.
    """

    text: str
    heredocs: dict[int, tuple[int, tuple[Heredoc, ...]]] = field(default_factory=dict)


def mask(text: str, bounds: tuple[int, ...], escape: str) -> Masked:
    """The mask of a whole file; a Problem for a here-document that is not closed."""
    if _suspicious(escape).search(text):
        return _skeleton(text, bounds, escape)
    if text.lstrip(BLANK).startswith("#"):
        text = _first_line(escape) + text[text.find("\n") :] if "\n" in text else ""
    return Masked(text + "\n")


def _first_line(escape: str) -> str:
    """A directive or comment in place of the first comment, so that both sides agree on the escape sign."""
    return "# escape=`" if escape == "`" else "#"


@lru_cache(maxsize=2)
def _suspicious(escape: str) -> re.Pattern[str]:
    sign = re.escape(escape)
    return re.compile(
        rf"""\A{BYTE_ORDER_MARK}
        | <<
        | {sign}{sign}[ \t\r]*$
        | {sign}[ \t\r]*(?:\Z|\n(?:[ \t]*\#[^\n]*(?:\n|\Z))*+[ \t\r]*(?:\n|\Z))
        | [\v\f\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]
        | \r(?!\n)
        | ^\s*comment\b""",
        re.VERBOSE | re.MULTILINE | re.IGNORECASE,
    )


def _skeleton(text: str, bounds: tuple[int, ...], escape: str) -> Masked:
    """Every line reduced to its role: start of an instruction, its continuation, its end, or nothing."""
    lines: list[str] = []
    found: dict[int, tuple[int, tuple[Heredoc, ...]]] = {}
    last = len(bounds) - 1
    more, over = f". {escape}\n", ". .\n"
    number = 0
    while number < last:
        first = number
        shown = _line(text, bounds, number).lstrip(BLANK + BYTE_ORDER_MARK if number == 0 else BLANK)
        number += 1
        if not shown or shown[0] == "#":
            lines.append("#\n" if shown else "\n")
            continue
        going_on = continues(shown, escape)
        while going_on and number < last:
            line = _line(text, bounds, number)
            number += 1
            inner = line.lstrip(BLANK)
            if inner and inner[0] != "#":
                going_on = continues(line, escape)
        end = number
        announced: tuple[heredocs.Marker, ...] = ()
        if text.find("<<", bounds[first], bounds[end]) >= 0:
            try:
                announced = heredocs.markers(join(text, bounds, first, end - 1, escape)[0])
                documents, number = heredocs.bodies(text, bounds, end, announced)
            except Problem as problem:
                problem.span = problem.span or Span(bounds[first], bounds[end])
                raise
            if documents:
                found[first] = (end - 1, documents)
        lines += [more] * (number - first - 1) + [over]
    if lines and text.lstrip(BLANK + BYTE_ORDER_MARK).startswith("#"):
        lines[0] = _first_line(escape) + "\n"
    return Masked("".join(lines), found)


def _line(text: str, bounds: tuple[int, ...], number: int) -> str:
    start = bounds[number]
    return text[start : content_end(text, start, bounds[number + 1])]
