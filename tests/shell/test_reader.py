"""The door: which structure each kind of shell text has, by both readers where both read it."""

from __future__ import annotations

import contextlib

import pytest

from converter.dockerfile.model import ShellText
from converter.shell.model import Opaque, Pipeline
from converter.shell.reader import read
from converter.shell.walk import opaques, simple_commands
from tests.shell.reading import Rejected, command, door, first, outline, second, shell_text, structure_alone

BOTH = [
    ("x=$(a)\n# c\n>b\nc >d", "[x=$(a)] nl [>b] nl [c >d]"),
    ("x=1 y=2\nz=3 # c\n\na b", "[x=1 y=2] nl [z=3] nl [a b]"),
    ("x=1 y=", "[x=1 y=]"),
    ("", ""),
    ("  \n\t", ""),
    ("# only a comment", ""),
    ("a", "[a]"),
    ("a b 'c d'", "[a b 'c d']"),
    ("a && b || c; d & e", "[a] && [b] || [c] ; [d] & [e]"),
    ("a;", "[a] ;"),
    ("a &", "[a] &"),
    ("a\nb\n\n# c\nd\n", "[a] nl [b] nl [d]"),
    ("a # c\nb", "[a] nl [b]"),
    ("a;\nb", "[a] ; [b]"),
    ("a &&\nb", "[a] && [b]"),
    ("a | b | c && d", "[a] | [b] | [c] && [d]"),
    ("a |& b", "[a] | [b]"),
    ("! a", "! [a]"),
    ("! a | b", "! [a] | [b]"),
    ("a && ! b", "[a] && ! [b]"),
    ("x=1", "[x=1]"),
    ("x= y=2 a z=3", "[x= y=2 a z=3]"),
    ("x+=1 a", "[x+=1 a]"),
    ("export x=1 y", "[export x=1 y]"),
    ("unset x y", "[unset x y]"),
    ("a >b", "[a >b]"),
    ("a > b c 2>&1", "[a c >b 2>&1]"),
    (">b a", "[a >b]"),
    ("> b", "[>b]"),
    ("a >>b <c 2>/dev/null", "[a >>b <c 2>/dev/null]"),
    ("a &>b", "[a &>b]"),
    ("a &>>b", "[a &>>b]"),
    ("a >|b", "[a >|b]"),
    ("a 2>&-", "[a 2>&-]"),
    ("a <<< 'b c'", "[a <<<'b c']"),
    ("a -2 >b", "[a -2 >b]"),
    ("a && b > c | d > e", "[a] && [b >c] | [d >e]"),
    ("a > b && c > d", "[a >b] && [c >d]"),
    ("(a; b)", "( [a] ; [b] )"),
    ("(a && b) > c", "( [a] && [b] ) >c"),
    ("{ a; b; }", "{ [a] ; [b] ; }"),
    ("{ a; } > b && c", "{ [a] ; } >b && [c]"),
    ("a || { b; c; }", "[a] || { [b] ; [c] ; }"),
    ("(a) | (b)", "( [a] ) | ( [b] )"),
    ("if a; then b; fi", "if [a] ; then [b] ; fi"),
    ("if a; then b; else c; fi > d", "if [a] ; then [b] ; else [c] ; fi >d"),
    (
        "if a; then b; elif c; then d; elif e; then f; else g; fi",
        "if [a] ; then [b] ; elif [c] ; then [d] ; elif [e] ; then [f] ; else [g] ; fi",
    ),
    ("if ! a && b\nthen\nc\nfi", "if ! [a] && [b] then [c] fi"),
    ("if [ -f x ]; then b; fi | c", "if [[ -f x ]] ; then [b] ; fi | [c]"),
    ("while a; do b; done", "while [a] ; do [b] ; done"),
    ("until a; do b; c; done < f", "while [a] ; do [b] ; [c] ; done <f"),
    ("for x in a 'b c' $d; do e; done", "for x in a 'b c' $d do [e] ; done"),
    ("for x in a\ndo\ne\ndone", "for x in a do [e] done"),
    ("for x; do e; done", "for x do [e] ; done"),
    ("f() { a; }", "f() { [a] ; }"),
    ("function f { a; }", "f() { [a] ; }"),
    ("f() { a; } && f", "f() { [a] ; } && [f]"),
    ("[ -f x ] && [ \"$a\" != b -o '(' = z ]", "[[ -f x ]] && [[ \"$a\" != b -o '(' = z ]]"),
    ("test -n x", "[test -n x]"),
    ("a $(b && c) `d` <(e)", "[a $(b && c) `d` <(e)]"),
    ("a=$(b | c)", "[a=$(b | c)]"),
    ("a $((1 + (2 * 3)))", "[a $((1 + (2 * 3)))]"),
    ("a {b,c} d{1..3} {}", "[a {b,c} d{1..3} {}]"),
    ("find . -exec rm {} \\; -print", "[find . -exec rm {} \\; -print]"),
    ("a \\\n  b", "[a b]"),
    ("`# comment` a `# another 'one` b", "[`# comment` a `# another 'one` b]"),
    ("rm `a b` `c`", "[rm `a b` `c`]"),
    ("echo if then case time", "[echo if then case time]"),
    ("é 'ü' && b", "[é 'ü'] && [b]"),
]

