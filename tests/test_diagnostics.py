from __future__ import annotations

import pytest

from converter.diagnostics import Diagnostic, Severity, diagnostic
from converter.span import SourceText, Span

SOURCE = SourceText("FROM a\nRUN b &&\\\n  c\n")


@pytest.mark.parametrize(
    ("span", "place"),
    [
        (Span(0, 4), (1, 1, 1, 5)),
        (Span(7, 20), (2, 1, 3, 4)),
        (Span(11, 12), (2, 5, 2, 6)),
        (Span(11, 11), (2, 5, 2, 6)),
    ],
)
def test_a_span_becomes_lines_and_columns_from_one(span: Span, place: tuple[int, int, int, int]) -> None:
    found = diagnostic("MS301", Severity.WARNING, "x", SOURCE, span)
    assert (found.line, found.column, found.end_line, found.end_column) == place


def test_without_a_span_it_has_no_place() -> None:
    assert diagnostic("MS101", Severity.ERROR, "x", help=("y",)) == Diagnostic(
        "MS101", Severity.ERROR, "x", ("y",)
    )
