"""Operators on values, where a table of words would not reach them."""

from __future__ import annotations

import pytest

from converter.dockerfile.model import HOLE
from converter.shell import operators
from converter.shell.patterns import expression, literal


@pytest.mark.parametrize(
    ("operator", "value", "taken"),
    [
        (":-", "", True),
        ("-", "a", False),
        ("+", "a", True),
        (":+", "", False),
        (":?", "", True),
        ("=", HOLE, None),
        (":-", f"a{HOLE}", False),
    ],
)
def test_defaults(operator: str, value: str, taken: bool | None) -> None:
    assert operators.default_wanted(operator, value) is taken


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("", "abcd"),
        ("1", "bcd"),
        (" -2", "cd"),
        ("1:2", "bc"),
        ("1:-1", "bc"),
        ("-9", ""),
        ("x", HOLE),
        ("(1)", "bcd"),
    ],
)
def test_substrings(argument: str, value: str) -> None:
    assert operators.substring("abcd", argument) == value
    assert operators.substring(HOLE, argument) == HOLE


@pytest.mark.parametrize(
    ("operator", "pattern", "value"),
    [
        ("#", "a*", "bcab"),
        ("##", "a*b", ""),
        ("%", "?b", "abc"),
        ("%%", "[ab]*", ""),
        ("#", "x", "abcab"),
        ("%", "", "abcab"),
    ],
)
def test_stripping(operator: str, pattern: str, value: str) -> None:
    assert operators.strip(operator, "abcab", ((pattern, False),)) == value


@pytest.mark.parametrize(
    ("operator", "pattern", "value"),
    [
        ("/", "a", "-bcab"),
        ("//", "a", "-bc-b"),
        ("/", "#", "-abcab"),
        ("/", "%", "abcab-"),
        ("/", "#b", "abcab"),
        ("/", "%[ab]b", "abc-"),
        ("/", "%c", "abcab"),
        ("/", "", "abcab"),
        ("//", "?b", "-c-"),
    ],
)
def test_replacing(operator: str, pattern: str, value: str) -> None:
    assert operators.replace(operator, "abcab", ((pattern, False),), "-") == value


@pytest.mark.parametrize(
    ("pattern", "quoted", "text", "matches"),
    [
        ("a*c", False, "abbc", True),
        ("a*c", True, "abbc", False),
        ("a*c", True, "a*c", True),
        ("[!a-c]", False, "d", True),
        ("[^a-c]", False, "a", False),
        ("[]x]", False, "]", True),
        ("[[:alpha:]_]", False, "q", True),
        ("[a", False, "[a", True),
        ("[z-a]", False, "z", False),
        ("a.b", False, "axb", False),
    ],
)
def test_patterns(pattern: str, quoted: bool, text: str, matches: bool) -> None:
    assert bool(expression(((pattern, quoted),)).fullmatch(text)) is matches


def test_literal_patterns() -> None:
    assert literal((("a", False), ("*", True))) == "a*"
    assert literal((("a", False), ("*", False))) is None
