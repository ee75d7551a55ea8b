"""The parts of a word: what is quoted, what is expanded, what lies inside."""

from __future__ import annotations

import pytest

from converter.shell.model import Opaque, Parameter, Redirect, Simple, Substitution, Word
from converter.shell.walk import opaques
from tests.shell.reading import command, door, outline, parts, word


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain/*.txt", ["plain/*.txt"]),
        ("~/x", ["~/x"]),
        ("'a $b'", ['"a $b"']),
        ('"a b"', ['"a b"']),
        ("''", ['""']),
        ('""', ['""']),
        ("a'b'\"c\"d", ["a", '"bc"', "d"]),
        ("a\\ b", ["a", '" "', "b"]),
        ("\\$x", ['"$"', "x"]),
        ('"a\\$b\\"c\\d\\\\"', ['"a$b"c\\d\\"']),
        ("$'a\\tb\\'c'", ['"a\tb\'c"']),
        ("\"$'a'\"", ["\"$'a'\""]),
        ('$"a"', ['"a"']),
        ("$x", ["${x}"]),
        ("${x}", ["${x}"]),
        ('"$x"', ['""', '"${x}"']),
        ("a$x.b", ["a", "${x}", ".b"]),
        ("$1$@$#$?$$", ["${1}", "${@}", "${#}", "${?}", "${$}"]),
        ("$10", ["${1}", "0"]),
        ("a$", ["a$"]),
        ('"a$"', ['"a$"']),
        ("$=x", ["$=x"]),
        ("${x:-a b}", ["${x :- a b}"]),
        ("${x:-'a b'}", ['${x :- "a b"}']),
        ("\"${x:-'a'}\"", ['""', '"${x :- "\'a\'"}"']),
        ('"${x:-"a b"}"', ['""', '"${x :- "a b"}"']),
        ("\"${x#'a'}\"", ['""', '"${x # "a"}"']),
        ("${x:-${y:-z}}", ["${x :- ${y :- z}}"]),
        ("${x:-$(a)}", ["${x :- $([a])}"]),
        ("${x:=1}${x:?m}${x:+y}${x-a}", ["${x := 1}", "${x :? m}", "${x :+ y}", "${x - a}"]),
        ("${x#*/}${x##*/}${x%.*}${x%%.*}", ["${x # */}", "${x ## */}", "${x % .*}", "${x %% .*}"]),
        ("${x/a/b}${x//a/b}", ["${x / a/b}", "${x // a/b}"]),
        ("${x/\\//-}", ['${x / "/",/-}']),
        ("${x:1:2}", ["${x : 1:2}"]),
        ("${x^^}${x,}", ["${x ^^ }", "${x , }"]),
        ("${#x}", ["${x length}"]),
        ("${#}", ["${#}"]),
        ("${!x}", ["${x indirect}"]),
        ("${x[@]}", ["${x[@]}"]),
        ("${x[1]:-a}", ["${x[1] :- a}"]),
        ("${#x[@]}", ["${x[@] length}"]),
        ("${x y}", ["${x y bad}"]),
        ("${}", ["${bad}"]),
        ("$(a b)", ["$([a b])"]),
        ('"$(a "b c")"', ['""', '"$([a "b c"])"']),
        ("$(a; b | c)", ["$([a] ; [b] | [c])"]),
        ("$( )", ["$()"]),
        ("$(# c\n)", ["$()"]),
        ("$(case x in x) y;; esac)z", ["$(case x in x) [y]; esac)", "z"]),
        ("$(a # )\n)", ["$([a])"]),
        ("$(echo \\))", ["$([echo \\)])"]),
        ("`a b`", ["$([a b])"]),
        ("`a \\`b\\``", ["$([a `b`])"]),
        ("`a \\$x \\\\y`", ["$([a $x \\y])"]),
        ('"`a \\"b\\"`"', ['""', '"$([a "b"])"']),
        ("`# c`", ["$()"]),
        ("<(a)", ["<([a])"]),
        (">(a)", ["<([a])"]),
        ("$((1+2))", ["$((1+2))"]),
        ("$(( (1) ))", ["$(( (1) ))"]),
        ("$[1]", ["$((1))"]),
        ("$((a); b)", ["$(( [a] ) ; [b])"]),
        ("a=$b", ["a=", "${b}"]),
        ("'a'$(b)'c'", ['"a"', "$([b])", '"c"']),
    ],
)
def test_parts(text: str, expected: list[str]) -> None:
    assert parts(word(text)) == expected
    assert word(text).text == text


