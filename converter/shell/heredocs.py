"""What no reader understands well, blanked before a shell text is parsed; all offsets stay as they are.

Here-documents (quoted delimiters, several on a line, words behind one): their bodies are found here and
blanked, and `<<` becomes `<`, so that a plain redirect from a file named like the delimiter is left. Comments
between backquotes, which people write into continued lines: a command without effect takes their place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from converter.shell import scanning

_START = re.compile(r"<<(-?)(?:[ \t]|\\\n)*((?:\\.|'[^']*'|\"[^\"]*\"|[^\s;&|<>()\\'\"])+)", re.S)
_FOREIGN = re.compile(r"[^\t\n -~]")
_BACKQUOTED_COMMENT = re.compile(r"`[ \t]*#")
_NEXT = re.compile(r"""[\\'"$`\n#<]|\(\(""")


class HereDocument(Struct, frozen=True):
    """Where the body stands; `start` and `end` are None where the text ends before it."""

    start: int | None
    end: int | None
    quoted: bool
    strip_tabs: bool


class Masked(Struct, frozen=True):
    """The blanked text, with the here-documents by the offset of their `<<`.

    `ascii` is the same text for parsers: what is neither printable ASCII nor a shell's blank is an ordinary
    character of a word to the shell, and an underscore there, because parsers take some for digits or spaces.
    """

    text: str
    ascii: str
    documents: Mapping[int, HereDocument]


class _Pending(Struct, frozen=True):
    at: int
    operator_end: int
    delimiter: str
    quoted: bool
    strip_tabs: bool


def mask(text: str) -> Masked:
    """The text without its here-documents and backquoted comments."""
    if "<<" not in text and not _BACKQUOTED_COMMENT.search(text):
        return Masked(text, _ascii(text), {})
    finder = _Finder(text)
    finder.code(0, len(text))
    finder.line_end(len(text))
    return finder.masked()


def _ascii(text: str) -> str:
    return _FOREIGN.sub("_", text)


class _Finder:
    def __init__(self, text: str) -> None:
        self._text = text
        self._pending: list[_Pending] = []
        self._documents: dict[int, HereDocument] = {}
        self._blanks: list[tuple[int, int]] = []

    def masked(self) -> Masked:
        if not self._blanks:
            return Masked(self._text, _ascii(self._text), {})
        pieces = []
        since = 0
        for start, end in sorted(self._blanks):
            pieces.append(self._text[since:start])
            filler = ":" if self._text[start - 1] == "`" else " "
            pieces.append(re.sub(r"[^\n]", filler, self._text[start:end]))
            since = end
        pieces.append(self._text[since:])
        text = "".join(pieces)
        return Masked(text, _ascii(text), self._documents)

    def code(self, at: int, end: int) -> None:
        """Goes through commands from `at` on, collecting here-documents."""
        text = self._text
        while match := _NEXT.search(text, at, end):
            at = match.start()
            char = text[at]
            if char == "\n":
                at = self.line_end(at)
            elif char == "\\":
                at += 2
            elif char == "#":
                if at == 0 or text[at - 1] in " \t\n;&|()":
                    newline = text.find("\n", at, end)
                    at = end if newline < 0 else newline
                else:
                    at += 1
            elif char == "<":
                at = self._redirect(at)
            elif char == "(":
                closing = scanning.arithmetic_end(text, at + 2, end)
                at = at + 2 if closing < 0 else closing + 2
            else:
                at = self._quote(at, end)

    def _quote(self, at: int, end: int) -> int:
        text = self._text
        char = text[at]
        if char == "'":
            closing = scanning.single_end(text, at + 1, end)
        elif char == '"':
            closing = self._double(at + 1, end)
        elif char == "`":
            closing = scanning.backquote_end(text, at + 1, end)
            if closing >= 0 and _BACKQUOTED_COMMENT.match(text, at) and "\n" not in text[at:closing]:
                self._blanks.append((at + 1, closing))
        elif text.startswith("((", at + 1):
            closing = scanning.arithmetic_end(text, at + 3, end)
            return at + 2 if closing < 0 else closing + 2
        elif text.startswith("{", at + 1):
            closing = scanning.brace_end(text, at + 2, end, False)
        elif text.startswith("'", at + 1):
            closing = scanning.ansi_end(text, at + 2, end)
        else:  # the code in $( ) is gone through like any other
            return at + 1
        return end if closing < 0 else closing + 1

    def _double(self, at: int, end: int) -> int:
        """The end of a double-quoted string; here-documents of substitutions inside are collected."""
        closing = scanning.double_end(self._text, at, end)
        stop = end if closing < 0 else closing
        if "<<" in self._text[at:stop]:
            while (opening := self._text.find("$(", at, stop)) >= 0:
                inner = scanning.parens_end(self._text, opening + 2, end)
                if inner < 0 or self._text.startswith("(", opening + 2):
                    at = opening + 3
                    continue
                self.code(opening + 2, inner)
                at = inner + 1
        return closing

    def _redirect(self, at: int) -> int:
        if self._text.startswith("<<<", at):
            return at + 3
        match = _START.match(self._text, at)
        if match is None:
            return at + 1
        word = match[2]
        delimiter = re.sub(r"\\(.)|['\"]", lambda quote: quote[1] or "", word, flags=re.S)
        quoted = delimiter != word
        self._pending.append(_Pending(at, at + 2 + len(match[1]), delimiter, quoted, bool(match[1])))
        return match.end()

    def line_end(self, at: int) -> int:
        """Reads the bodies that begin behind this line end; the offset behind them."""
        at += 1
        for pending in self._pending:
            self._blanks.append((pending.at + 1, pending.operator_end))
            if at >= len(self._text):
                self._documents[pending.at] = HereDocument(None, None, pending.quoted, pending.strip_tabs)
                continue
            end, behind = self._body_end(at, pending)
            self._documents[pending.at] = HereDocument(at, end, pending.quoted, pending.strip_tabs)
            self._blanks.append((at, behind))
            at = behind + 1
        self._pending.clear()
        return min(at, len(self._text))

    def _body_end(self, at: int, pending: _Pending) -> tuple[int, int]:
        """Where the lines of a body end, and where the line of its delimiter does."""
        text = self._text
        while at < len(text):
            newline = text.find("\n", at)
            stop = len(text) if newline < 0 else newline
            line = text[at:stop]
            if (line.lstrip("\t") if pending.strip_tabs else line).removesuffix("\r") == pending.delimiter:
                return at, stop
            at = stop + 1
        return len(text), len(text)
