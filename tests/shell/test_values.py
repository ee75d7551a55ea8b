"""What words become: expansion, quote removal, splitting; HOLE for what cannot be known."""

from __future__ import annotations

import shlex
import shutil
import subprocess

import pytest

from converter.dockerfile.model import HOLE
from converter.shell.model import Simple
from converter.shell.names import names_used
from converter.shell.values import MAX_LENGTH, expand, expand_all, expand_one
from tests.shell.reading import command, word

VALUES = {
    "a": "x y",
    "e": "",
    "v": "1.22.333",
    "p": "/usr/src/foo.tar.gz",
    "h": f"foo{HOLE}",
    "u": HOLE,
    "n": "v",
    "s": "a:b::c",
    "w": "  x  y ",
    "slash": "a/b/c",
    "up": "AbC",
}


FIELDS: list[tuple[str, list[str]]] = [
    ("plain", ["plain"]),
    ("'a b'\"c\"", ["a bc"]),
    ("''", [""]),
    ('"$e"', [""]),
    ("$e", []),
    ("$e$e", []),
    ("$e''", [""]),
    ("$a", ["x", "y"]),
    ('"$a"', ["x y"]),
    ("b$a.c", ["bx", "y.c"]),
    ("b$w-c", ["bx"[:1], "x", "y", "-c"]),
    ("$missing", [HOLE]),
    ("/a/$missing/b", [f"/a/{HOLE}/b"]),
    ("$h", [f"foo{HOLE}"]),
    ("~/x*", ["~/x*"]),
    ("$1 ", [HOLE]),
    ("${a}z", ["x", "yz"]),
    ("${e:-b c}", ["b", "c"]),
    ('"${e:-b c}"', ["b c"]),
    ("${e:-'b c'}", ["b c"]),
    ("${e:-$v}", ["1.22.333"]),
    ("${e:=b}", ["b"]),
    ("${a:-b}", ["x", "y"]),
    ("${v:+b}", ["b"]),
    ("${e:+b}", []),
    ("${u:-b}", [HOLE]),
    ("${missing:-b}", [HOLE]),
    ("${h:-b}", [f"foo{HOLE}"]),
    ("${h:+b}", ["b"]),
    ("${e:?no}", [HOLE]),
    ("${v:?no}", ["1.22.333"]),
    ("${v%.*}", ["1.22"]),
    ("${v%%.*}", ["1"]),
    ("${v#*.}", ["22.333"]),
    ("${v##*.}", ["333"]),
    ("${p##*/}", ["foo.tar.gz"]),
    ("${p%/*}", ["/usr/src"]),
    ("${p%.tar.gz}", ["/usr/src/foo"]),
    ("${p%.[a-g]z}", ["/usr/src/foo.tar"]),
    ("${p%'*'}", ["/usr/src/foo.tar.gz"]),
    ("${v#[!1]}", ["1.22.333"]),
    ("${v%[[:digit:]]}", ["1.22.33"]),
    ("${h#f}", [f"oo{HOLE}"]),
    ("${h%x}", [HOLE]),
    ("${v#$u}", [HOLE]),
    ("${v/./_}", ["1_22.333"]),
    ("${v//./_}", ["1_22_333"]),
    ("${v//.}", ["122333"]),
    ("${v/#1/x}", ["x.22.333"]),
    ("${v/%3/x}", ["1.22.33x"]),
    ("${v/2*/x}", ["1.x"]),
    ("${slash//\\//-}", ["a-b-c"]),
    ("${slash/b\\//}", ["a/c"]),
    ("${h/f/g}", [HOLE]),
    ("${v:2}", ["22.333"]),
    ("${v:2:2}", ["22"]),
    ("${v: -3}", ["333"]),
    ("${v:0:-4}", ["1.22"]),
    ("${v:$u}", [HOLE]),
    ("${#v}", ["8"]),
    ("${#h}", [HOLE]),
    ("${!n}", ["1.22.333"]),
    ("${up^^}", ["ABC"]),
    ("${up,,}", ["abc"]),
    ("${up,}", ["abC"]),
    ("${a^}", ["X", "y"]),
    ("${h^^}", [f"FOO{HOLE}"]),
    ("${u^}", [HOLE]),
    ("${up^^b}", [HOLE]),
    ("${v@Q}", [HOLE]),
    ("${x y}", [HOLE]),
    ("${v[0]}", [HOLE]),
    ("$((1+2))", [HOLE]),
    ("$(( 12 ))", ["12"]),
    ("<(echo a)", [HOLE]),
    ("$'a\\nb'", ["a\nb"]),
    ("{a,b}", ["{a,b}"]),
]


