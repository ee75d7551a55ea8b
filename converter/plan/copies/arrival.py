"""Whether what a step of the final stage reads is there by then: a copy comes after the last step that makes it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from converter.dockerfile.model import HOLE
from converter.effects.directories import cares_about_directory
from converter.effects.model import Phase, WriteKind
from converter.effects.places import Place, covers, join, overlaps, within
from converter.graph.model import Analysis, Step
from converter.knowledge.images import Kind, has_command
from converter.knowledge.places import is_home, is_shared
from converter.knowledge.programs import is_builtin, lists_libraries
from converter.knowledge.search_path import DEFAULT_FOLDERS
from converter.plan.copies.artifacts import Copies
from converter.plan.evidence.provenance import is_packaged, made_in_builder
from converter.plan.marks import Marks

FILES = (WriteKind.OUTPUT, WriteKind.FETCH, WriteKind.EDIT)
"""Writes of a file that do not make the directory around it."""


def in_time(analysis: Analysis, marks: Marks, copies: Copies, listed: int | None) -> Copies:
    """Copies that a step of the final stage needs before the last build step has written there stand before it.

    A copy brings what the builder has at its end, wherever it stands; all that the same build step made comes along.
    `listed` is the step whose list of libraries the builder makes.
    """
    wanted = (
        *unarrived(analysis, marks, copies),
        *_looked_through(marks, listed),
        *_given_owners(marks, copies),
    )
    for step, place in wanted:
        made = [s for s in marks.steps[: step.index] if _is_made_by(marks, s, place)]
        if not made:
            continue
        maker = made[-1]
        copies = replace(
            copies,
            artifacts=tuple(
                replace(a, producer=maker.index)
                if a.producer > maker.index and _fills(maker, a.destination)
                else a
                for a in copies.artifacts
            ),
            differences=tuple(
                replace(d, early=maker.index) if d.producer > maker.index and _fills(maker, d.prefix) else d
                for d in copies.differences
            ),
        )
    return copies


def _looked_through(marks: Marks, listed: int | None) -> Iterator[tuple[Step, Place]]:
    """Directories whose programs a step of the final stage asks for their libraries."""
    for step in marks.steps:
        asks = step.is_run and not step.state_only and step.index != listed
        if asks and step.index in marks.final and any(map(lists_libraries, step.effects.tools)):
            yield from ((step, place) for place in step.effects.reads if place.tree and place.known)


def _given_owners(marks: Marks, copies: Copies) -> Iterator[tuple[Step, Place]]:
    """Places whose owners or modes a step of the final stage alone sets, and that a difference brings."""
    for step in marks.steps:
        if step.index in marks.final - marks.builder and step.is_run:
            prefixes = [d.prefix for d in copies.differences if d.producer > step.index]
            for place in step.effects.attributes if prefixes else ():
                made = (
                    w.place
                    for s in marks.steps[: step.index]
                    if s.index in marks.builder - marks.final
                    for w in s.effects.writes
                    if w.kind not in (WriteKind.BOOK, WriteKind.DIRECTORY)
                )
                if any(covers(place, p) and any(within(p.path, prefix) for prefix in prefixes) for p in made):
                    yield step, place


def _is_made_by(marks: Marks, step: Step, place: Place) -> bool:
    return (
        step.index in marks.builder
        and step.index not in marks.final
        and any(w.kind is not WriteKind.BOOK and overlaps(w.place, place) for w in step.effects.writes)
    )


def _fills(step: Step, directory: str) -> bool:
    return any(
        w.kind is not WriteKind.BOOK and overlaps(w.place, Place(directory, tree=True))
        for w in step.effects.writes
    )


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
                and made_in_builder(marks, step, place, maybe=True)
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
    """Programs that a step runs by their name and that a step of the builder alone put into a folder of programs.

    Language packages bring programs of any name: one that neither the base nor a package is known to have is theirs.
    """
    for tool in step.effects.tools:
        if has_command(analysis.base, tool):
            continue
        paths = [Place(f"{folder}/{tool}") for folder in _folders(step)]
        makers = [
            (s, place.path)
            for s in marks.steps[: step.index]
            for w in s.effects.writes
            for place in paths
            if w.kind is not WriteKind.BOOK and covers(w.place, place)
            if w.place == place or _brings_any(analysis, s, step, tool)
        ]
        if makers and all(s.index in marks.builder and s.index not in marks.final for s, _ in makers):
            yield makers[-1][1]
        elif makers and all(i.name == "ln" for i in makers[-1][0].invocations):
            targets = (Place(read.path) for read in makers[-1][0].effects.reads)
            yield from (t.path for t in targets if t.exact and made_in_builder(marks, step, t))


def _folders(step: Step) -> tuple[str, ...]:
    folders = [f for f in step.state.env.get("PATH", "").split(":") if f.startswith("/") and HOLE not in f]
    return tuple(dict.fromkeys((*DEFAULT_FOLDERS, *folders)))


def _brings_any(analysis: Analysis, maker: Step, step: Step, tool: str) -> bool:
    """Whether a program that a step runs is likely one of the language packages that another installs."""
    return (
        maker.phase is Phase.LIBRARY
        and step.phase in (Phase.NONE, Phase.FOLLOW, Phase.OPAQUE)
        and analysis.base.kind is not Kind.UNKNOWN
        and not is_builtin(tool)
        and any(i.name == tool for i in step.invocations)
        and not is_packaged(analysis, tool)
    )


def directories_needed(step: Step) -> Iterator[Place]:
    """The directories that a step has to be in, its WORKDIR apart, which is made where it is missing."""
    for member in step.members:
        place = Place(member.before.directory or "/")
        if place.path not in ("/", step.state.workdir) and place.known and cares_about_directory(member):
            yield place


def stands(marks: Marks, step: Step, directory: str, homes: bool = True) -> bool:
    """Whether a directory is there anyhow: every system has it, or an earlier step of the final stage is in it.

    `homes`: also if it is only called like a home, which the base may have.
    """
    shared = is_shared(directory) and (homes or not is_home(directory))
    if shared or within(step.state.workdir or "/", directory):
        return True
    return any(
        within(w.place.path, directory) and (w.place.tree or not s.is_run or w.kind not in FILES)
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
        d.producer < before and within(place.path, d.prefix) for d in copies.differences
    )
