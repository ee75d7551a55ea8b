"""The one door to reading shell: text of an instruction to our AST.

bashlex reads first, then tree-sitter-bash what bashlex rejects: the text as it is, then its structure alone.
What neither reads is opaque with a reason.
"""

from __future__ import annotations

import re
from functools import lru_cache

from converter.dockerfile.model import ShellText
from converter.shell import bashlex_reader, scanning, tree_sitter_reader
from converter.shell.heredocs import Masked, mask
from converter.shell.model import Assignment, Item, Opaque, Redirect, Script, Word
from converter.shell.nesting import TooDeep, nesting
from converter.shell.source import spanner
from converter.shell.walk import Node, children

MAX_LENGTH = 131_072
"""Characters of a text that is still read."""

_REMEMBERED = 256

# What bashlex has no rules for, in the place of a command or an assignment; one of the hints is in each
_HINTS = ("esac", "=(", "[[", "time", "coproc", "select")
_BEYOND_BASHLEX = re.compile(
    r"\besac\b|\w\]?\+?=\("
    r"|(?:^|[;&|({!\n]|\b(?:do|then|else|elif|if|while|until)[ \t])[ \t]*(?:\[\[|time|coproc|select)[ \t]"
)
_DOUBLE_PARENTHESIS = re.compile(r"(?<![$(])\(\(")
_TWO_WORDS = re.compile(r"[\w./-]*[\w.][ \t]+[-\w./]*[\w.]")


def read(text: ShellText, dialect: str = "sh") -> Script:
    """The commands of a shell text; never raises.

    Texts for `sh` are read by bash's rules too: /bin/sh is bash on many bases, and what bash adds is an
    error elsewhere. `dialect` matters when words are expanded (`values.py`).
    """
    return _remembered(text)


@lru_cache(maxsize=_REMEMBERED)
def _remembered(text: ShellText) -> Script:
    return _Reading().read(text, 0)


class _Reading:
    """Reads one text and the texts in its substitutions, each once however often it is tried."""

    __slots__ = ("_scripts",)

    def __init__(self) -> None:
        self._scripts: dict[ShellText, Script] = {}

    def read(self, text: ShellText, depth: int) -> Script:
        """The script of a text that lies that deep in others."""
        script = self._scripts.get(text)
        if script is None:
            script = self._scripts[text] = self._read(text, depth)
        return script

    def _read(self, text: ShellText, depth: int) -> Script:
        if len(text.text) > MAX_LENGTH:
            return _opaque(text, "the text is too long")
        if depth > TooDeep.LIMIT or nesting(text.text) > TooDeep.LIMIT:
            return _opaque(text, "nested too deeply")
        masked = mask(text.text)
        try:
            return self._tried(text, masked, depth)
        except (TooDeep, RecursionError):
            return _opaque(text, "nested too deeply")

    def _tried(self, text: ShellText, masked: Masked, depth: int) -> Script:
        beyond = _beyond_bashlex(masked.text)
        if not beyond and (first := bashlex_reader.read(text, masked, self.read, depth)):
            return first
        second = tree_sitter_reader.read(text, masked, self.read, depth)
        if _whole(second):
            return second
        if beyond and (first := bashlex_reader.read(text, masked, self.read, depth)):
            return first
        third = tree_sitter_reader.read_structure(text, masked, self.read, depth)
        return third if third is not None and _whole(third) else second


def _whole(script: Script) -> bool:
    """Whether none of its commands is opaque; those in substitutions have been tried on their own."""
    waiting: list[Node] = [script]
    while waiting:
        for child in children(waiting.pop()):
            if isinstance(child, Opaque):
                return False
            if not isinstance(child, Word | Assignment | Redirect):
                waiting.append(child)
    return True


def _beyond_bashlex(text: str) -> bool:
    """Whether bashlex would reject the text or take arithmetic for subshells."""
    if any(hint in text for hint in _HINTS) and _BEYOND_BASHLEX.search(text):
        return True
    if "((" not in text:
        return False
    for match in _DOUBLE_PARENTHESIS.finditer(text):
        closing = scanning.arithmetic_end(text, match.end(), len(text))
        # dash has no (( )): where two words follow each other it is two subshells
        if closing >= 0 and not _TWO_WORDS.search(text, match.end(), closing):
            return True
    return False


def _opaque(text: ShellText, reason: str) -> Script:
    span = spanner(text)(0, len(text.text))
    return Script(span, (Item(Opaque(span, text.text, reason), ""),))
