"""What is left of a text for bashlex, and where it stands in the text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from converter.shell.skeleton import skeleton


@pytest.mark.parametrize(
    ("text", "structure"),
    [
        ("gcc -o app 'a b.c'  && strip app", "w && w"),
        ('echo "$(a && b)" `c` ${x:-y z} $((1 + 2))', "w"),
        ("a \\\n  b;c", "w;w"),
        ("a # b && c\nd", "w \nw"),
        ("if [ -f a ]; then b c; else d; fi", "if w; then w; else w; fi"),
        ("for x in a b c; do e $x; done", "for w in w; do w; done"),
        ("f() { a b; }", "w() { w; }"),
        ("A=1 B='2 3' make -j 4", "w"),
        ("a b >c d 2>&1 e <&- {f}> g", "w >w w 2>&1 w <&- {f}>w"),
        ("a &> b | c |& d &", "w &>w | w |& w &"),
        ("diff <(a | b) >(c)", "w"),
        ("( (a b) )", "( (w) )"),
        ("! a b", "! w"),
        ("echo {a,b} {} }", "w }"),
        ("", ""),
        (" \n", "\n"),
    ],
)
def test_runs_of_words_become_one_letter(text: str, structure: str) -> None:
    found = skeleton(text)
    assert found is not None
    assert found.text == structure


@pytest.mark.parametrize("text", ["a 'b", 'a "b', "a $(b", "a ${b", "a > 'b"])
def test_no_structure_where_a_quote_is_not_closed(text: str) -> None:
    assert skeleton(text) is None


@given(st.lists(st.sampled_from(["a", "'b c'", "if", ">", "2>&1", "&&", "(", ")", " ", "\n", "$x", "\\\n"])))
def test_every_character_stands_for_a_part_of_the_text_in_order(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = skeleton(text)
    assume(found is not None)
    assert found is not None
    assert len(found.text) == len(found.starts) == len(found.ends)
    places = list(zip(found.starts, found.ends, strict=True))
    assert all(start < end for start, end in places)
    assert all(before[1] <= after[0] for before, after in pairwise(places))
    for at, words in found.runs.items():
        assert found.text[at] == "w"
        assert (words[0][0], words[-1][1]) == places[at]
