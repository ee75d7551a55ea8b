"""Here-documents of RUN, COPY and ADD: where they are announced, what they hold, what the shell gets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from converter.dockerfile.expansion import ExpansionError, Lexer
from converter.dockerfile.flags import split
from converter.dockerfile.forms import json_words
from converter.dockerfile.lines import content_end
from converter.dockerfile.model import Heredoc, ShellText
from converter.dockerfile.problem import Problem
from converter.span import Span

CARRIERS = frozenset({"RUN", "COPY", "ADD"})

_MARKER = re.compile(r"[0-9]*<<(-?)([^<]*)\Z")
_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")
_TABS = re.compile(r"^\t+", re.MULTILINE)


class Marker(Struct, frozen=True):
    """A word such as `<<EOF`, `3<<-EOF` or `<<"EOF"`."""

    name: str
    expand: bool
    strip_tabs: bool


def marker(word: str) -> Marker | None:
    """What a word announces, or None where it is no marker; a Problem for a quote that is not closed."""
    match = _MARKER.match(word)
    if match is None or not match[2]:
        return None
    try:
        plain = _words(match[2], raw_quotes=False)
        quoted = _words(match[2], raw_quotes=True)
    except ExpansionError as error:
        raise Problem(f"bad here-document delimiter {match[2]}: {error}") from None
    if len(plain) != 1 or len(quoted) != 1:
        return None
    expand = sum(map(plain[0].count, "'\"")) == sum(map(quoted[0].count, "'\""))
    return Marker(plain[0], expand, match[1] == "-")


def is_marker(word: str) -> bool:
    """Whether COPY and ADD take a word as a here-document; one with an open quote is a plain source."""
    try:
        return marker(word) is not None
    except Problem:
        return False


def markers(line: ShellText) -> tuple[Marker, ...]:
    """The here-documents that a logical line announces.

    BuildKit looks at whole words only (`cat<<EOF` is none), in the instructions that may carry one, never in
    JSON form, and finds none where a quote or `${` of the line is not closed.
    """
    if "<<" not in line.text:
        return ()
    parts = split(line)
    if parts.keyword.upper() == "ONBUILD":
        parts = split(line, parts.start)
    if parts.keyword.upper() not in CARRIERS or json_words(line.text, parts.start, parts.end) is not None:
        return ()
    try:
        found = Lexer(line.text, _nothing, raw=True).run()[1]
    except ExpansionError:
        return ()
    return tuple(mark for word in found if (mark := marker(word)) is not None)


def bodies(
    text: str, bounds: Sequence[int], after: int, announced: tuple[Marker, ...]
) -> tuple[tuple[Heredoc, ...], int]:
    """The here-documents whose bodies start on line `after`, and the line after the last delimiter."""
    out: list[Heredoc] = []
    for mark in announced:
        start = bounds[after]
        while after + 1 < len(bounds):
            line = text[bounds[after] : content_end(text, bounds[after], bounds[after + 1])]
            after += 1
            if (line.lstrip("\t") if mark.strip_tabs else line) == mark.name:
                break
        else:
            raise Problem(
                f"the here-document {mark.name} is not closed",
                f"add a line that holds {mark.name} and nothing else",
            )
        body = Span(start, bounds[after - 1])
        content = body.of(text)
        out.append(
            Heredoc(
                mark.name,
                _TABS.sub("", content) if mark.strip_tabs else content,
                mark.expand,
                mark.strip_tabs,
                body,
            )
        )
    return tuple(out), after


def script(text: str, command: ShellText, heredocs: tuple[Heredoc, ...]) -> tuple[ShellText, str | None]:
    """What the shell gets from a RUN with here-documents, and the `#!` line where another program gets it.

    `RUN <<EOF` alone runs the body; anything else keeps the command line and is followed by the bodies and
    their delimiters, for the shell to read.
    """
    first = heredocs[0]
    if marker(command.text) is not None:
        parts = _body_parts(text, first)
        script_text = ShellText("".join(part for part, _ in parts), _pieces(parts))
        if script_text.text.startswith("#!"):
            return script_text, script_text.text.split("\n", 1)[0].rstrip("\r")
        return script_text, None
    joined = [(command.text[at : at + length], source) for at, source, length in command.pieces]
    for heredoc in heredocs:
        end = heredoc.body.end
        joined.append(("\n", heredoc.body.start - 1))
        joined.append((heredoc.body.of(text), heredoc.body.start))
        name_at = end
        while heredoc.strip_tabs and text[name_at] == "\t":
            name_at += 1
        joined.append((heredoc.name, name_at))
    return ShellText("".join(part for part, _ in joined), _pieces(joined)), None


def _body_parts(text: str, heredoc: Heredoc) -> list[tuple[str, int]]:
    body = heredoc.body.of(text)
    if not heredoc.strip_tabs or not body:
        return [(body, heredoc.body.start)]
    parts = []
    at = heredoc.body.start
    for line in _LINE.findall(body):
        kept = line.lstrip("\t")
        parts.append((kept, at + len(line) - len(kept)))
        at += len(line)
    return parts


def _pieces(parts: list[tuple[str, int]]) -> tuple[tuple[int, int, int], ...]:
    out = []
    offset = 0
    for part, source in parts:
        if part:
            out.append((offset, source, len(part)))
            offset += len(part)
    return tuple(out) or ((0, parts[0][1], 0),)


def _words(text: str, raw_quotes: bool) -> list[str]:
    lexer = Lexer(text, _nothing)
    lexer.raw_quotes = raw_quotes
    lexer.keep_unset = True
    return lexer.run()[1]


def _nothing(name: str) -> None:
    return None
