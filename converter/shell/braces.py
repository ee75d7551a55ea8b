"""Brace expansion of bash: `a{b,c}d` and `{1..3}`, before any other expansion (bash manual, 3.5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TypeAlias

from converter.shell.model import Literal, Part

LIMIT = 1024
"""Words that one word may become."""

_RANGE = re.compile(r"(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?")

Atoms: TypeAlias = "tuple[Part | str, ...]"
"""A word in pieces: single unquoted characters, and whole parts for everything else."""


class TooManyWords(ValueError):
    """More than `LIMIT` words."""


def has_braces(parts: tuple[Part, ...]) -> bool:
    """Whether a word may have something to expand."""
    return any(isinstance(part, Literal) and not part.quoted and "{" in part.text for part in parts)


def expand_braces(parts: tuple[Part, ...]) -> tuple[tuple[Part, ...], ...]:
    """The words that a word stands for; itself alone where it has no braces that expand."""
    if not has_braces(parts):
        return (parts,)
    return tuple(_joined(atoms) for atoms in _expanded(tuple(_atoms(parts))))


def _atoms(parts: tuple[Part, ...]) -> Iterator[Part | str]:
    for part in parts:
        if isinstance(part, Literal) and not part.quoted:
            yield from part.text
        else:
            yield part


def _joined(atoms: Atoms) -> tuple[Part, ...]:
    parts: list[Part] = []
    text: list[str] = []
    for atom in atoms:
        if isinstance(atom, str):
            text.append(atom)
            continue
        if text:
            parts.append(Literal("".join(text)))
            text.clear()
        parts.append(atom)
    if text:
        parts.append(Literal("".join(text)))
    return tuple(parts)


def _expanded(atoms: Atoms) -> list[Atoms]:
    for opening, atom in enumerate(atoms):
        if atom != "{":
            continue
        closing, commas = _matching(atoms, opening)
        if closing < 0:
            continue
        if commas:
            bounds = [opening, *commas, closing]
            choices = [
                choice for first, last in pairwise(bounds) for choice in _expanded(atoms[first + 1 : last])
            ]
        else:
            choices = _sequence(atoms[opening + 1 : closing])
            if not choices:
                continue
        rest = _expanded(atoms[closing + 1 :])
        if len(choices) * len(rest) > LIMIT:
            raise TooManyWords
        return [(*atoms[:opening], *choice, *tail) for choice in choices for tail in rest]
    return [atoms]


def _matching(atoms: Atoms, opening: int) -> tuple[int, list[int]]:
    depth = 0
    commas: list[int] = []
    for index in range(opening, len(atoms)):
        atom = atoms[index]
        if atom == "{":
            depth += 1
        elif atom == "}":
            depth -= 1
            if depth == 0:
                return index, commas
        elif atom == "," and depth == 1:
            commas.append(index)
    return -1, []


def _sequence(atoms: Atoms) -> list[Atoms]:
    if not all(isinstance(atom, str) for atom in atoms):
        return []
    match = _RANGE.fullmatch("".join(str(atom) for atom in atoms))
    if match is None:
        return []
    first, last, step = match[1], match[2], abs(int(match[3] or 1)) or 1
    numbers = not first.isalpha() and not last.isalpha()
    if not numbers and not (first.isalpha() and last.isalpha()):
        return []
    low, high = (int(first), int(last)) if numbers else (ord(first), ord(last))
    if abs(high - low) // step > LIMIT:
        raise TooManyWords
    values = range(low, high + 1, step) if low <= high else range(low, high - 1, -step)
    padded = numbers and any(re.match(r"-?0\d", text) for text in (first, last))
    width = max(len(first), len(last)) if padded else 0
    return [tuple(str(value).zfill(width) if numbers else chr(value)) for value in values]
