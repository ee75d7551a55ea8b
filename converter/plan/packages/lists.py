"""Edits of the author's package lists: operands leave with what leads to them, names join in the list's own form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from converter.effects.model import PackageAction, PackageName
from converter.graph.model import Analysis, Step
from converter.knowledge.author_words import is_build_group
from converter.plan.evidence.removal import is_group_removed
from converter.plan.split import Edit
from converter.shell.model import Word
from converter.shell.walk import simple_commands
from converter.span import Span

_REMARKED = re.compile(r"(?m)^[ \t]*#[ \t]*[\w.+:=~-]+[ \t]*\\\r?\n")
"""A line that was an operand: a heading has no mark of continuation."""


class Operand(Struct, frozen=True):
    """One name of a list, and whether it stays."""

    package: PackageName
    stays: bool


def list_edits(text: str, found: Sequence[Operand], wanted: Sequence[str]) -> tuple[Edit, ...]:
    """Take the leaving operands out of a list, and put the added ones behind the last that stays."""
    words: dict[Span, list[Operand]] = {}
    for choice in found:
        words.setdefault(choice.package.span, []).append(choice)
    ordered = sorted(words)
    edits: list[Edit] = []
    pending = list(wanted)
    for span in reversed(ordered):
        inside = words[span]
        stay = [c.package.text for c in inside if c.stays]
        if len(stay) == len(inside):
            if pending:
                gap = _gap_before(text, span)
                edits.append(Edit(Span(span.end, span.end), "".join(gap + p for p in pending)))
                pending = []
            continue
        if stay:
            edits.append(Edit(span, " ".join([*stay, *pending])))
            pending = []
        elif span == ordered[0] and pending:
            edits.append(Edit(span, _gap_between(text, ordered).join(pending)))
            pending = []
        else:
            start = _end_of_word_before(text, span.start)
            edits.append(Edit(Span(start, span.end), ""))
    if any(not choice.stays for choice in found):
        lasting = [span for span in ordered if all(choice.stays for choice in words[span])]
        edits += _without_remarked(text, lasting)
    return tuple(edits)


def _without_remarked(text: str, lasting: Sequence[Span]) -> Iterator[Edit]:
    """Take the names out that the author made comments of, before operands that stay."""
    for span in lasting:
        for line in _REMARKED.finditer(text, _end_of_word_before(text, span.start), span.start):
            yield Edit(Span(line.start(), line.end()), "")


def without_build_group(analysis: Analysis, step: Step) -> tuple[Edit, ...]:
    """Edits that take away a group's name that says build, where only run-time parts are left in the group."""
    text = analysis.dockerfile.source.text
    return tuple(
        edit
        for change in step.effects.packages
        if change.group is not None and is_build_group(change.group)
        if change.action is PackageAction.INSTALL and not is_group_removed(analysis, step, change)
        for member in step.members
        for command in simple_commands(member.command)
        for edit in _without_option(text, command.words, change.group)
    )


def repeated(step: Step, staying: frozenset[Span]) -> frozenset[Span]:
    """Operands that now stand right behind the same name: a list that is written anyhow has it once."""
    found: set[Span] = set()
    for change in step.effects.packages:
        left = [package for package in change.names if package.span in staying]
        found.update(b.span for a, b in pairwise(left) if b.literal and a.text == b.text)
    return frozenset(found)


def _without_option(text: str, words: Sequence[Word], group: str) -> tuple[Edit, ...]:
    """Take the option out of a command's words that names a virtual group."""
    spans = [
        Span(option.span.start, name.span.end)
        for option, name in pairwise(words)
        if option.text in ("-t", "--virtual") and name.text == group
    ]
    spans += [word.span for word in words if word.text == f"--virtual={group}"]
    return tuple(Edit(Span(_end_of_word_before(text, s.start), s.end), "") for s in spans)


def _end_of_word_before(text: str, at: int) -> int:
    """Where the word before `at` ends: blanks, continuations and comment lines in between are left out too."""
    while True:
        start = at
        while at > 0 and text[at - 1] in " \t\r\n":
            at -= 1
        line = text.rfind("\n", 0, at) + 1
        if text[line:at].lstrip().startswith("#"):
            at = line
        elif at > 0 and text[at - 1] in "\\`" and text[at : at + 1] in "\r\n \t":
            at -= 1
        if at == start:
            return at


def _gap_before(text: str, span: Span) -> str:
    """What stands between an operand and the word before it, comments left out."""
    gap = text[_end_of_word_before(text, span.start) : span.start]
    lines = [line for line in gap.split("\n") if not line.lstrip().startswith("#")]
    return "\n".join(lines) or " "


def _gap_between(text: str, ordered: list[Span]) -> str:
    return _gap_before(text, ordered[1]) if len(ordered) > 1 else " "
