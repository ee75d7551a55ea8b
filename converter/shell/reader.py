"""The one door to reading shell: text of an instruction to our AST.

bashlex reads first, then tree-sitter-bash what bashlex rejects: the text as it is, then its structure alone.
What neither reads is opaque with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from converter.dockerfile.model import ShellText
from converter.shell import bashlex_reader, scanning, tree_sitter_reader
from converter.shell.heredocs import Masked, mask
from converter.shell.model import Item, Opaque, Script
from converter.shell.nesting import TooDeep, nesting
from converter.shell.source import spanner
from converter.shell.walk import opaques
from converter.shell.words import Nested

MAX_LENGTH = 131_072
"""Characters of a text that is still read."""

_REMEMBERED = 256

Attempt: TypeAlias = Callable[[ShellText, Masked, Nested, int], Script | None]
_ATTEMPTS: tuple[Attempt, ...] = (
    bashlex_reader.read,
    tree_sitter_reader.read,
    tree_sitter_reader.read_structure,
)
_SECOND_FIRST: tuple[Attempt, ...] = (
    tree_sitter_reader.read,
    bashlex_reader.read,
    tree_sitter_reader.read_structure,
)

# What bashlex has no rules for, in the place of a command or an assignment
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
    return _read(text, 0)


def _read(text: ShellText, depth: int) -> Script:
    if len(text.text) > MAX_LENGTH:
        return _opaque(text, "the text is too long")
    if depth > TooDeep.LIMIT or nesting(text.text) > TooDeep.LIMIT:
        return _opaque(text, "nested too deeply")
    masked = mask(text.text)
    best: Script | None = None
    for attempt in _SECOND_FIRST if _beyond_bashlex(masked.text) else _ATTEMPTS:
        try:
            script = attempt(text, masked, _read, depth)
        except (TooDeep, RecursionError):
            return _opaque(text, "nested too deeply")
        if script is not None and not any(opaques(script)):
            return script
        best = best or script
    assert best is not None
    return best


def _beyond_bashlex(text: str) -> bool:
    """Whether bashlex would reject the text or take arithmetic for subshells."""
    if _BEYOND_BASHLEX.search(text):
        return True
    for match in _DOUBLE_PARENTHESIS.finditer(text):
        closing = scanning.arithmetic_end(text, match.end(), len(text))
        # dash has no (( )): where two words follow each other it is two subshells
        if closing >= 0 and not _TWO_WORDS.search(text, match.end(), closing):
            return True
    return False


def _opaque(text: ShellText, reason: str) -> Script:
    span = spanner(text)(0, len(text.text))
    return Script(span, (Item(Opaque(span, text.text, reason), ""),))
