"""The one door to reading shell: text of an instruction to our AST.

bashlex reads first, tree-sitter-bash what bashlex rejects; what neither reads is opaque with a reason.
"""

from __future__ import annotations

import re
from functools import lru_cache

from converter.dockerfile.model import ShellText
from converter.shell import bashlex_reader, tree_sitter_reader
from converter.shell.heredocs import mask
from converter.shell.model import Item, Opaque, Script
from converter.shell.nesting import TooDeep, nesting
from converter.shell.source import spanner

MAX_LENGTH = 262_144
"""Characters of a text that is still read."""

_REMEMBERED = 256

# What bashlex surely rejects (or reads as something else), so that trying it would be wasted
_BEYOND_BASHLEX = re.compile(
    r"\besac\b|(?:^|[\s;&|(!])(?:\[\[\s|(?:time|coproc|select)\s)|[\w\]]\+?=\(|(?<!\$)\(\("
)


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
    try:
        masked = mask(text.text)
        if not _BEYOND_BASHLEX.search(masked.text):
            script = bashlex_reader.read(text, masked, _read, depth)
            if script is not None:
                return script
        return tree_sitter_reader.read(text, masked, _read, depth)
    except TooDeep:
        return _opaque(text, "nested too deeply")


def _opaque(text: ShellText, reason: str) -> Script:
    span = spanner(text)(0, len(text.text))
    return Script(span, (Item(Opaque(span, text.text, reason), ""),))
