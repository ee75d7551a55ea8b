"""What is left of a shell text when every run of words becomes one letter: its structure.

How lists, pipelines, compound commands and redirects nest does not depend on what plain words say. So
`gcc -o app "$src" && strip app` is parsed as `w && w`. That is short, and since the structures of most texts
are few, it has nearly always been parsed before.
"""

from __future__ import annotations

import re

from msgspec import Struct

from converter.shell import scanning

_BLANKS = re.compile(r"(?:[ \t]|\\\n)+")
_REDIRECT = re.compile(r"&>>?|<<<|>>|[<>]&|<>|>\||[<>](?!\()")
_DESCRIPTOR = re.compile(r"(?:\d+|\{\w+\})(?=[<>])")
_DUPLICATED = re.compile(r"\d+|-")
_RESERVED = frozenset(
    {"!", "[[", "]]", "case", "coproc", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if"}
    | {"in", "select", "then", "time", "until", "while", "{", "}"}
)


class Skeleton(Struct, frozen=True):
    """The structure, and where its parts stand in the text it was made from.

    `starts` and `ends` have an offset for each character of `text`; `runs` has the places of the words that
    a `w` stands for, by the offset of that letter.
    """

    text: str
    starts: list[int]
    ends: list[int]
    runs: dict[int, list[tuple[int, int]]]


def skeleton(text: str) -> Skeleton | None:
    """The structure of a text without here-documents, or None where a quote in it is not closed."""
    return _Builder(text).run()


class _Builder:
    __slots__ = ("_at", "_ends", "_in_run", "_out", "_runs", "_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._out: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._runs: dict[int, list[tuple[int, int]]] = {}
        self._in_run = False  # the last that was kept is a `w` that takes further words

    def run(self) -> Skeleton | None:
        text, size = self._text, len(self._text)
        while self._at < size:
            char = text[self._at]
            if (char in " \t\\") and (blanks := _BLANKS.match(text, self._at)):
                self._at = blanks.end()
                self._blank()
            elif char == "#":
                newline = text.find("\n", self._at)
                self._at = size if newline < 0 else newline
            elif char in "<>&" and (redirect := _REDIRECT.match(text, self._at)):
                self._keep(redirect.end())
                if not self._target(redirect.group()):
                    return None
            elif char in ";&|()\n":
                self._keep(self._at + 1)
            elif not self._word():
                return None
        return Skeleton("".join(self._out), self._starts, self._ends, self._runs)

    def _target(self, operator: str) -> bool:
        """The one word behind a redirect; False if it does not end."""
        if blanks := _BLANKS.match(self._text, self._at):
            self._at = blanks.end()
        if operator.endswith("&") and (duplicated := _DUPLICATED.match(self._text, self._at)):
            self._keep(duplicated.end())
            return True
        end = self._word_end()
        if end > self._at:
            self._add("w", self._at, end)
            self._at = end
        return end >= 0

    def _word(self) -> bool:
        """A word that is no target; False if it does not end."""
        text, start = self._text, self._at
        if descriptor := _DESCRIPTOR.match(text, start):
            self._keep(descriptor.end())
            return True
        end = self._word_end()
        if end <= start:
            return False
        if text[start:end] in _RESERVED:
            self._keep(end)
            return True
        if self._in_run:
            index = len(self._out) - 1
            if self._out[index] == " ":
                self._out.pop(), self._starts.pop(), self._ends.pop()
                index -= 1
            self._ends[index] = end
            self._runs[index].append((start, end))
        else:
            self._runs[len(self._out)] = [(start, end)]
            self._add("w", start, end)
            self._in_run = True
        self._at = end
        return True

    def _word_end(self) -> int:
        text = self._text
        end = scanning.word_end(text, self._at, len(text))
        while end >= 0 and text.startswith(("<(", ">("), end):
            closing = scanning.parens_end(text, end + 2, len(text))
            end = -1 if closing < 0 else scanning.word_end(text, closing + 1, len(text))
        return end

    def _blank(self) -> None:
        if self._out and self._out[-1] not in " \n":
            self._out.append(" ")
            self._starts.append(self._at - 1)
            self._ends.append(self._at)

    def _keep(self, end: int) -> None:
        """Keeps the text up to an offset as it is."""
        for at in range(self._at, end):
            self._add(self._text[at], at, at + 1)
        self._in_run = False
        self._at = end

    def _add(self, char: str, start: int, end: int) -> None:
        self._out.append(char)
        self._starts.append(start)
        self._ends.append(end)
