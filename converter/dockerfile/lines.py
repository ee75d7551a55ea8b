"""Physical lines to logical ones: white space, comments and continuations as BuildKit treats them.

A logical line is a `ShellText`: the joined text with the map back to the source.
"""

from __future__ import annotations

from bisect import bisect_right
from operator import itemgetter

from converter.dockerfile.model import Comment, ShellText
from converter.span import Span

BLANK = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""White space as BuildKit's language, Go, defines it: narrower than Python's own."""

ASCII_BLANK = "\t\n\v\f\r "
"""What separates a keyword, its flags and plain words."""

BYTE_ORDER_MARK = "\ufeff"


def continues(line: str, escape: str) -> bool:
    """Whether a line without its end goes on in the next one: its last sign is one single escape sign."""
    shown = line.rstrip(" \t")
    return shown.endswith(escape) and not shown.endswith(escape + escape)


def comment(text: str, start: int, end: int) -> Comment:
    """The comment line at `text[start:end]`; its text is what follows the first `#`."""
    return Comment(Span(start, end), text[start:end].lstrip(BLANK)[1:].strip(BLANK))


def content_end(text: str, start: int, end: int) -> int:
    """The end of a line without the line feed and carriage returns that close it."""
    while end > start and text[end - 1] in "\r\n":
        end -= 1
    return end


def join(
    text: str, bounds: tuple[int, ...], first: int, last: int, escape: str
) -> tuple[ShellText, tuple[Comment, ...]]:
    """The logical line that the physical lines `first` to `last` make, and the comments inside it.

    `bounds` are the starts of all lines and the end of the text. Comment lines and empty lines inside are
    dropped, the others joined without their continuation sign and without a line feed.
    """
    parts: list[str] = []
    pieces: list[tuple[int, int, int]] = []
    comments: list[Comment] = []
    offset = 0
    for number in range(first, last + 1):
        start = bounds[number]
        end = content_end(text, start, bounds[number + 1])
        line = text[start:end]
        if number == first:
            shown = line.lstrip(BLANK + BYTE_ORDER_MARK if number == 0 else BLANK)
            start += len(line) - len(shown)
            line = shown
        else:
            shown = line.lstrip(BLANK)
            if not shown:
                continue
            if shown[0] == "#":
                comments.append(comment(text, start, end))
                continue
        if continues(line, escape):
            line = line.rstrip(" \t")[:-1]
        if line:
            parts.append(line)
            pieces.append((offset, start, len(line)))
            offset += len(line)
    if not pieces:
        pieces.append((0, bounds[first], 0))
    return ShellText("".join(parts), tuple(pieces)), tuple(comments)


def cut(line: ShellText, start: int, end: int) -> ShellText:
    """The part `line.text[start:end]` with its own map."""
    if start >= end:
        return ShellText("", ((0, line.span(start, start).start, 0),))
    pieces = []
    index = max(bisect_right(line.pieces, start, key=itemgetter(0)) - 1, 0)
    for at, source, length in line.pieces[index:]:
        if at >= end:
            break
        low = max(at, start)
        pieces.append((low - start, source + low - at, min(at + length, end) - low))
    return ShellText(line.text[start:end], tuple(pieces))