FIRST_ONLY = [
    ("for x do e; done", "for x do [e] ; done"),
    ("((a; b) || c)", "( ( [a] ; [b] ) || [c] )"),
    (
        "(( find /a -type f | xargs rm || true )) && b",
        "( ( [find /a -type f] | [xargs rm] || [true] ) ) && [b]",
    ),
    ("if a; then b; fi; for x in `y`; { c; }", "if [a] ; then [b] ; fi ; for x in `y` do [c] ; done"),
]

SECOND_ONLY = [
    ("x= y=\nif a; then [[ b ]]; fi", "[x= y=] nl if [a] ; then test<[[ b ]]> ; fi"),
    ("IFS=: b=(`c` d)\nfor x in y; do z; done", "[IFS=: b=(`c` d)] nl for x in y do [z] ; done"),
    ("for x\ndo\n[[ a ]]\ndone # b", "for x do test<[[ a ]]> done"),
    ("[[ a ]] && b -", "test<[[ a ]]> && [b -]"),
    ("a $(case x in x) b;; esac)", "[a $(case x in x) b;; esac)]"),
    ("case $x in a|b) c;; (d) e; f;; *) ;; esac", "case $x in a|b) [c]; d) [e] ; [f]; *) ; esac"),
    ("case x in\n  a)\n    b\n    ;;\nesac > d && e", "case x in a) [b]; esac >d && [e]"),
    ("case x in a) b ;& c) d ;;& *) e ;; esac", "case x in a) [b]; c) [d]; *) [e]; esac"),
    ("case x in a) b; esac", "case x in a) [b] ;; esac"),
    ("[[ -f a && $b == c* ]] || d", "test<[[ -f a && $b == c* ]]> || [d]"),
    ("[[ $a =~ ^b ]] && c 2>d", "test<[[ $a =~ ^b ]]> && [c 2>d]"),
    ("(( x = 1 + 2 )) && a", "test<(( x = 1 + 2 ))> && [a]"),
    ("a=(b 'c d' $e) f", "[a=(b 'c d' $e) f]"),
    ("a+=(b)\nc", "[a+=(b)] nl [c]"),
    ("for ((i=0;i<3;i++)); do a; done", "for ((i=0;i<3;i++)) do [a] ; done"),
    ("select x in a b; do c; done", "for x in a b do [c] ; done"),
    ("time a -b | c", "[time a -b] | [c]"),
    ("time (a; b) > c", "( [a] ; [b] ) >c"),
    ("coproc a b", "[coproc a b]"),
    ("[[ a ]] 2>/dev/null", "{ test<[[ a ]]> } 2>/dev/null"),
    ("case x in a) if b; then c; fi;; esac", "case x in a) if [b] ; then [c] ; fi; esac"),
]


STRUCTURE = [
    ("time { a; }", "{ [a] ; }"),
    ("for x do [[ $x ]] && b; done", "for x do test<[[ $x ]]> && [b] ; done"),
    ("for x in `a`; do if [[ b ]]; then c; fi done", "for x in `a` do if test<[[ b ]]> ; then [c] ; fi done"),
    ("if ! { a; }; then [[ b ]]; fi", "if ! { [a] ; } ; then test<[[ b ]]> ; fi"),
    ("case a in b) c 3<>d;; esac", "case a in b) [c 3<>d]; esac"),
    ("case x in *) [ a = ~ ];; esac", "case x in *) [[ a = ~ ]]; esac"),
]


@pytest.mark.parametrize(("text", "structure"), BOTH)
def test_both_readers_agree(text: str, structure: str) -> None:
    assert outline(door(text)) == structure
    assert first(shell_text(text)) == door(text)
    assert second(shell_text(text)) == door(text)
    assert structure_alone(text) == door(text)


