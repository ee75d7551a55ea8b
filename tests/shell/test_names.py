"""Variables that shell text expands and sets."""

from __future__ import annotations

import pytest

from converter.shell.names import names_set, names_used
from tests.shell.reading import door


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a $x '$y' \"$z\"", "x z"),
        ("a ${x:-$y} ${#z} ${!w} ${v[1]}", "v w x y z"),
        ("a $(b $x) `c $y` <(d $z)", "x y z"),
        ("x=$y a > $z", "y z"),
        ("a $((x + $y))", "x y"),
        ("for i in $x; do a $i; done", "i x"),
        ("case $x in $y) a $z;; esac", "x y z"),
        ("[[ $x == y ]] && (( y > z ))", "x y z"),
        ("for ((i=0;i<n;i++)); do a; done", "i n"),
        ("a <<E\n$x\nE\n", "x"),
        ("a <<'E'\n$x\nE\n", ""),
        ("export x y=$z", "x z"),
        ("x+=a", "x"),
        ("a && 'b $x", "x"),
        ("a $1 $@", ""),
        ("f() { a $x; }", "x"),
    ],
)
def test_used(text: str, names: str) -> None:
    assert sorted(names_used(door(text))) == names.split()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x=1 y=2", "x y"),
        ("x=1 a", ""),
        ("x=(1 2)", "x"),
        ("export x y=1; readonly z=2; local w", "w x y z"),
        ("read -r x y", "x y"),
        ("unset x", "x"),
        ("for x in a; do y=1; done", "x y"),
        ("for ((x=0;x<2;x++)); do a; done", "x"),
        ("if a; then x=1; else y=2; fi", "x y"),
        ("{ x=1; }", "x"),
        ("(x=1)", ""),
        ("a $(x=1)", ""),
        ("a | x=1", ""),
        ("! x=1", "x"),
        (": ${x:=1} ${y:-2}", "x"),
        ("(( x = 1, y++ )) && let z=1", "x y z"),
        ("a $((x += 1))", "x"),
        ("(( x == 1 ))", ""),
        ("printf -v x a", "x"),
        ("f() { x=1; }", "x"),
        ("getopts ab x", "ab x"),
        ("case a in b) x=1;; esac", "x"),
    ],
)
def test_set(text: str, names: str) -> None:
    assert sorted(names_set(door(text))) == names.split()
