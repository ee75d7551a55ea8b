"""Text with styles, as data: what the text renderers make and a terminal or a plain stream prints."""

from __future__ import annotations

import re
from typing import TypeAlias

Segment: TypeAlias = tuple[str, str]
"""Text and the name of its style; the style is "" for none."""

Line: TypeAlias = tuple[Segment, ...]

_CONTROL = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def printable(text: str) -> str:
    r"""The text with control, bidirectional and undecodable characters as `\x1b` or `\u202e`; tabs stay."""
    return _CONTROL.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    code = ord(match.group())
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is no UTF-8, as surrogateescape keeps it
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def line(*parts: str | Segment) -> Line:
    """A line of parts, made printable; a plain string has no style."""
    segments = ((part, "") if isinstance(part, str) else part for part in parts)
    return tuple((printable(text), style) for text, style in segments if text)


def plain(lines: tuple[Line, ...]) -> str:
    """The lines without styles, each with a line end."""
    return "".join("".join(text for text, _ in parts).rstrip() + "\n" for parts in lines)
