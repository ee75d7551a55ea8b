"""Where parts of a shell text stand in the Dockerfile: the lowest layer of reading shell.

A reader works on plain offsets. This module turns offsets into source spans and cuts the text that a
substitution or a here-document holds out of a larger one, so that it can be read like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from converter.dockerfile.model import ShellText
from converter.span import Span

Spanner = Callable[[int, int], Span]


def spanner(text: ShellText) -> Spanner:
    """The same as `text.span`, prepared for many calls."""
    pieces = text.pieces
    if len(pieces) == 1 and pieces[0][0] == 0 and pieces[0][2] >= len(text.text):
        base = pieces[0][1]
        if base == 0:
            return Span
        return lambda start, end: Span(start + base, end + base)
    places: list[int] = []
    for _, source, length in pieces:
        places.extend(range(source, source + length))
    last = pieces[-1][1] + pieces[-1][2] if pieces else 0

    size = len(places)

    def span(start: int, end: int) -> Span:
        if start < end <= size:
            return Span(places[start], places[end - 1] + 1)
        first = places[start] if start < size else last
        return Span(first, last if start < end else first)

    return span


def cut(text: ShellText, start: int, end: int) -> ShellText:
    """`text.text[start:end]` with its own way back to the source."""
    return _joined(text, ((start, end),))


def backquoted(text: ShellText, start: int, end: int, in_quotes: bool) -> ShellText:
    r"""What the shell runs for `` `…` ``: a backslash before `$`, a backquote or a backslash is taken off.

    Inside double quotes it is also taken off before a double quote (POSIX 2.6.3).
    """
    raw = text.text
    special = '$`\\"' if in_quotes else "$`\\"
    ranges = []
    since = at = start
    while (at := raw.find("\\", at, end)) >= 0 and at + 1 < end:
        if raw[at + 1] in special:
            ranges.append((since, at))
            since = at + 1
        at += 2
    ranges.append((since, end))
    return _joined(text, ranges)


def without_leading_tabs(text: ShellText, start: int, end: int) -> ShellText:
    """The lines of `text.text[start:end]` without the tabs they begin with (`<<-`)."""
    raw = text.text
    ranges = []
    while start < end:
        newline = raw.find("\n", start, end)
        stop = end if newline < 0 else newline + 1
        while start < stop and raw[start] == "\t":
            start += 1
        ranges.append((start, stop))
        start = stop
    return _joined(text, ranges)


def _joined(text: ShellText, ranges: list[tuple[int, int]] | tuple[tuple[int, int], ...]) -> ShellText:
    pieces: list[tuple[int, int, int]] = []
    length = 0
    for start, end in ranges:
        for at, source, size in _pieces_between(text, start, end):
            pieces.append((length + at, source, size))
        length += end - start
    if not pieces:
        where = spanner(text)(ranges[0][0], ranges[0][0]).start if ranges else 0
        pieces = [(0, where, 0)]
    return ShellText("".join(text.text[start:end] for start, end in ranges), tuple(pieces))


def _pieces_between(text: ShellText, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    for at, source, length in text.pieces:
        first, last = max(at, start), min(at + length, end)
        if first < last:
            yield first - start, source + first - at, last - first
        if at >= end:
            break
