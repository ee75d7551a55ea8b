"""The second reader."""

from __future__ import annotations

from converter.dockerfile.model import ShellText
from converter.shell.model import Item, Opaque, Script
from converter.shell.source import spanner
from converter.shell.words import Nested


def read(text: ShellText, nested: Nested, depth: int) -> Script:
    """The script."""
    span = spanner(text)(0, len(text.text))
    return Script(span, (Item(Opaque(span, text.text, "no reader understands it"), ""),))
