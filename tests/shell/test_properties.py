"""Laws of reading shell: any text gives a script, spans nest and are ordered, both readers agree."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from converter.dockerfile.model import HOLE
from converter.shell.model import Redirect, Simple, Word
from converter.shell.names import names_set, names_used
from converter.shell.values import expand_all
from converter.shell.walk import Node, children, descendants, opaques
from tests.shell.reading import door, first, outline, second, shell_text

SNIPPETS = st.sampled_from(
    [
        *(
            "a",
            "b c",
            "'",
            '"',
            "`",
            "\\",
            "$",
            "$(",
            "${",
            "$((",
            "((",
            "))",
            ")",
            "}",
            "{ ",
            "; ",
            "&&",
            "||",
        ),
        *(
            "|",
            " & ",
            "!",
            "if ",
            "then ",
            "else ",
            "elif ",
            "fi",
            "for x in ",
            "do ",
            "done",
            "while ",
            "case ",
        ),
        *(" in ", "esac", ";;", "[[ ", " ]]", "=", "x=(", "<<E", "<<-'E'", "\n", "\nE\n", "\t", "# ", " > "),
        *(
            "2>&1",
            "<(",
            "function f ",
            "f() ",
            "time ",
            "select ",
            "coproc ",
            "é",
            "\ud800",
            "\0",
            "\r",
            HOLE,
        ),
    ]
)
MESSES = st.lists(SNIPPETS, max_size=30).map("".join)


def check(text: str) -> None:
    script = door(text)
    for node in descendants(script):
        inner = [child for child in children(node) if not _body(node, child)]
        for child in inner:
            assert child.span in node.span or child.span.start == child.span.end
        for one, other in pairwise(inner):
            assert one.span.end <= other.span.start
        assert 0 <= node.span.start <= node.span.end <= len(text)
    names_used(script)
    names_set(script)
    for node in descendants(script):
        if isinstance(node, Simple):
            expand_all(node.words, {"x": "a b"}, "bash")


def _body(node: Node, child: Node) -> bool:
    """Whether this is a here-document's body, which stands outside its redirect."""
    return isinstance(node, Redirect) and isinstance(child, Word) and child is node.body


@given(MESSES)
def test_any_pieces_give_a_script(text: str) -> None:
    check(text)


@given(st.text())
def test_any_text_gives_a_script(text: str) -> None:
    check(text)


WORDS = st.sampled_from(["a", "-x", "/b/c.d", "'e f'", '"$g h"', "${i:-j}", "k=l", "*.m", "\\;", "$'n'", "é"])
SIMPLE = st.lists(WORDS, min_size=1, max_size=4).map(lambda words: " ".join(["cmd", *words]))
REDIRECTED = st.builds("{} {}".format, SIMPLE, st.sampled_from(["> f", "2>&1", ">> f 2>/dev/null", "< f"]))
SUBSTITUTING = st.builds('cmd "$({})" `{}`'.format, SIMPLE, SIMPLE)


def _larger(commands: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(["{} && {}", "{} || {}", "{}; {}", "{}\n{}"])
    lists = st.builds(lambda form, one, two: form.format(one, two), operators, commands, commands)
    return (
        lists
        | st.builds("( {} )".format, lists)
        | st.builds("{{ {}; }}".format, lists)
        | st.builds("if {}; then {}; else {}; fi".format, commands, commands, commands)
        | st.builds("for x in a $b; do {}; done > f".format, commands)
        | st.builds("while {}; do {}; done".format, commands, commands)
        | st.builds("cmd x=$( {})".format, commands)
        | st.builds("{} | {}".format, SIMPLE | SUBSTITUTING, SIMPLE | REDIRECTED)
        | st.builds("! {}".format, SIMPLE)
    )


SCRIPTS = st.recursive(SIMPLE | REDIRECTED | SUBSTITUTING | st.just("x=1"), _larger, max_leaves=8)


@given(SCRIPTS)
def test_both_readers_read_the_same(text: str) -> None:
    script = door(text)
    assert not any(opaques(script))
    assert first(shell_text(text)) == script
    two = second(shell_text(text))
    assert outline(two) == outline(script)
    assert two == script
