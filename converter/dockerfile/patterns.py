"""The patterns of `${x#p}`, `${x%p}` and `${x/p/r}`: `*`, `?` and escapes, without bracket expressions.

Matching is bounded: time grows with text times pattern, whatever a file contains.
"""

from __future__ import annotations

from msgspec import Struct

WORK_LIMIT = 1_000_000
"""Steps (characters times pattern tokens) that one match may take."""


class PatternError(Exception):
    """A pattern that BuildKit rejects, or one that costs too much to match."""


class Token(Struct, frozen=True):
    """A plain character, `?` (any one) or `*` (any number)."""

    char: str
    special: bool = False


def tokens(pattern: str) -> tuple[Token, ...]:
    """The tokens of a pattern. A backslash may stand before `*`, `?`, itself, `}` and `/` only."""
    out: list[Token] = []
    index = 0
    while index < len(pattern):
        char = pattern[index]
        index += 1
        if char in "*?":
            out.append(Token(char, True))
        elif char == "\\":
            if index == len(pattern) or pattern[index] not in "*?\\}/":
                raise PatternError(f"invalid escape in the pattern {pattern!r}")
            out.append(Token(pattern[index]))
            index += 1
        else:
            out.append(Token(char))
    return tuple(out)


def ends(parsed: tuple[Token, ...], value: str, start: int = 0) -> tuple[int, int] | None:
    """The shortest and the longest end of a match of the pattern at `start`, or None."""
    reached = {start}
    for token in parsed:
        if not token.special:
            reached = {at + 1 for at in reached if at < len(value) and value[at] == token.char}
        elif token.char == "?":
            reached = {at + 1 for at in reached if at < len(value)}
        else:
            reached = set(range(min(reached), len(value) + 1))
        if not reached:
            return None
    return min(reached), max(reached)


def trim_prefix(pattern: str, value: str, longest: bool) -> str:
    """`${x#p}` and, with `longest`, `${x##p}`."""
    return _trimmed(tokens(pattern), value, longest)


def trim_suffix(pattern: str, value: str, longest: bool) -> str:
    """`${x%p}` and, with `longest`, `${x%%p}`."""
    return _trimmed(tokens(pattern)[::-1], value[::-1], longest)[::-1]


def replace(pattern: str, replacement: str, value: str, every: bool) -> str:
    """`${x/p/r}` and, with `every`, `${x//p/r}`: leftmost, longest matches."""
    parsed = tokens(pattern)
    _afford(len(value) * len(value) * max(len(parsed), 1))
    out: list[str] = []
    at = copied = 0
    while at <= len(value):
        match = ends(parsed, value, at)
        if match is None or (match[1] == at and at < copied):
            at += 1
            continue
        out += [value[copied:at], replacement]
        copied = match[1]
        at = max(match[1], at + 1)
        if not every:
            break
    return "".join(out) + value[copied:]


def _trimmed(parsed: tuple[Token, ...], value: str, longest: bool) -> str:
    _afford(len(value) * max(len(parsed), 1))
    match = ends(parsed, value)
    return value if match is None else value[match[longest] :]


def _afford(steps: int) -> None:
    if steps > WORK_LIMIT:
        raise PatternError("the pattern is too expensive to match")
