"""Deletions whose effect can be seen stay in the builder, and come back to a final stage that has what they delete.

A deletion leaves the builder only if no later pattern there, no tree that is moved on and no copy meets what it takes
away. It leaves the final stage only if nothing of the final stage made that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from converter.dockerfile.model import HOLE
from converter.effects.model import Phase, Write, WriteKind
from converter.effects.places import Place, covers, join, overlaps, within
from converter.graph.model import Step
from converter.plan.copies.arrival import directories_needed, stands
from converter.plan.copies.artifacts import Copies
from converter.plan.evidence.provenance import only_deletes
from converter.plan.marks import Marks

_PATTERN = frozenset("*?[")
_NAMED = (WriteKind.OUTPUT, WriteKind.FETCH)


def place_deletions(marks: Marks, copies: Copies) -> bool:
    """Put deletions where they are seen; true if the builder now deletes something inside what is copied."""
    copied = [a.source for a in copies.artifacts if a.directory] + [d.prefix for d in copies.differences]
    changed = False
    for step in marks.steps:
        if not step.is_run or not only_deletes(step):
            continue
        if step.index not in marks.builder:
            inside = _inside_copied(marks, step, copied)
            seen = inside or _matched_later(marks, step) or _taken_along(marks, step)
            if seen is not None and not _lacks(marks, step):
                marks.to_both(step.index, f"deletes {seen}, which would be found in the builder")
                changed = changed or inside is not None
        if step.index not in marks.final and _lies_in_final(marks, step, _takes):
            _bring_back(marks, step)
    return changed


def delete_directories(marks: Marks) -> None:
    """Bring deletions of directories back that RUNs of the final stage still make there."""
    for step in marks.steps:
        if step.is_run and step.index not in marks.final and only_deletes(step):
            if _lies_in_final(marks, step, _removes):
                _bring_back(marks, step)


def _bring_back(marks: Marks, step: Step) -> None:
    in_builder = step.index in marks.builder
    marks.put(step.index, in_builder, True, "deletes what a step of the final stage made")


def _made(marks: Marks, step: Step, stage: set[int]) -> Iterator[tuple[Step, Write]]:
    """What earlier steps of a stage made."""
    for other in marks.steps[: step.index]:
        if other.index in stage:
            for write in other.effects.writes:
                if write.kind is not WriteKind.BOOK:
                    yield other, write


def _inside_copied(marks: Marks, step: Step, copied: list[str]) -> Place | None:
    """What a step deletes of what the builder alone made strictly inside a directory that is copied."""
    for place in step.effects.deletes:
        if any(within(place.path, c) and place.path != c for c in copied):
            if any(overlaps(w.place, place) for _, w in _made(marks, step, marks.builder - marks.final)):
                return place
    return None


def _matched_later(marks: Marks, step: Step) -> Place | None:
    """A file of the builder that a step deletes and that a pattern of a later step there would match."""
    patterns = tuple(_patterns(marks, step))
    for _, write in _made(marks, step, marks.builder) if patterns else ():
        if any(covers(deleted, write.place) for deleted in step.effects.deletes):
            if any(overlaps(Place(write.place.path), pattern) for pattern in patterns):
                return write.place
    return None


def _taken_along(marks: Marks, step: Step) -> Place | None:
    """What a step deletes inside a tree of the builder that a later step there copies or moves elsewhere."""
    for place in step.effects.deletes:
        if any(overlaps(w.place, place) for _, w in _made(marks, step, marks.builder - marks.final)):
            for other in marks.steps[step.index + 1 :]:
                if other.index in marks.builder and _takes_along(other, place):
                    return place
    return None


def _takes_along(step: Step, place: Place) -> bool:
    """Whether a step would bring a place elsewhere with the tree around it, or with others of a pattern."""
    around = [r for r in step.effects.reads if covers(r, place) and r.path != place.path]
    return step.phase is Phase.FOLLOW and any(
        w.kind in _NAMED and not covers(read, w.place) for read in around for w in step.effects.writes
    )


def _patterns(marks: Marks, step: Step) -> Iterator[Place]:
    """Names with wildcards that later steps of the builder look for, or go to."""
    for before, other in pairwise(marks.steps[step.index :]):
        if other.index not in marks.builder or only_deletes(other):
            continue
        for invocation in other.invocations:
            for word in invocation.arguments:
                if _PATTERN & set(word) and HOLE not in word:
                    yield Place(join(invocation.directory or "/", word))
        if before.state_only and before.ordinal == other.ordinal and before.index > step.index:
            yield from (Place(m.before.directory) for m in other.members[:1] if m.before.directory)


def _lacks(marks: Marks, step: Step) -> bool:
    """Whether the builder lacks what a step deletes and another made in the final stage: `rm` without `-f` fails."""
    made = [w for _, w in _made(marks, step, marks.builder)]
    elsewhere = [w for _, w in _made(marks, step, marks.final - marks.builder)]
    return any(
        any(overlaps(w.place, place) for w in elsewhere) and not any(overlaps(w.place, place) for w in made)
        for place in step.effects.deletes
    )


def _lies_in_final(marks: Marks, step: Step, takes: Callable[[Step, Place, Step, Write], bool]) -> bool:
    """Whether a step of the final stage made what a step deletes, and its directory is there."""
    if any(not stands(marks, step, place.path) for place in directories_needed(step)):
        return False
    return any(
        takes(step, deleted, maker, write) and not _is_gone(marks, write, maker, step)
        for maker, write in _made(marks, step, marks.final)
        for deleted in step.effects.deletes
    )


def _takes(step: Step, deleted: Place, maker: Step, write: Write) -> bool:
    """Whether a deletion certainly concerns what another step made; a value of `mktemp` is the same in one RUN."""
    if not deleted.known:
        return step.ordinal == maker.ordinal and within(write.place.path, deleted.path)
    return write.kind in _NAMED and covers(deleted, write.place)


def _removes(_: Step, deleted: Place, maker: Step, write: Write) -> bool:
    """Whether a deletion concerns the very directory that a RUN made."""
    return maker.is_run and write.kind is WriteKind.DIRECTORY and deleted.path == write.place.path


def _is_gone(marks: Marks, write: Write, maker: Step, before: Step) -> bool:
    """Whether the final stage deletes or moves a file before that."""
    return any(
        covers(deleted, write.place)
        for other in marks.steps[maker.index + 1 : before.index]
        if other.index in marks.final
        for deleted in other.effects.deletes
    )