@pytest.mark.parametrize(("text", "fields"), FIELDS)
def test_fields(text: str, fields: list[str]) -> None:
    assert list(expand(word(text.strip()), VALUES)) == fields


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$a", "x y"),
        ("$w", "  x  y "),
        ("$e", ""),
        ("$a$missing", f"x y{HOLE}"),
        ("${e:-b  c}", "b  c"),
        ("'a'\"$v\"", "a1.22.333"),
        ("$(echo $a)", "x y"),
    ],
)
def test_one_text(text: str, value: str) -> None:
    assert expand_one(word(text), VALUES) == value


@pytest.mark.parametrize(
    ("separators", "fields"),
    [(":", ["a", "b", "", "c"]), (" ", ["a:b::c"]), ("", ["a:b::c"]), (HOLE, ["a:b::c"])],
)
def test_own_separators(separators: str, fields: list[str]) -> None:
    assert list(expand(word("$s"), {**VALUES, "IFS": separators})) == fields


BRACES: list[tuple[str, list[str]]] = [
    ("{a,b}", ["a", "b"]),
    ("x{a,b}y", ["xay", "xby"]),
    ("{a,b}{c,d}", ["ac", "ad", "bc", "bd"]),
    ("{a,{b,c}d}", ["a", "bd", "cd"]),
    ("{,x}y", ["y", "xy"]),
    ("{1..3}", ["1", "2", "3"]),
    ("{3..1}", ["3", "2", "1"]),
    ("{01..03}", ["01", "02", "03"]),
    ("{1..7..3}", ["1", "4", "7"]),
    ("{a..c}", ["a", "b", "c"]),
    ("{a}", ["{a}"]),
    ("{}", ["{}"]),
    ("{a,b", ["{a,b"]),
    ("a,b}", ["a,b}"]),
    ("{a{b,c}", ["{ab", "{ac"]),
    ("'{a,b}'", ["{a,b}"]),
    ("{'a,b',c}", ["a,b", "c"]),
    ("{$v,b}", ["1.22.333", "b"]),
    ("${a}{1,2}", ["x", "y1", "x", "y2"]),
    ("{a..3}", ["{a..3}"]),
    ("{1..100000}", [HOLE]),
    ("{1..99}{1..99}{1..99}", [HOLE]),
]


@pytest.mark.parametrize(("text", "fields"), BRACES)
def test_braces_of_bash(text: str, fields: list[str]) -> None:
    assert list(expand(word(text), VALUES, "bash")) == fields


