r"""The escapes of `$'…'` and of printf's format: both know the same characters (bash manual, 3.1.2.4)."""

from __future__ import annotations

import re

_ESCAPE = re.compile(
    r"\\(?:(?P<octal>[0-7]{1,3})|x(?P<hex>[0-9a-fA-F]{1,2})|u(?P<short>[0-9a-fA-F]{1,4})"
    r"|U(?P<long>[0-9a-fA-F]{1,8})|c(?P<control>.)|(?P<char>.))",
    re.S,
)
_CHARACTERS = {
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "E": "\x1b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "?": "?",
}


def ansi_c(text: str) -> str:
    r"""The value of `$'text'`; an unknown escape stays as it is."""
    return _ESCAPE.sub(_value, text) if "\\" in text else text


def _value(match: re.Match[str]) -> str:
    if (char := match["char"]) is not None:
        return _CHARACTERS.get(char, "\\" + char)
    if (octal := match["octal"]) is not None:
        return chr(int(octal, 8) & 0xFF)
    if (control := match["control"]) is not None:
        return chr(ord(control) & 0x1F)
    code = int(match["hex"] or match["short"] or match["long"], 16)
    return chr(code) if code <= 0x10FFFF else match.group()
