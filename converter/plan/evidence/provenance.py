"""Where what steps touch comes from, and what becomes of it: made in the builder, deleted, used up."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from converter.dockerfile.model import Add, Copy
from converter.effects.model import Basis, PackageAction, Phase, Write, WriteKind
from converter.effects.places import Place, covers, overlaps, within
from converter.graph.dependency import DependencyGraph
from converter.graph.model import Analysis, Step
from converter.knowledge.images import BaseImage, Kind, has_command
from converter.knowledge.package_kinds import FAMILIES
from converter.knowledge.packages import programs, runtime_part
from converter.knowledge.places import comes_with, is_elsewhere, is_shared, makes_another
from converter.knowledge.programs import refreshes
from converter.plan.evidence.unpacked import is_unpacked
from converter.plan.marks import Marks


def changed_places(step: Step) -> tuple[Place, ...]:
    """Everything a step changes, databases and caches left out."""
    effects = step.effects
    written = [w.place for w in effects.writes if w.kind is not WriteKind.BOOK]
    return tuple(dict.fromkeys([*written, *effects.attributes, *effects.deletes]))


def only_deletes(step: Step) -> bool:
    """Whether a step does nothing but delete files."""
    effects = step.effects
    if not effects.deletes or effects.attributes or effects.accounts:
        return False
    if any(c.action not in (PackageAction.CLEAN, PackageAction.AUTOREMOVE) for c in effects.packages):
        return False
    return all(w.kind is WriteKind.BOOK for w in effects.writes)


def only_looks(step: Step) -> bool:
    """Whether a step changes nothing, so that no one needs it but those who stand around it."""
    return step.is_run and step.phase is Phase.NONE and not changed_places(step)


def only_refreshes(step: Step) -> bool:
    """Whether a step only prepares what packages bring (certificates)."""
    return bool(step.invocations) and all(refreshes(i.name) for i in step.invocations)


def made_in_builder(marks: Marks, step: Step, place: Place, maybe: bool = False) -> bool:
    """Whether what a step changes was last written by a step of the builder alone.

    A step of the builder that only may have written it decides nothing: an earlier one does. What was deleted
    in between is made anew, where its directory is. A directory right below the root that no system has is the
    builder's if all that lies in it is. An install that nobody can read may have written anything, but replaces what
    packages brought only `maybe`.
    """
    deletes = only_deletes(step)
    if not place.exact and deletes and _made_by(marks, step, place, marks.builder - marks.final):
        return True
    edited = any(w.kind is WriteKind.EDIT and w.place == place for w in step.effects.writes)
    if not place.exact and edited and run_in_builder(marks, step, place):
        return True
    skipped = (WriteKind.BOOK,) if deletes else (WriteKind.BOOK, WriteKind.DIRECTORY)
    inside = False
    named = place.exact and not deletes and has_maker(marks, step, place)
    for other in reversed(marks.steps[: step.index]):
        if not deletes and any(covers(d, place) for d in other.effects.deletes):
            place = Place(posixpath.dirname(place.path))
            if is_shared(place.path) or any(covers(d, place) for d in other.effects.deletes):
                return False
        for write in other.effects.writes:
            if named and write.kind is WriteKind.FETCH and write.place.path != place.path:
                continue  # an archive unpacked beside it
            if not maybe and write.basis is Basis.UNKNOWN and not _is_likely(write.place, place):
                continue
            if write.kind not in skipped and overlaps(write.place, place):
                if other.index not in marks.builder or other.index in marks.final:
                    return False
                if covers(write.place, place) or write.place.path == place.path:
                    return True
                inside = True
    return deletes and inside and place.path.count("/") == 1 and not is_shared(place.path)


def _is_likely(unread: Place, place: Place) -> bool:
    """Whether what an install that nobody can read fills is likely to have a place, as /usr/local has."""
    return not is_shared(unread.path) or within(place.path, "/usr/local")


def is_replaced(marks: Marks, step: Step, file: Place) -> bool:
    """Whether the builder alone makes a file that is read, and changes or deletes it later: a copy brings another."""
    if not file.exact or file.tree or not made_in_builder(marks, step, file):
        return False
    return any(
        any(covers(place, file) for place in other.effects.deletes)
        or any(w.place == file and w.kind in (WriteKind.OUTPUT, WriteKind.EDIT) for w in other.effects.writes)
        for other in marks.steps[step.index + 1 :]
        if other.index in marks.builder and other.index not in marks.final
    )


def has_maker(marks: Marks, step: Step, file: Place) -> bool:
    """Whether an earlier step makes just this file: what fills the directory around it does not."""
    return any(
        w.place.path == file.path and not w.place.tree and w.kind in (WriteKind.OUTPUT, WriteKind.FETCH)
        for s in marks.steps[: step.index]
        for w in s.effects.writes
    )


def run_in_builder(marks: Marks, step: Step, pattern: Place) -> bool:
    """Whether what a pattern is known to name was made by RUN steps of the builder alone."""
    return _made_by(marks, step, pattern, {s for s in marks.builder - marks.final if marks.steps[s].is_run})


def _made_by(marks: Marks, step: Step, pattern: Place, those: set[int]) -> bool:
    """Whether what a pattern is known to name was made by some of those steps alone."""
    makers = {
        other.index
        for other in marks.steps[: step.index]
        for write in other.effects.writes
        if write.kind is not WriteKind.BOOK and covers(pattern, write.place)
    }
    return bool(makers) and makers <= those


def used_up(analysis: Analysis, graph: DependencyGraph, marks: Marks, step: Step) -> bool:
    """Whether all that a step writes is deleted later, or unpacked, and only build steps use it before that.

    A check of it (`sha256sum -c`) goes where it goes.
    """
    if not all(is_unpacked(analysis, marks, step, w) for w in analysis.live_writes[step.index]):
        return False
    written = [w.place for w in step.effects.writes if w.kind is not WriteKind.BOOK]
    end = next(
        (
            other.index
            for other in marks.steps[step.index + 1 :]
            if all(any(covers(d, p) for d in other.effects.deletes) for p in written)
        ),
        len(marks.steps),
    )
    users = {
        e.target
        for e in graph.used_by(step.index)
        if e.target <= end and not only_deletes(marks.steps[e.target])
    }
    users = {u for u in users if not only_looks(marks.steps[u])} or users
    users = {u for u in users if not _works_inside(marks.steps[u], written)} or users
    return bool(users) and all(u in marks.builder and u not in marks.final for u in users)


def _works_inside(step: Step, places: list[Place]) -> bool:
    """Whether a step only changes what lies in places by file operations (`git checkout`): it goes where they go."""
    changed = changed_places(step)
    return (
        step.phase in (Phase.FETCH, Phase.FOLLOW)
        and bool(changed)
        and not step.effects.deletes
        and all(any(covers(p, c) for p in places) for c in changed)
    )


def is_packaged(analysis: Analysis, program: str) -> bool:
    """Whether a package that the file names brings a program."""
    return any(
        program in programs(change.manager, package.name)
        for step in analysis.steps
        for change in step.effects.packages
        for package in change.names
    )


def is_absent(analysis: Analysis, base: BaseImage, step: Step, path: str) -> bool:
    """Whether a directory is not there for a step: other families have it, or it comes with a package that is not."""
    program = comes_with(path)
    if program is None or base.kind is not Kind.OS or has_command(base, program):
        return is_elsewhere(base.family, path)
    before = analysis.steps[: step.index]
    another = any(makes_another(program, i.name, i.directory or "") for s in before for i in s.invocations)
    changes = [c for s in analysis.steps for c in s.effects.packages]
    packaged = any(_brings(c.manager, package.name, program) for c in changes for package in c.names)
    return is_elsewhere(base.family, path) or another or not packaged


def _brings(manager: str, package: str, program: str) -> bool:
    """Whether a package brings a program, or another that does: headers and tools of a language bring the language."""
    parts = (package, *(runtime_part(manager, package, None) or ()))
    return any(program in programs(manager, part) for part in parts)


def is_setting(marks: Marks, step: Step, write: Write) -> bool:
    """Whether it says something to a program that the final stage runs as well (`git config --global`)."""
    names = {i.name for i in step.invocations}
    return write.basis is Basis.PROVEN and any(
        names & set(marks.steps[i].effects.tools) for i in marks.final if i > step.index
    )


def asks_apt(analysis: Analysis) -> bool:
    """Whether the author asks repositories of Debian or Ubuntu: those of old releases are gone."""
    return any(FAMILIES.get(c.manager) == "apt" for s in analysis.steps for c in s.effects.packages)


def is_named(steps: tuple[Step, ...], path: str) -> bool:
    """Whether the author puts a file there by its name, so that the directory is no guess."""
    return any(
        isinstance(step.instruction, (Copy, Add)) and within(write.place.path, path)
        for step in steps
        for write in step.effects.writes
    )


def undone(steps: tuple[Step, ...]) -> Iterator[tuple[int, int]]:
    """Edits with a backup that the same RUN moves back over them, each with the step that does it."""
    for step in steps:
        edited = [w.place.path for w in step.effects.writes if w.kind is WriteKind.EDIT]
        if len(edited) != 1 or not step.is_run:
            continue
        written = {w.place.path for w in step.effects.writes}
        for other in steps[step.index + 1 :]:
            moved = {p.path for p in other.effects.deletes}
            if other.ordinal != step.ordinal:
                break
            if moved and moved < written and edited == [w.place.path for w in other.effects.writes]:
                yield step.index, other.index
                break
