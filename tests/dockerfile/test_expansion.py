"""Word expansion by BuildKit's rules."""

from __future__ import annotations

import pytest

from converter.dockerfile.expansion import expand, words
from converter.dockerfile.model import HOLE

VALUES = {"x": "one", "e": "", "path": "/a/b.c.d", "s": "a b", "h": HOLE, "v": f"1.{HOLE}", "é": "accent"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("$x", "one"),
        ("${x}", "one"),
        ("a$x.b", "aone.b"),
        ("$x$x", "oneone"),
        ("$xy", ""),
        ("${x}y", "oney"),
        ("$é!", "accent!"),
        ("$nothing-", "-"),
        ("$", "$"),
        ("a$ b", "a$ b"),
        ("$/x", "$/x"),
        ("$1x", "x"),
        ("$10", ""),
        ("${1}", ""),
        ("$@$*$?", ""),
        ("'$x'", "$x"),
        ('"$x"', "one"),
        ("\"a '$x'\"", "a 'one'"),
        ("a'b c'd", "ab cd"),
        ("\\$x", "$x"),
        ("\\a\\\\", "a\\"),
        ('"\\$x \\" \\a \\\\"', '$x " \\a \\'),
        ("x\\", "x"),
        ("${e}", ""),
        ("${x:-d}", "one"),
        ("${e:-d}", "d"),
        ("${e-d}", ""),
        ("${n:-d}", "d"),
        ("${n-d}", "d"),
        ("${n:-$x}", "one"),
        ("${n:-${m:-deep}}", "deep"),
        ("${n:-'a b'}", "a b"),
        ("${n:-a\\}b}", "a}b"),
        ("${x:+y}", "y"),
        ("${e:+y}", ""),
        ("${e+y}", "y"),
        ("${n+y}", ""),
        ("${x:?m}", "one"),
        ("${path#*/}", "a/b.c.d"),
        ("${path##*/}", "b.c.d"),
        ("${path%.*}", "/a/b.c"),
        ("${path%%.*}", "/a/b"),
        ("${path#nothing}", "/a/b.c.d"),
        ("${path%?}", "/a/b.c."),
        ("${path##/?/}", "b.c.d"),
        ("${n#a}", ""),
        ("${path/b/X}", "/a/X.c.d"),
        ("${path//./-}", "/a/b-c-d"),
        ("${path/.*/}", "/a/b"),
        ("${path//\\//_}", "_a_b.c.d"),
        ("${path/z/y}", "/a/b.c.d"),
        ("${x/\\?/}", "one"),
        ("${n/a/b}", ""),
    ],
)
def test_values(text: str, value: str) -> None:
    assert expand(text, VALUES.get) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$h", HOLE),
        ("a/$h/b", f"a/{HOLE}/b"),
        ("$v", f"1.{HOLE}"),
        ("${h:-d}", HOLE),
        ("${v:-d}", f"1.{HOLE}"),
        ("${h-d}", HOLE),
        ("${h:+y}", HOLE),
        ("${h+y}", "y"),
        ("${v:+y}", "y"),
        ("${h:+}", ""),
        ("${v%.*}", HOLE),
        ("a${v#1}", f"a{HOLE}"),
        ("${v/1/2}", HOLE),
        ("${x%$h}", HOLE),
    ],
)
def test_what_is_not_known_stays_unknown(text: str, value: str) -> None:
    assert expand(text, VALUES.get) == value


@pytest.mark.parametrize(
    "text",
    [
        "'open",
        '"open',
        "${x",
        "${",
        "${}",
        "${:x}",
        "${{x}}",
        "${x[0]}",
        "${x^^}",
        "${#x}",
        "${x:1:2}",
        "${n:?is needed}",
        "${e:?}",
        "${x#\\a}",
        "${x/a}",
        "${x/a/b",
        "${n:-" * 100 + "}" * 100,
    ],
)
def test_what_buildkit_refuses_is_unknown(text: str) -> None:
    assert expand("a" + text, VALUES.get) == HOLE
    assert words("a " + text, VALUES.get) == (HOLE,)


def test_another_escape_sign() -> None:
    assert expand("c:\\$x`$x", VALUES.get, "`") == "c:\\one$x"
    assert expand('"`" \\"', VALUES.get, "`") == '" \\'


def test_what_a_plain_unset_variable_stands_for() -> None:
    assert expand("a$n${n}b", VALUES.get, unset=HOLE) == f"a{HOLE}{HOLE}b"
    assert expand("${n:-d}", VALUES.get, unset=HOLE) == "d"
    assert expand("${n%x}", VALUES.get, unset=HOLE) == HOLE
    assert expand("$1", VALUES.get, unset=HOLE) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("80 443", ("80", "443")),
        ("  80\t$x ", ("80", "one")),
        ("$s", ("a", "b")),
        ('"$s"', ("a b",)),
        ("x'1 2'y", ("x1 2y",)),
        ("a\\ b", ("a b",)),
        ("$e", ()),
        ("''", ()),
        ("$h/tcp", (f"{HOLE}/tcp",)),
    ],
)
def test_words_are_split_after_expansion(text: str, expected: tuple[str, ...]) -> None:
    assert words(text, VALUES.get) == expected


def test_hostile_patterns_cost_little() -> None:
    value = "a" * 3000
    assert expand("${x##" + "*a" * 200 + "b}", {"x": value}.get) == HOLE
    assert expand("${x//" + "*a" * 20 + "b/c}", {"x": value}.get) == HOLE
    assert expand("${x##" + "*a" * 50 + "}", {"x": value}.get) == ""
