"""Cutting and editing the author's text: slices are moved, never printed anew."""

from __future__ import annotations

import re
from collections.abc import Iterable

from converter.effects.model import Member
from converter.plan.split import Edit
from converter.shell.model import Word
from converter.shell.names import names_used
from converter.shell.walk import descendants
from converter.span import Span

_VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)")


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


def uses_left(member: Member, edits: tuple[Edit, ...]) -> frozenset[str]:
    """The shell variables that a member still uses when words of it have been edited away."""
    gone = [
        name
        for node in (descendants(member.command) if edits else ())
        if isinstance(node, Word) and any(node.span in edit.span for edit in edits)
        for name in names_used(node)
    ]
    if not gone:
        return member.uses
    added = {name for edit in edits for name in _VARIABLE.findall(edit.text)}
    left = [
        name
        for node in descendants(member.command)
        if isinstance(node, Word) and not any(node.span in edit.span for edit in edits)
        for name in names_used(node)
    ]
    return member.uses - (frozenset(gone) - frozenset(left) - added)
