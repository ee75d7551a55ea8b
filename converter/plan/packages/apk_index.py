"""The index of apk in the final stage, which the base image does not have.

What the author installed without fetching it (`--no-network`, or behind an `apk update`) was known from an
earlier step, which may now be the builder's alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from converter.graph.model import Analysis, Step
from converter.plan.marks import Marks
from converter.plan.split import Edit, Packages
from converter.shell.model import Simple
from converter.shell.walk import simple_commands
from converter.span import Span

FETCHING = frozenset({"--no-cache", "--update", "--update-cache", "-U"})
"""Options with which apk fetches its index (apk(8))."""

KEPT = "--no-cache"
OFFLINE = "--no-network"


def with_index(analysis: Analysis, marks: Marks, packages: Packages) -> Packages:
    """Packages whose edits make each `apk add` of the final stage fetch the index unless it is there."""
    _leave_cut_updates(analysis, marks)
    edits = dict(packages.edits)
    fetched = False
    for step in analysis.steps:
        if step.index not in marks.final or not step.is_run:
            continue
        for command in _commands(step):
            options = _options(command)
            fetches = _fetches(command)
            if "add" in _words(command) and (OFFLINE in options or not fetched):
                edits[step.index] = (*edits.get(step.index, ()), *_index_edits(command))
            fetched = fetched or (fetches and KEPT not in options)
    return replace(packages, edits=edits)


def _leave_cut_updates(analysis: Analysis, marks: Marks) -> None:
    """An `apk update` leaves the final stage where build steps stand between it and the install of the same RUN.

    The RUN may be cut there, and no later layer takes the index out of its own: the install fetches it then.
    """
    for step in analysis.steps:
        if step.index not in marks.final or not _only_updates(step):
            continue
        for other in analysis.steps[step.index + 1 :]:
            if other.ordinal != step.ordinal:
                break
            using = [_words(command) for command in _commands(other)] if other.index in marks.final else []
            if using:
                between = (s for s in analysis.steps[step.index + 1 : other.index] if not s.state_only)
                built = any(
                    s.index in marks.builder - marks.final and not s.effects.packages for s in between
                )
                if built and all("add" in words for words in using):
                    marks.to_builder(step.index, "the final stage fetches the index where it installs")
                break


def _only_updates(step: Step) -> bool:
    commands = [_words(command) for command in _commands(step)]
    return (
        len(step.invocations) == len(commands) == 1 and "update" in commands[0] and "add" not in commands[0]
    )


def leaves_index(step: Step) -> bool:
    """Whether a step fetches the index and leaves it behind."""
    return any(KEPT not in _options(command) and _fetches(command) for command in _commands(step))


def _fetches(command: Simple) -> bool:
    options = _options(command)
    return "update" in _words(command) or bool(options & FETCHING) or any(map(_has_u, options))


def _index_edits(command: Simple) -> tuple[Edit, ...]:
    """What makes an `apk add` fetch the index, if it does not."""
    if _fetches(command):
        return ()
    for word in command.words:
        if word.text == OFFLINE:
            return (Edit(word.span, KEPT),)
    end = next(word for word in command.words if word.text == "add").span.end
    return (Edit(Span(end, end), f" {KEPT}"),)


def _commands(step: Step) -> Iterator[Simple]:
    for member in step.members:
        for command in simple_commands(member.command):
            if command.words and command.words[0].text == "apk":
                yield command


def _words(command: Simple) -> set[str]:
    return {word.text for word in command.words}


def _options(command: Simple) -> set[str]:
    return {word for word in _words(command) if word.startswith("-")}


def _has_u(option: str) -> bool:
    """Whether a cluster of short options has -U."""
    return not option.startswith("--") and "U" in option
