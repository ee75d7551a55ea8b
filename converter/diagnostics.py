"""Diagnostics: the catalogue as data, and one finding with its place in the source."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from converter.span import SourceText, Span


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Diagnostic(Struct, frozen=True):
    """One finding; `help` is what the user can do.

    Lines and columns count from 1 and are None where it has no place.
    """

    code: str
    severity: Severity
    message: str
    help: tuple[str, ...] = ()
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None


def diagnostic(
    code: str,
    severity: Severity,
    message: str,
    source: SourceText | None = None,
    span: Span | None = None,
    help: tuple[str, ...] = (),
) -> Diagnostic:
    """A finding at a span of the source."""
    if source is None or span is None:
        return Diagnostic(code, severity, message, help)
    line, column = source.position(span.start)
    end_line, end_column = source.position(max(span.start, span.end - 1))
    return Diagnostic(code, severity, message, help, line, column, end_line, end_column + 1)
