"""A shell text in which only the structure is left, for a last attempt at parsing; all offsets stay.

Words that are more than plain names become plain ones, groups become subshells (what they are still stands
in the text itself), comments are blanked, and `;` is put where shells need none but the grammar does.
"""

from __future__ import annotations

import re

from converter.shell import scanning

_PLAIN = re.compile(r"-*[A-Za-z0-9_./:+%,][A-Za-z0-9_./:+%,-]*")
_OPENING = frozenset({"!", "do", "elif", "else", "if", "then", "until", "while", "{"})
_CLOSING = frozenset({"done", "esac", "fi", "}"})
_AFTER_CLOSING = _CLOSING | {"do", "elif", "else", "then"}
_KEYWORDS = _OPENING | _CLOSING | {"[[", "case", "for", "function", "in", "select", "time"}


def simplified(text: str) -> str | None:
    """The structure of a text, or None where a quote in it is not closed."""
    return _Simplifier(text).run()


class _Simplifier:
    def __init__(self, text: str) -> None:
        self._text = text
        self._out = list(text)
        self._at = 0
        self._command = True  # a word here would be a command's name
        self._before = ""  # the word before, if it stood where a command's name does
        self._loop_variable = False

    def run(self) -> str | None:
        text = self._text
        while self._at < len(text):
            char = text[self._at]
            if char in " \t" or text.startswith("\\\n", self._at):
                self._at += 1 if char != "\\" else 2
            elif char == "#":
                newline = text.find("\n", self._at)
                self._fill(len(text) if newline < 0 else newline, " ")
            elif text.startswith("((", self._at) and (closing := self._arithmetic_end()) >= 0:
                self._at = closing + 2
                self._command, self._before = False, ""
            elif char in ";&|()<>\n":
                self._operator(char)
            elif (end := scanning.word_end(text, self._at, len(text))) >= 0:
                self._word(end)
            else:
                return None
        return "".join(self._out)

    def _arithmetic_end(self) -> int:
        return scanning.arithmetic_end(self._text, self._at + 2, len(self._text))

    def _operator(self, char: str) -> None:
        if char == "\n" and self._loop_variable:
            self._out[self._at] = ";"
        self._loop_variable = False
        self._command = char not in "<>"
        self._before = ""
        self._at += 1
        if char in "<>":  # the target of a redirect is no command's name
            if self._text.startswith(">", self._at) and char == "<":
                self._out[self._at] = " "
            while self._text.startswith(("&", ">", "<", "|"), self._at):
                self._at += 1

    def _word(self, end: int) -> None:
        text, start = self._text, self._at
        if text.startswith("=(", end - 1):
            closing = scanning.parens_end(text, end + 1, len(text))
            end = len(text) if closing < 0 else closing + 1
        end = max(end, start + 1)
        word = text[start:end]
        if (word == "do" and self._loop_variable) or (self._before in _CLOSING and word in _AFTER_CLOSING):
            self._separate(start)
            self._command = True
        self._loop_variable = False
        if self._command and word in _KEYWORDS:
            self._keyword(word, start)
            return
        if word == "in" or _PLAIN.fullmatch(word):
            self._at = end
        else:
            self._fill(end, "w")
        self._loop_variable = self._before in ("for", "select")
        self._command, self._before = self._before == "function", ""

    def _keyword(self, word: str, start: int) -> None:
        self._at = start + len(word)
        if word == "[[":
            closing = self._text.find("]]", start)
            self._at = len(self._text) if closing < 0 else closing + 2
        elif word in "{}":
            self._out[start] = "(" if word == "{" else ")"
        self._command = word in _OPENING or word == "time"
        self._before = word

    def _separate(self, start: int) -> None:
        if self._text[start - 1] in " \t":
            self._out[start - 1] = ";"

    def _fill(self, end: int, char: str) -> None:
        self._out[self._at : end] = char * (end - self._at)
        self._at = end
