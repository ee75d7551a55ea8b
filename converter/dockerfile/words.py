"""Arguments cut into words: at white space, or with quotes and escapes respected (ENV, ARG, LABEL)."""

from __future__ import annotations

import re
from functools import lru_cache

from converter.dockerfile.forms import json_words
from converter.dockerfile.lines import BLANK
from converter.dockerfile.model import ShellText, Word
from converter.dockerfile.problem import Problem

_PLAIN = re.compile(r"[^\t\v\f\r ]+")
_GAP = re.compile(r"[\t\v\f\r ]+")


def word(line: ShellText, start: int, end: int) -> Word:
    """The word at `line.text[start:end]`, as written."""
    return Word(line.text[start:end], line.span(start, end))


def plain(line: ShellText, start: int, end: int) -> tuple[Word, ...]:
    """Words between white space; quotes mean nothing here."""
    return tuple(word(line, found.start(), found.end()) for found in _PLAIN.finditer(line.text, start, end))


def listed(line: ShellText, start: int, end: int) -> tuple[Word, ...]:
    """The strings of a JSON array, decoded, or else plain words."""
    strings = json_words(line.text, start, end)
    if strings is None:
        return plain(line, start, end)
    return tuple(Word(text, line.span(low, high)) for text, low, high in strings)


def quoted(line: ShellText, start: int, end: int, escape: str) -> list[tuple[int, int]]:
    """Offsets of the words, quotes and escapes respected; an escape sign at the very end is none."""
    return [found.span() for found in _quoted(escape).finditer(line.text, start, end)]


def pairs(
    line: ShellText, start: int, end: int, escape: str, keyword: str
) -> tuple[tuple[tuple[Word, Word], ...], bool]:
    """Names and values of ENV and LABEL, and whether they have the old form `KEY the whole value`."""
    found = quoted(line, start, end, escape)
    if not found:
        return (), False
    text = line.text
    low, high = found[0]
    if "=" not in text[low:high]:
        gap = _GAP.search(text, start, end)
        if gap is None:
            name = text[low:high]
            raise Problem(f"{keyword} {name} has no value", f"write {keyword} {name}=value")
        return ((word(line, start, gap.start()), word(line, gap.end(), end)),), True
    out = []
    for low, high in found:
        sign = text.find("=", low, high)
        if sign < 0:
            raise Problem(
                f"no = in {text[low:high]!r}: {keyword} takes name=value pairs",
                f'quote a value that holds blanks: {keyword} NAME="a value"',
                span=line.span(low, high),
            )
        out.append((word(line, low, sign), word(line, sign + 1, high)))
    return tuple(out), False


@lru_cache(maxsize=2)
def _quoted(escape: str) -> re.Pattern[str]:
    sign = re.escape(escape)
    return re.compile(
        rf"""(?: [^{BLANK}'"{sign}]++
        | {sign}.
        | '[^']*+(?:'|\Z)
        | "(?:[^"{sign}]++|{sign}.)*+(?:"|(?={sign}?\Z)) )++""",
        re.VERBOSE | re.DOTALL,
    )
