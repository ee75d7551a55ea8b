"""Cutting and editing the author's text: slices are moved, never printed anew."""

from __future__ import annotations

from collections.abc import Iterable

from converter.plan.split import Edit
from converter.span import Span


def edited(text: str, span: Span, edits: Iterable[Edit] = ()) -> str:
    """The slice of `text` at `span` with the edits inside it applied; edits do not overlap."""
    out: list[str] = []
    at = span.start
    for edit in sorted(edits, key=lambda e: e.span):
        if edit.span not in span:
            continue
        out += [text[at : edit.span.start], edit.text]
        at = edit.span.end
    out.append(text[at : span.end])
    return "".join(out)
