"""Visitors: what is found, and in which order."""

from __future__ import annotations

import pytest

from converter.shell.walk import descendants, opaques, simple_commands
from tests.shell.reading import door


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a && b | c; d", "a b c d"),
        ("a $(b $(c)) `d`; e", "a b c d e"),
        ("x=$(a) b > $(c)", "b a c"),
        ("if a; then b; elif c; then d; else e; fi > $(f)", "a b c d e f"),
        ("for x in $(a); do b; done; while c; do d; done", "a b c d"),
        ("case $(a) in $(b)) c;; d) e;; esac", "a b c e"),
        ("f() { a; }; (b); { c; }", "a b c"),
        ("[[ $(a) ]] && b ${x:-$(c)}", "a b c"),
        ("a <<E\n$(b)\nE\nc", "a b c"),
    ],
)
def test_simple_commands_in_order(text: str, names: str) -> None:
    found = [each.words[0].text for each in simple_commands(door(text))]
    assert found == names.split()


def test_parents_come_first() -> None:
    script = door("a $(b)")
    kinds = [type(each).__name__ for each in descendants(script)]
    assert kinds == ["Script", "Simple", "Word", "Word", "Script", "Simple", "Word"]


def test_opaques() -> None:
    assert [each.text for each in opaques(door("a && P(b) && c $(Q(d))"))] == ["P(b)", "Q(d)"]
    assert not any(opaques(door("a")))
