"""Hides from dockerfile-parse what it cannot read, line by line, so that its line numbers are right.

What it misreads (measured): bodies of here-documents, an empty line inside a continuation, a doubled escape
sign at the end of a line, a byte order mark, a continuation that the end of the file cuts off, an instruction
named like its own marker for comments, and white space that Python and BuildKit see differently. Most files
hold none of it and pass as they are.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct, field

from converter.dockerfile import heredocs
from converter.dockerfile.directives import DEFAULT_ESCAPE
from converter.dockerfile.lines import BLANK, BYTE_ORDER_MARK, content_end, continues, join
from converter.dockerfile.model import Heredoc
from converter.dockerfile.problem import Problem
from converter.span import Span

LONG = 1 << 16
"""Characters from which on a text is reduced: dockerfile-parse copies an instruction with each line."""


class Masked(Struct, frozen=True):
    """Text with the same lines as the source, for dockerfile-parse.

    `heredocs` maps the first line of an instruction to the last line of its command and its here-documents.
    Lines count from 0.
    """

    text: str
    heredocs: dict[int, tuple[int, tuple[Heredoc, ...]]] = field(default_factory=dict)


def mask(text: str, bounds: tuple[int, ...], escape: str) -> Masked:
    """The mask of a whole file; a Problem for a here-document that is not closed."""
    if len(text) > LONG or _suspicious(escape).search(text):
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
        | ^[ \t]*comment\b""",
        re.VERBOSE | re.MULTILINE | re.IGNORECASE,
    )


def _skeleton(text: str, bounds: tuple[int, ...], escape: str) -> Masked:
    """Every line reduced to its role: the first or the last of an instruction, or nothing."""
    lines: list[str] = []
    found: dict[int, tuple[int, tuple[Heredoc, ...]]] = {}
    number = 0
    while number < len(bounds) - 1:
        first = number
        shown = _line(text, bounds, number).lstrip(BLANK + BYTE_ORDER_MARK if number == 0 else BLANK)
        if not shown or shown[0] == "#":
            lines.append("\n")
            number += 1
            continue
        end = number = _command_end(text, bounds, first, continues(shown, escape), escape)
        if text.find("<<", bounds[first], bounds[end]) >= 0:
            documents, number = _documents(text, bounds, first, end, escape)
            if documents:
                found[first] = (end - 1, documents)
        if number - first > 1:
            lines += [f". {escape}\n", *["#\n"] * (number - first - 2)]
        lines.append(". .\n")
    if escape != DEFAULT_ESCAPE:
        lines[0] = _first_line(escape) + "\n"
    return Masked("".join(lines), found)


def _command_end(text: str, bounds: tuple[int, ...], first: int, going_on: bool, escape: str) -> int:
    """The line after the last one of a command, here-documents left aside."""
    number = first + 1
    while going_on and number < len(bounds) - 1:
        line = _line(text, bounds, number)
        shown = line.lstrip(BLANK)
        if shown and shown[0] != "#":
            going_on = continues(line, escape)
        number += 1
    return number


def _documents(
    text: str, bounds: tuple[int, ...], first: int, end: int, escape: str
) -> tuple[tuple[Heredoc, ...], int]:
    try:
        announced = heredocs.markers(join(text, bounds, first, end - 1, escape)[0])
        return heredocs.bodies(text, bounds, end, announced)
    except Problem as problem:
        problem.span = problem.span or Span(bounds[first], bounds[end])
        raise


def _line(text: str, bounds: tuple[int, ...], number: int) -> str:
    start = bounds[number]
    return text[start : content_end(text, start, bounds[number + 1])]
