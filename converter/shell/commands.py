"""Simple commands from the places of their words: what both readers share above the single word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from converter.dockerfile.model import ShellText
from converter.shell import scanning
from converter.shell.heredocs import Masked
from converter.shell.model import Assignment, Redirect, Simple, Word
from converter.shell.source import cut, without_leading_tabs
from converter.shell.words import Nested, WordReader

_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:\[[^\]]*\])?(\+?)=")
_REDIRECT = re.compile(r"(\{[A-Za-z_][A-Za-z0-9_]*\}|[0-9]+)?(&>>|&>|<<<|>>|>&|<&|<>|>\||>|<)(?:[ \t]|\\\n)*")


class WordPlace(Struct, frozen=True):
    """A word, or a whole assignment with its array."""

    start: int
    end: int


class RedirectPlace(Struct, frozen=True):
    """A redirect: its descriptor, operator and target or delimiter."""

    start: int
    end: int


Element = WordPlace | RedirectPlace


class CommandReader:
    """Makes commands of one shell text from the places of their elements."""

    __slots__ = ("_depth", "_documents", "_nested", "_original", "span", "text", "words")

    def __init__(self, original: ShellText, masked: Masked, nested: Nested, depth: int) -> None:
        self.text = masked.text
        self.words = WordReader(original, masked.text, nested, depth)
        self.span = self.words.span
        self._original = original
        self._documents = masked.documents
        self._nested = nested
        self._depth = depth

    def simple(self, elements: Sequence[Element]) -> Simple:
        """The simple command that these words and redirects make up, in source order."""
        words: list[Word] = []
        assignments: list[Assignment] = []
        redirects: list[Redirect] = []
        for element in elements:
            if isinstance(element, RedirectPlace):
                redirects.append(self.redirect(element))
            elif not words and (assignment := self._assignment(element)):
                assignments.append(assignment)
            else:
                words.append(self.words.word(element.start, element.end))
        span = self.span(elements[0].start, elements[-1].end)
        return Simple(span, tuple(words), tuple(assignments), tuple(redirects))

    def _assignment(self, place: WordPlace) -> Assignment | None:
        match = _ASSIGNMENT.match(self.text, place.start, place.end)
        if match is None:
            return None
        array = self.text.startswith("(", match.end()) and self.text.endswith(")", 0, place.end)
        places = [(match.end(), place.end)]
        if array:
            places = scanning.words(self.text, match.end() + 1, place.end - 1)
        return Assignment(
            match[1],
            tuple(self.words.word(start, end) for start, end in places),
            self.span(place.start, place.end),
            bool(match[2]),
            array,
        )

    def redirect(self, place: RedirectPlace) -> Redirect:
        """A redirect with its target or here-document."""
        match = _REDIRECT.match(self.text, place.start, place.end)
        assert match is not None
        descriptor = int(match[1]) if match[1] and match[1].isdigit() and len(match[1]) < 10 else None
        span = self.span(place.start, place.end)
        document = self._documents.get(match.start(2))
        if document is None:
            return Redirect(match[2], descriptor, self.words.word(match.end(), place.end), None, span)
        operator = "<<-" if document.strip_tabs else "<<"
        if document.start is None or document.end is None:
            return Redirect(operator, descriptor, None, "", span)
        body = (without_leading_tabs if document.strip_tabs else cut)(
            self._original, document.start, document.end
        )
        reader = WordReader(body, body.text, self._nested, self._depth)
        word = reader.here_document(expand=not document.quoted)
        return Redirect(operator, descriptor, None, word.text, span, word)