@pytest.mark.parametrize(("text", "structure"), FIRST_ONLY)
def test_bashlex_reads_what_tree_sitter_does_not(text: str, structure: str) -> None:
    assert outline(door(text)) == structure
    assert outline(second(shell_text(text))) != structure


@pytest.mark.parametrize(("text", "structure"), SECOND_ONLY)
def test_tree_sitter_reads_what_bashlex_rejects(text: str, structure: str) -> None:
    assert outline(door(text)) == structure
    with contextlib.suppress(Rejected):
        assert outline(first(shell_text(text))) != structure
    assert structure_alone(text) == door(text)


@pytest.mark.parametrize(("text", "structure"), STRUCTURE)
def test_the_structure_alone_reads_more(text: str, structure: str) -> None:
    assert outline(door(text)) == structure
    assert any(opaques(second(shell_text(text))))


@pytest.mark.parametrize(
    ("text", "structure"),
    [
        ("a &&", "[a] && opaque<>"),
        ("a && P(b c) && d", "[a] && opaque<P(b c)> && [d]"),
        ("a && 'b", "opaque<a && 'b>"),
        ("if a; then b", "opaque<if a; then b>"),
        ("a; done", "opaque<a; done>"),
        ("(a", "opaque<(a>"),
        ("a; } b", "opaque<a; } b>"),
        ("for x in a; do P(b c); d; done && e", "for x in a do opaque<P(b c)> ; [d] ; done && [e]"),
    ],
)
def test_what_nobody_reads_is_opaque(text: str, structure: str) -> None:
    script = door(text)
    assert outline(script) == structure
    assert all(each.reason == "a syntax error" for each in opaques(script))
    assert any(opaques(script))


def test_only_the_broken_substitution_is_opaque() -> None:
    script = door("a $(b; P(c d)) && e")
    assert [each.text for each in opaques(script)] == ["P(c d)"]
    assert [each.words[0].text for each in simple_commands(script)] == ["a", "b", "e"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a " * 100_000, "the text is too long"),
        ("(" * 500 + "a" + ")" * 500, "nested too deeply"),
        ("a $(" * 45 + ")" * 45, "nested too deeply"),
        ("if a; then " * 60 + "b; " + "fi; " * 60, "nested too deeply"),
    ],
)
def test_bounds(text: str, reason: str) -> None:
    assert reason in {each.reason for each in opaques(door(text))}


def test_many_commands_are_no_depth() -> None:
    assert len(door("a && " * 1500 + "b").items) == 1501
    assert len(door("[[ a ]] && " * 1500 + "b").items) == 1501


def test_an_opaque_text_keeps_its_span() -> None:
    text = "a && P(b c) && d"
    found = door(text).items[1].command
    assert isinstance(found, Opaque)
    assert found.span.of(text) == found.text == "P(b c)"


def test_the_same_text_at_two_places_has_two_spans() -> None:
    here, there = ShellText("a b", ((0, 4, 3),)), ShellText("a b", ((0, 40, 3),))
    assert [read(each).span.start for each in (here, there)] == [4, 40]
    assert read(here) is read(here)


def test_spans_include_what_continuations_dropped() -> None:
    source = "RUN a \\\n  bc\\\nde $(f \\\n g)"
    pieces = ((0, 4, 2), (2, 8, 4), (6, 14, 7), (13, 23, 3))
    text = ShellText("a   bcde $(f  g)", pieces)
    assert text.text == "".join(source[start : start + size] for _, start, size in pieces)
    script = read(text)
    words = [each.span.of(source) for each in next(simple_commands(script)).words]
    assert words == ["a", "bc\\\nde", "$(f \\\n g)"]
    inner = list(simple_commands(script))[1]
    assert [each.span.of(source) for each in inner.words] == ["f", "g"]


def test_two_negations_are_none() -> None:
    found = command("! ! a")
    assert isinstance(found, Pipeline)
    assert not found.negated


@pytest.mark.parametrize(
    ("text", "structure"),
    [
        ("é=1 b", "[é=1 b]"),
        ("a ４>b", "[a ４ >b]"),
        ("a\u00a0b c", "[a\u00a0b c]"),
        ("a \u3000", "[a \u3000]"),
        ("a b\r\nc", "[a b\r] nl [c]"),
        ("a \0 b", "[a \0 b]"),
        ("a {\U000ea254} [[ \ud800", "[a {\U000ea254} [[ \ud800]"),
    ],
)
def test_other_characters_are_part_of_words(text: str, structure: str) -> None:
    assert outline(door(text)) == structure
    assert second(shell_text(text)) == first(shell_text(text)) == door(text)
