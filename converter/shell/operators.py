"""The operators of `${name…}` on values (POSIX 2.6.2 and bash 3.5.3); what cannot be known becomes HOLE."""

from __future__ import annotations

from collections.abc import Callable

from converter.dockerfile.model import HOLE
from converter.shell.patterns import Piece, expression, literal

PATTERN_OPERATORS = frozenset({"#", "##", "%", "%%", "/", "//"})

_CASES: dict[str, Callable[[str], str]] = {
    "^": lambda value: value[:1].upper() + value[1:],
    "^^": str.upper,
    ",": lambda value: value[:1].lower() + value[1:],
    ",,": str.lower,
}


def default_wanted(operator: str, value: str) -> bool | None:
    """Whether `-`, `=`, `?`, `+` (with or without colon) take their argument; None where it cannot be known.

    A name without a value is not told from one with the empty value.
    """
    if value == HOLE:
        return None
    return (value != "") if operator.endswith("+") else (value == "")


def change_case(operator: str, value: str, pattern: str) -> str:
    """`^`, `^^`, `,` and `,,`; with a pattern of their own they are left unknown."""
    if pattern or HOLE in value:
        return HOLE if pattern else _keeping_holes(operator, value)
    return _CASES[operator](value)


def _keeping_holes(operator: str, value: str) -> str:
    # U+FFFC has no case, so the known pieces may be changed around it; the first letter may be inside it
    return _CASES[operator](value) if len(operator) == 2 or not value.startswith(HOLE) else HOLE


def substring(value: str, argument: str) -> str:
    """`${name:offset}` and `${name:offset:length}` for plain numbers."""
    if HOLE in value:
        return HOLE
    numbers = [number.strip().strip("()") for number in argument.split(":")]
    try:
        start = int(numbers[0] or "0")
        size = int(numbers[1] or "0") if len(numbers) > 1 else None
    except ValueError:
        return HOLE
    if start < 0:
        start += len(value)
        if start < 0:
            return ""
    if size is None:
        return value[start:]
    return value[start : start + size] if size >= 0 else value[start : len(value) + size]


def strip(operator: str, value: str, pattern: tuple[Piece, ...]) -> str:
    """`#`, `##`, `%`, `%%`: the value without the shortest or longest match at its start or end."""
    if any(HOLE in piece for piece, _ in pattern):
        return HOLE
    at_start = operator[0] == "#"
    plain = literal(pattern)
    if plain is not None:
        if at_start and value.startswith(plain):
            return value[len(plain) :]
        if not at_start and value.endswith(plain):
            return value[: len(value) - len(plain)]
        return HOLE if HOLE in value else value
    if HOLE in value:
        return HOLE
    matcher = expression(pattern)
    sizes = range(len(value) + 1) if len(operator) == 1 else range(len(value), -1, -1)
    for size in sizes:
        if at_start and matcher.fullmatch(value, 0, size):
            return value[size:]
        if not at_start and matcher.fullmatch(value, len(value) - size):
            return value[: len(value) - size]
    return value


def replace(operator: str, value: str, pattern: tuple[Piece, ...], replacement: str) -> str:
    """`/` (the first match) and `//` (all); a pattern that begins with `#` or `%` is anchored."""
    if HOLE in value or any(HOLE in piece for piece, _ in pattern):
        return HOLE
    anchor = ""
    if operator == "/" and pattern and not pattern[0][1] and pattern[0][0][:1] in ("#", "%"):
        anchor = pattern[0][0][0]
        pattern = ((pattern[0][0][1:], False), *pattern[1:])
    if not any(piece for piece, _ in pattern):
        if anchor == "#":
            return replacement + value
        return value + replacement if anchor == "%" else value
    matcher = expression(pattern)
    if anchor == "#":
        match = matcher.match(value)
        return replacement + value[match.end() :] if match else value
    if anchor == "%":
        for start in range(len(value) + 1):
            if matcher.fullmatch(value, start):
                return value[:start] + replacement
        return value
    return matcher.sub(lambda _: replacement, value, count=0 if operator == "//" else 1)
