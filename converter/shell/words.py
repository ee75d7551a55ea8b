"""One shell word to its parts: literals without quotes, parameters, substitutions, arithmetic.

Both readers find where words begin and end; what a word consists of is read here, once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from converter.dockerfile.model import ShellText
from converter.shell import scanning
from converter.shell.escapes import ansi_c
from converter.shell.model import (
    Arithmetic,
    Item,
    Literal,
    Opaque,
    Parameter,
    Part,
    Script,
    Substitution,
    Word,
)
from converter.shell.source import Spanner, backquoted, cut, spanner

_ACTIVE = re.compile(r"[\\'\"$`]|[<>]\(")
_PLAIN = re.compile(r"[^\\'\"$`<>]+")
_PLAIN_DOUBLE = re.compile(r'[^\\"$`]+')
_PLAIN_HERE = re.compile(r"[^\\$`]+")
_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-]")
_BRACED = re.compile(
    r"(?P<prefix>[#!](?=[A-Za-z_0-9@*#?$!-]))?"
    r"(?P<name>(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-])(?:\[[^\]]*\])?)"
    r"(?P<operator>:[-=?+]|[-=?+]|##|#|%%|%|//|/|\^\^|\^|,,|,|:|@)?",
)
_DEFAULTS = frozenset({"-", "=", "?", "+", ":-", ":=", ":?", ":+"})

Nested: TypeAlias = Callable[[ShellText, int], Script]
"""Reads the script inside a substitution, given how deep it lies."""


class WordReader:
    """Reads the words of one shell text.

    `text` is the text with its here-documents blanked, `nested` reads the scripts inside its words. `known`
    gives scripts that the caller has read already, by the offset of the `$(`, backquote or `<(`, with the
    offset behind their closing character.
    """

    __slots__ = ("_depth", "_nested", "_original", "known", "span", "text")

    def __init__(self, original: ShellText, text: str, nested: Nested, depth: int) -> None:
        self.text = text
        self.span: Spanner = spanner(original)
        self.known: dict[int, tuple[int, Script]] = {}
        self._original = original
        self._nested = nested
        self._depth = depth

    def word(self, start: int, end: int) -> Word:
        """The word at `text[start:end]`."""
        raw = self._original.text[start:end]
        plain = _without_expansions(raw)
        if plain is not None:
            return Word(raw, self.span(start, end), plain)
        parts: list[Part] = []
        self._unquoted(start, end, parts)
        return Word(raw, self.span(start, end), tuple(parts))

    def here_document(self, expand: bool) -> Word:
        """The whole text as the body of a here-document."""
        size = len(self.text)
        parts: list[Part] = []
        if not expand:
            parts.append(Literal(self.text, True))
        else:
            self._quoted(0, size, parts, _PLAIN_HERE, "$`\\")
        return Word(self.text, self.span(0, size), tuple(parts))

    def _unquoted(self, at: int, end: int, parts: list[Part]) -> None:
        text = self.text
        while at < end:
            if match := _PLAIN.match(text, at, end):
                _add(parts, match.group(), False)
                at = match.end()
                continue
            char = text[at]
            if char == "\\":
                if at + 1 >= end:
                    _add(parts, char, True)
                elif text[at + 1] != "\n":
                    _add(parts, text[at + 1], True)
                at += 2
            elif char == "'":
                closing = scanning.single_end(text, at + 1, end)
                closing = end if closing < 0 else closing
                _add(parts, text[at + 1 : closing], True)
                at = closing + 1
            elif char == '"':
                at = self._double(at, end, parts)
            elif char in "$`":
                at = self._expansion(at, end, False, parts)
            elif text.startswith("(", at + 1):
                at = self._substitution(at, at + 2, end, False, parts)
            else:
                _add(parts, char, False)
                at += 1

    def _double(self, at: int, end: int, parts: list[Part]) -> int:
        closing = scanning.double_end(self.text, at + 1, end)
        stop = end if closing < 0 else closing
        _add(parts, "", True)
        self._quoted(at + 1, stop, parts, _PLAIN_DOUBLE, '$`"\\')
        return stop + 1

    def _quoted(self, at: int, end: int, parts: list[Part], plain: re.Pattern[str], escaped: str) -> None:
        text = self.text
        while at < end:
            if match := plain.match(text, at, end):
                _add(parts, match.group(), True)
                at = match.end()
                continue
            char = text[at]
            if char == "\\":
                follows = text[at + 1 : at + 2] if at + 1 < end else ""
                if follows == "\n":
                    pass
                elif follows and follows in escaped:
                    _add(parts, follows, True)
                else:
                    _add(parts, char + follows, True)
                at += 2
            elif char == '"':  # only inside the argument of ${…} within double quotes
                at += 1
            else:
                at = self._expansion(at, end, True, parts)

    def _expansion(self, at: int, end: int, quoted: bool, parts: list[Part]) -> int:
        text = self.text
        if text[at] == "`":
            return self._backquote(at, end, quoted, parts)
        follows = text[at + 1] if at + 1 < end else ""
        if match := _PARAMETER.match(text, at + 1, end):
            parts.append(Parameter(match.group(), quoted=quoted))
            return match.end()
        if follows == "{":
            closing = scanning.brace_end(text, at + 2, end, quoted)
            if closing >= 0:
                parts.append(self._braced(at + 2, closing, quoted))
                return closing + 1
        elif follows == "(":
            if text.startswith("(", at + 2):
                closing = scanning.arithmetic_end(text, at + 3, end)
                if closing >= 0:
                    parts.append(Arithmetic(text[at + 3 : closing]))
                    return closing + 2
            return self._substitution(at, at + 2, end, quoted, parts)
        elif follows == "[":
            closing = text.find("]", at + 2, end)
            if closing >= 0:
                parts.append(Arithmetic(text[at + 2 : closing]))
                return closing + 1
        elif follows == "'" and not quoted:
            closing = scanning.ansi_end(text, at + 2, end)
            if closing >= 0:
                _add(parts, ansi_c(text[at + 2 : closing]), True)
                return closing + 1
        elif follows == '"' and not quoted:
            return self._double(at + 1, end, parts)
        _add(parts, "$", quoted)
        return at + 1

    def _braced(self, start: int, end: int, quoted: bool) -> Parameter:
        text = self.text
        match = _BRACED.match(text, start, end)
        if match is None:
            return Parameter(text[start:end], "bad", None, quoted)
        prefix, name, operator = match["prefix"], match["name"], match["operator"] or ""
        at = match.end()
        if prefix == "#" and at == end and not operator:
            return Parameter(name, "length", None, quoted)
        if prefix == "!":
            return Parameter(name, "indirect", None, quoted)
        if prefix or (at < end and not operator):
            return Parameter(text[start:end], "bad", None, quoted)
        if not operator:
            return Parameter(name, "", None, quoted)
        parts: list[Part] = []
        if quoted and operator in _DEFAULTS:
            self._quoted(at, end, parts, _PLAIN_DOUBLE, '$`"\\}')
        else:
            self._unquoted(at, end, parts)
        return Parameter(name, operator, Word(text[at:end], self.span(at, end), tuple(parts)), quoted)

    def _substitution(self, opening: int, start: int, end: int, quoted: bool, parts: list[Part]) -> int:
        process = self.text[opening] != "$"
        if known := self.known.get(opening):
            parts.append(Substitution(known[1], quoted, process))
            return known[0]
        closing = scanning.parens_end(self.text, start, end)
        if closing < 0:
            parts.append(Substitution(self._broken(start, end), quoted, process))
            return end
        script = self._nested(cut(self._original, start, closing), self._depth + 1)
        parts.append(Substitution(script, quoted, process))
        return closing + 1

    def _backquote(self, at: int, end: int, quoted: bool, parts: list[Part]) -> int:
        if known := self.known.get(at):
            parts.append(Substitution(known[1], quoted))
            return known[0]
        closing = scanning.backquote_end(self.text, at + 1, end)
        if closing < 0:
            parts.append(Substitution(self._broken(at + 1, end), quoted))
            return end
        script = self._nested(backquoted(self._original, at + 1, closing, quoted), self._depth + 1)
        parts.append(Substitution(script, quoted))
        return closing + 1

    def _broken(self, start: int, end: int) -> Script:
        span = self.span(start, end)
        return Script(span, (Item(Opaque(span, self.text[start:end], "a substitution without its end"), ""),))


@lru_cache(maxsize=4096)
def _without_expansions(raw: str) -> tuple[Part, ...] | None:
    """The parts of a word that has nothing but plain characters, shared by all words with its text."""
    if _ACTIVE.search(raw):
        return None
    return (Literal(raw),) if raw else ()


def _add(parts: list[Part], text: str, quoted: bool) -> None:
    """A literal, joined with the one before it if both are quoted or both are not."""
    if parts and isinstance(last := parts[-1], Literal) and last.quoted == quoted:
        parts[-1] = Literal(last.text + text, quoted)
    elif text or quoted:
        parts.append(Literal(text, quoted))
