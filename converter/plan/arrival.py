"""Whether what a step of the final stage reads is there by then: a copy comes after the last step that makes it."""

from __future__ import annotations

from collections.abc import Iterator

from converter.dockerfile.model import HOLE
from converter.effects.directories import cares_about_directory
from converter.effects.model import Phase
from converter.effects.places import Place, join, within
from converter.graph.model import Analysis, Step
from converter.knowledge.images import has_command
from converter.knowledge.places import is_shared
from converter.plan.artifacts import Copies
from converter.plan.marks import Marks
from converter.plan.provenance import made_in_builder

SCRATCH = ("/tmp", "/var/tmp")


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
        for place in step.effects.reads:
            if (
                place.known
                and (place.path in named or f"< {place.path}" in text)
                and not is_shared(place.path)
                and made_in_builder(marks, step, place)
                and not _brought(copies, place, step.index)
            ):
                yield step, place
        for place in _directories(step):
            if (
                made_in_builder(marks, step, place)
                and not _stands(marks, step, place.path)
                and not _brought(copies, place, step.index)
            ):
                yield step, place


def _directories(step: Step) -> Iterator[Place]:
    """The directories that a step has to be in, its WORKDIR apart, which is made where it is missing."""
    for member in step.members:
        place = Place(member.before.directory or "/")
        if place.path not in ("/", step.state.workdir) and place.known and cares_about_directory(member):
            yield place


def _stands(marks: Marks, step: Step, directory: str) -> bool:
    """Whether a directory is there anyhow: every system has it, or an earlier step of the final stage is in it."""
    if is_shared(directory) or directory in SCRATCH or within(step.state.workdir or "/", directory):
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
