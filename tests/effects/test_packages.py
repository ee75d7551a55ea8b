"""Package managers of the system: names, groups, marks; where each name stands in the text."""

from __future__ import annotations

from converter.effects.facts import facts_of
from tests.effects.saying import assert_says, effects_of, run


def test_names_know_where_they_stand() -> None:
    text = "apt-get install -y gcc \\\n  make=4.3 && deps='a b' && apt-get install $deps"
    found, _ = run(text)
    first, second = found[0].effects.packages[0], found[2].effects.packages[0]
    assert [text[name.span.start : name.span.end] for name in first.names] == ["gcc", "make=4.3"]
    assert all(name.literal for name in first.names)
    assert [(name.name, text[name.span.start : name.span.end], name.literal) for name in second.names] == [
        ("a", "$deps", False),
        ("b", "$deps", False),
    ]


def test_braces_are_expanded_where_the_shell_is_bash() -> None:
    command = "yum install -y lib{a,b}-devel"
    assert_says(effects_of(command, facts_of(family="rpm")), "packages: yum install liba-devel libb-devel")
