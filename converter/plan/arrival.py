"""Whether what a step of the final stage reads is there by then: a copy comes after the last step that makes it."""

from __future__ import annotations

from collections.abc import Iterator

from converter.dockerfile.model import HOLE
from converter.effects.directories import cares_about_directory
from converter.effects.model import Phase, WriteKind
from converter.effects.places import Place, join, within
from converter.graph.model import Analysis, Step
from converter.knowledge.images import has_command
from converter.knowledge.places import is_shared
from converter.knowledge.search_path import DEFAULT_FOLDERS
from converter.plan.artifacts import Copies
from converter.plan.marks import Marks
from converter.plan.provenance import made_in_builder


def unarrived(analysis: Analysis, marks: Marks, copies: Copies) -> Iterator[tuple[Step, Place]]:
    """Steps that stay, with a file that they name, that only the builder makes and that no copy brings before them.

    Files that a program looks for by itself (`~/.gitconfig`) do not count: it does without them; nor do
    targets of links.
    """
    for step in marks.steps:
        if step.index not in marks.final or not step.is_run or step.state_only or step.phase is Phase.CLEAN:
            continue
        text = step.span.of(analysis.dockerfile.source.text)
        named = {join(d, w) for d, w in _named(analysis, step) if f"://{w}" not in text}
        read = [*step.effects.reads, *(p for p in step.effects.attributes if p.exact)]
        for place in (*read, *(map(Place, sorted(named)) if step.effects.opaque else ())):
            if (
                place.known
                and (place.path in named or f"< {place.path}" in text)
                and not is_shared(place.path)
                and made_in_builder(marks, step, place)
                and not _brought(copies, place, step.index)
            ):
                yield step, place
        for path in _programs(analysis, marks, step):
            place = Place(path)
            if not _brought(copies, place, step.index):
                yield step, place
        for place in directories_needed(step):
            if (
                made_in_builder(marks, step, place)
                and not stands(marks, step, place.path)
                and not _brought(copies, place, step.index)
            ):
                yield step, place


def _programs(analysis: Analysis, marks: Marks, step: Step) -> Iterator[str]:
    """Programs that a step runs by their name and that a step of the builder alone put into a folder of programs."""
    for tool in step.effects.tools:
        if has_command(analysis.base, tool):
            continue
        paths = {f"{folder}/{tool}" for folder in DEFAULT_FOLDERS}
        makers = [
            (s, w.place.path)
            for s in marks.steps[: step.index]
            for w in s.effects.writes
            if w.place.path in paths and w.kind is not WriteKind.BOOK
        ]
        if makers and all(s.index in marks.builder and s.index not in marks.final for s, _ in makers):
            yield makers[-1][1]


def directories_needed(step: Step) -> Iterator[Place]:
    """The directories that a step has to be in, its WORKDIR apart, which is made where it is missing."""
    for member in step.members:
        place = Place(member.before.directory or "/")
        if place.path not in ("/", step.state.workdir) and place.known and cares_about_directory(member):
            yield place


def stands(marks: Marks, step: Step, directory: str) -> bool:
    """Whether a directory is there anyhow: every system has it, or an earlier step of the final stage is in it."""
    if is_shared(directory) or within(step.state.workdir or "/", directory):
        return True
    return any(
        within(w.place.path, directory)
        for s in marks.steps[: step.index]
        if s.index in marks.final
        for w in s.effects.writes
    )


def _named(analysis: Analysis, step: Step) -> Iterator[tuple[str, str]]:
    """Words of a step's commands that may be paths, each with its directory; programs of the base are none."""
    for invocation in step.invocations:
        words = () if invocation.name == "ln" else invocation.arguments
        if not has_command(analysis.base, invocation.name):
            words = (invocation.program, *words)
        for word in words:
            if word and HOLE not in word and not word.startswith("-"):
                if word.startswith("/") or invocation.directory is not None:
                    yield invocation.directory or "/", word


def _brought(copies: Copies, place: Place, before: int) -> bool:
    return any(a.producer < before and within(place.path, a.destination) for a in copies.artifacts) or any(
        d.steps[-1] < before and within(place.path, d.prefix) for d in copies.differences
    )
