"""Cleaning of caches that a package manager fills in the final stage, though what it deletes besides is the builder's.

`rm -rf /usr/src/x /var/cache/apk/*` stays behind an `apk -U add` without the names that only the builder has.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from converter.effects.model import PackageAction, WriteKind
from converter.effects.places import Place, join, overlaps
from converter.graph.model import Step
from converter.knowledge.places import package_cache
from converter.plan.evidence.provenance import only_deletes
from converter.plan.marks import Marks
from converter.plan.packages.apk_index import leaves_index
from converter.plan.split import Edit
from converter.plan.steps.cleaning import is_cache
from converter.shell.model import Simple, Word
from converter.span import Span

_FILLING = (PackageAction.INSTALL, PackageAction.UPDATE, PackageAction.UPGRADE)


def clean_after_installs(marks: Marks) -> Mapping[int, tuple[Edit, ...]]:
    """Put such deletions into the final stage; edits of their words."""
    edits: dict[int, tuple[Edit, ...]] = {}
    for step in marks.steps:
        if step.index in marks.final or not step.is_run or not only_deletes(step):
            continue
        filled = _filled(marks, step)
        operands = _operands(step)
        if any(overlaps(cache, place) for cache in filled for _, _, place in operands):
            in_builder = step.index in marks.builder
            marks.put(step.index, in_builder, True, "cleans up after the packages that stay")
            left_out = [(b, word) for b, word, place in operands if not _is_there(marks, step, place)]
            edits[step.index] = tuple(Edit(Span(b.span.end, w.span.end), "") for b, w in left_out)
    return edits


def _is_there(marks: Marks, step: Step, place: Place) -> bool:
    """Whether what is deleted is a cache, or made by a step of the final stage."""
    return is_cache(place) or any(
        overlaps(write.place, place)
        for other in marks.steps[: step.index]
        if other.index in marks.final and other.is_run
        for write in other.effects.writes
        if place.known and write.kind is not WriteKind.BOOK
    )


def _filled(marks: Marks, step: Step) -> list[Place]:
    """Caches that earlier parts of the same RUN fill in the final stage."""
    managers = {
        change.manager
        for other in marks.steps[: step.index]
        if other.ordinal == step.ordinal and other.index in marks.final
        for change in other.effects.packages
        if change.action in _FILLING and (change.manager != "apk" or leaves_index(other))
    }
    return [Place(path, tree=True) for path in map(package_cache, sorted(managers)) if path is not None]


def _operands(step: Step) -> tuple[tuple[Word, Word, Place], ...]:
    """The words of one `rm`, each with the one before it and the path that it stands for."""
    command = step.members[0].command if len(step.members) == 1 else None
    if not isinstance(command, Simple) or len(step.invocations) != 1 or step.invocations[0].name != "rm":
        return ()
    arguments, directory = step.invocations[0].arguments, step.invocations[0].directory
    if len(command.words) != len(arguments) + 1:
        return ()
    return tuple(
        (before, word, Place(join(directory or "/", argument)))
        for (before, word), argument in zip(pairwise(command.words), arguments, strict=True)
        if not argument.startswith("-")
    )
