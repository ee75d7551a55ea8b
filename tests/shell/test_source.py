"""Offsets of shell text as spans of the source, also for parts of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from converter.dockerfile.model import ShellText
from converter.shell.source import backquoted, cut, spanner, without_leading_tabs


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, ShellText]:
    """A source, and the text that some pieces of it make up."""
    chunks = draw(
        st.lists(st.tuples(st.text("ab`\\$\t\n", min_size=1, max_size=6), st.booleans()), max_size=8)
    )
    pieces, text, at = [], "", 0
    for chunk, kept in chunks:
        if kept:
            pieces.append((len(text), at, len(chunk)))
            text += chunk
        at += len(chunk)
    return "".join(chunk for chunk, _ in chunks), ShellText(text, tuple(pieces))


@given(texts(), st.data())
def test_a_spanner_is_the_texts_own_span(made: tuple[str, ShellText], data: st.DataObject) -> None:
    _, text = made
    start = data.draw(st.integers(0, max(0, len(text.text) - 1)))
    end = data.draw(st.integers(min(start + 1, len(text.text)), len(text.text)))
    if start < end:
        assert spanner(text)(start, end) == text.span(start, end)


@given(texts(), st.data())
def test_each_character_of_a_part_is_found(made: tuple[str, ShellText], data: st.DataObject) -> None:
    source, text = made
    start = data.draw(st.integers(0, len(text.text)))
    end = data.draw(st.integers(start, len(text.text)))
    quoted = data.draw(st.booleans())
    for part in (
        cut(text, start, end),
        backquoted(text, start, end, quoted),
        without_leading_tabs(text, start, end),
    ):
        span = spanner(part)
        assert "".join(span(at, at + 1).of(source) for at in range(len(part.text))) == part.text


def test_what_backquotes_change() -> None:
    raw = r"a \` \$ \\ \" \x"
    text = ShellText(raw, ((0, 0, len(raw)),))
    assert backquoted(text, 0, len(raw), False).text == r"a ` $ \ \" \x"
    assert backquoted(text, 0, len(raw), True).text == r'a ` $ \ " \x'


def test_no_text_at_all() -> None:
    empty = ShellText("", ())
    assert spanner(empty)(0, 0) == empty.span(0, 0)
    assert cut(empty, 0, 0).text == ""