def test_the_span_of_an_argument() -> None:
    text = "c ${x:-abc}"
    (part,) = word("${x:-abc}").parts
    assert isinstance(part, Parameter)
    assert isinstance(part.argument, Word)
    assert part.argument.span.of(text) == "abc"


def test_spans_inside_backquotes_skip_the_backslashes() -> None:
    text = "c `a \\`b c\\``"
    (outer,) = word("`a \\`b c\\``").parts
    assert isinstance(outer, Substitution)
    simple = outer.script.items[0].command
    assert isinstance(simple, Simple)
    assert simple.words[1].span.of(text) == "`b c\\`"
    (inner,) = simple.words[1].parts
    assert isinstance(inner, Substitution)
    assert inner.script.span.of(text) == "b c"


@pytest.mark.parametrize(
    ("text", "content", "expected"),
    [
        ("c <<E\na $x\nE\n", "a $x\n", ['"a "', '"${x}"', '"\n"']),
        ("c <<'E'\na $x\nE\n", "a $x\n", ['"a $x\n"']),
        ("c <<\\E\na $x\nE\n", "a $x\n", ['"a $x\n"']),
        ("c <<-E\n\ta\n\t\tb\n\tE\n", "a\nb\n", ['"a\nb\n"']),
        ('c <<E\n\\$x \\a "q" \'\nE', '\\$x \\a "q" \'\n', ['"$x \\a "q" \'\n"']),
        ("c <<E\n$(a b)\nE", "$(a b)\n", ['"$([a b])"', '"\n"']),
        ("c <<E\na\\\nb\nE", "a\\\nb\n", ['"ab\n"']),
        ("c <<E\nE", "", []),
        ("c << E\na", "a", ['"a"']),
    ],
)
def test_here_documents(text: str, content: str, expected: list[str]) -> None:
    redirect = _redirect(text)
    assert redirect.target is None
    assert redirect.heredoc == content
    assert redirect.body is not None
    assert parts(redirect.body) == expected
    assert text[: redirect.span.end] == text.partition("\n")[0]


def test_the_body_of_a_here_document_has_its_own_span() -> None:
    text = "c <<-E > f && d\n\ta\n\tb\nE\ne"
    body = _redirect(text).body
    assert body is not None
    assert body.span.of(text) == "a\n\tb\n"


def test_a_here_document_without_its_lines() -> None:
    redirect = _redirect("c <<E > f")
    assert (redirect.heredoc, redirect.body) == ("", None)


def _redirect(text: str) -> Redirect:
    simple = door(text).items[0].command
    assert isinstance(simple, Simple)
    return simple.redirects[0]


@pytest.mark.parametrize(
    ("text", "structure"),
    [
        ("a <<E && b\nx\nE\nc", "[a <<'x\\n'] && [b] nl [c]"),
        ("a <<E | b\nx\nE\n", "[a <<'x\\n'] | [b]"),
        ("a <<A 3<<B\nx\nA\ny\nB\nb", "[a <<'x\\n' 3<<'y\\n'] nl [b]"),
        ("a <<E b >c\nx\nE", "[a b <<'x\\n' >c]"),
        ("if a; then b <<E\nfi\nE\nfi", "if [a] ; then [b <<'fi\\n'] fi"),
        ("case x in x) b <<E\n;;\nE\n;; esac", "case x in x) [b <<';;\\n']; esac"),
        ("a '<<E'\nb", "[a '<<E'] nl [b]"),
        ("a $((1<<2))\nb", "[a $((1<<2))] nl [b]"),
        ("a # <<E\nb", "[a] nl [b]"),
        ("a <<<E\nb", "[a <<<E] nl [b]"),
    ],
)
def test_here_documents_among_commands(text: str, structure: str) -> None:
    assert outline(door(text)) == structure


def test_a_here_document_inside_a_substitution() -> None:
    for text in ("c $(cat <<E\na ) '\nE\n)", 'c "$(cat <<E\na ) \'\nE\n)"'):
        simple = command(text)
        assert isinstance(simple, Simple)
        inner = next(part for part in simple.words[1].parts if isinstance(part, Substitution))
        assert outline(inner.script) == '[cat <<"a ) \'\\n"]'


def test_a_substitution_that_does_not_end_is_opaque_itself() -> None:
    simple = command("cat <<E\n$(a\nE")
    (broken,) = opaques(simple)
    assert isinstance(broken, Opaque)
    assert broken.reason == "a substitution without its end"
