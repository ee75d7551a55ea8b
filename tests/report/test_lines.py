from __future__ import annotations

import io

import pytest

from converter.report.lines import line, plain, printable
from converter.report.terminal import STYLES, progress, write_styled


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("RUN\tmake", "RUN\tmake"),
        ("\x1b[2J", "\\x1b[2J"),
        ("a\r\nb", "a\\x0d\\x0ab"),
        ("\x7f\x9b", "\\x7f\\x9b"),
        ("caf\udce9", "caf\\xe9"),
        ("\ud800", "\\ud800"),
        ("a\u202eb\u2066", "a\\u202eb\\u2066"),
        ("ä→漢", "ä→漢"),
    ],
)
def test_what_a_terminal_could_obey_is_written_out(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_plain_lines_have_no_blanks_at_their_end() -> None:
    assert plain((line(("a ", "error"), "b  "), line())) == "a b\n\n"


def test_styled_lines_say_the_same() -> None:
    stream = io.StringIO()
    long = "x" * 300
    write_styled((line(("error", "error"), f": [bold]{long}[/bold] :smile:"),), stream)
    assert stream.getvalue() == f"\x1b[1;31merror\x1b[0m: [bold]{long}[/bold] :smile:\n"


@pytest.mark.parametrize("style", sorted(STYLES))
def test_every_style_is_one_that_the_terminal_knows(style: str) -> None:
    stream = io.StringIO()
    write_styled((line(("x", style)),), stream)
    assert stream.getvalue().startswith("\x1b[")


def test_a_progress_bar_counts_and_goes_away() -> None:
    stream = io.StringIO()
    with progress(3, stream) as count:
        count()
        count()
    assert "1/3" in stream.getvalue()
    assert stream.getvalue().endswith("\x1b[2K")