SUBSTITUTIONS = [
    ("$(echo a b)", "a b"),
    ("$(echo -n a)", "a"),
    ("$(echo $v)", "1.22.333"),
    ("$(echo $missing)x", f"{HOLE}x"),
    ("$(echo a; echo b)", HOLE),
    ("$(echo a) ", "a"),
    ("`echo a`", "a"),
    ("$(echo 'a\\n')", HOLE),
    ("$(echo -e 'a\\tb')", "a\tb"),
    ("$(echo a > f)", HOLE),
    ("$(echo a 2>/dev/null)", "a"),
    ("$(x=1 echo a)", HOLE),
    ("$(printf a)", "a"),
    ("$(printf '%s-%s' a b)", "a-b"),
    ("$(printf '%s\\n' a b)", "a\nb"),
    ("$(printf '%05d' 1)", HOLE),
    ("$(printf '%%%s' a)", "%a"),
    ("$(basename $p)", "foo.tar.gz"),
    ("$(basename $p .gz)", "foo.tar"),
    ("$(basename a/b/)", "b"),
    ("$(basename $h)", HOLE),
    ("$(basename -a x)", HOLE),
    ("$(dirname $p)", "/usr/src"),
    ("$(dirname a)", "."),
    ("$(dirname /a)", "/"),
    ("$(dirname $(dirname $p))", "/usr"),
    ("$(pwd)", HOLE),
    ("$(nproc)", HOLE),
    ("$(uname -m)", HOLE),
    ("a$(dpkg --print-architecture)b", f"a{HOLE}b"),
    ("$(cat f)", HOLE),
    ("$()", ""),
    ("$(echo $v | cut -d. -f1)", "1"),
    ("$(echo $v | cut -d '.' -f 1,2)", "1.22"),
    ("$(echo $v | cut -f2- -d.)", "22.333"),
    ("$(echo $v | cut -c1-3)", "1.2"),
    ("$(echo $v | cut -d. -f1 --complement)", HOLE),
    ("$(echo $h | cut -d. -f1)", HOLE),
    ("$(echo $v | tr . _)", "1_22_333"),
    ("$(echo $v | tr -d .)", "122333"),
    ("$(echo aBc | tr '[:upper:]' '[:lower:]')", "abc"),
    ("$(echo abc | tr a-c x)", "xxx"),
    ("$(echo v1 | sed 's/^v//')", "1"),
    ("$(echo $v | sed -e 's/\\./_/g')", "1_22_333"),
    ("$(echo $v | sed 's|2|/|' | tr / x)", "1.x2.333"),
    ("$(echo $v | sed 's/[0-9]*//')", HOLE),
    ("$(echo $v | sed -n 1p)", HOLE),
    ("$(echo $v | grep 1)", HOLE),
    ("$(! echo a)", HOLE),
    ("$(echo a &)", HOLE),
    ("$(v)", HOLE),  # a program of that name, not the variable
]


@pytest.mark.parametrize(("text", "value"), SUBSTITUTIONS)
def test_known_substitutions(text: str, value: str) -> None:
    assert expand_one(word(text.strip()), VALUES) == value


def test_the_working_directory_is_known_where_the_caller_gives_it() -> None:
    assert expand_one(word("$(pwd)/a"), {"PWD": "/srv"}) == "/srv/a"


def test_echo_with_backslashes_is_known_in_bash() -> None:
    assert expand_one(word("$(echo 'a\\nb')"), {}, "bash") == "a\\nb"


def test_all_words_of_a_command() -> None:
    simple = command("c $a '$a' {1,2}")
    assert isinstance(simple, Simple)
    assert expand_all(simple.words, VALUES, "bash") == ("c", "x", "y", "$a", "1", "2")


def test_values_are_bounded() -> None:
    long = {"x": "a" * MAX_LENGTH}
    assert expand(word('"$x$x"'), long) == (HOLE,)
    assert expand_one(word("$x$x"), long) == HOLE


def comparable(text: str, fields: list[str]) -> bool:
    """Whether a shell that runs nothing unknown must print these fields."""
    unknown = {name for name, value in VALUES.items() if HOLE in value}
    return not unknown & names_used(word(text)) and not any(HOLE in field for field in fields)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_bash_itself_agrees() -> None:
    """A leading tilde aside, which stays as it is here."""
    cases = [(text, fields) for text, fields in FIELDS if text[0] not in "~{"] + BRACES
    cases += [(f'"{text.strip()}"', [value]) for text, value in SUBSTITUTIONS]
    cases = [case for case in cases if comparable(*case)]
    values = " ".join(f"{name}={shlex.quote(value)}" for name, value in VALUES.items() if HOLE not in value)
    lines = [f"{values}; set -f", *(f"(printf '%s\\1' {text}; printf '\\2')" for text, _ in cases)]
    done = subprocess.run(["bash", "-c", "\n".join(lines)], capture_output=True, text=True, check=True)
    for (text, fields), printed in zip(cases, done.stdout.split("\2"), strict=False):
        assert (text, printed.split("\1")[:-1] or [""]) == (text, fields or [""])
