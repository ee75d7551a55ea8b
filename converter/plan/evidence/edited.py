"""Trees that their author still changes when nothing is built in them any more: the container looks into them."""

from __future__ import annotations

from collections.abc import Iterator

from converter.dockerfile.model import Add, Copy
from converter.effects.model import Phase, WriteKind
from converter.effects.places import Place, covers, overlaps, within
from converter.graph.model import Analysis, Root, RootKind, Step
from converter.knowledge.places import holds_sources, scratch_place

_CHANGES = (WriteKind.OUTPUT, WriteKind.EDIT, WriteKind.DIRECTORY)
_WORK = (Phase.BUILD, Phase.LIBRARY)


def edited_behind_builds(path: str, analysis: Analysis) -> Iterator[Root]:
    """A fetched tree in which a RUN or COPY changes files behind all builds, and nothing reads them there later.

    In the RUN of a build such changes are its input, or the end of its work.
    """
    place = Place(path, tree=True)
    if scratch_place(path) is not None and not holds_sources(path):
        return
    if not any(s.is_run and _fetches(s, place) for s in analysis.steps):
        return
    builds = [s for s in analysis.steps if s.phase in _WORK and _works_in(s, place)]
    last = max((s.ordinal for s in builds), default=0)
    for step in analysis.steps if builds else ():
        if step.ordinal <= last or not _may_change(step):
            continue
        changed = [p for p in _changed(step) if p.path != path and _lies_in(p, place, builds)]
        if any(not _is_read(p, analysis.steps[step.index + 1 :]) for p in changed):
            line = analysis.dockerfile.source.line(step.span.start)
            yield Root(place, RootKind.CONTENT, f"line {line} changes it behind the build")


def _may_change(step: Step) -> bool:
    copied = isinstance(step.instruction, (Copy, Add))
    return copied or (step.is_run and step.phase not in (*_WORK, Phase.CLEAN))


def _fetches(step: Step, place: Place) -> bool:
    return any(w.kind is WriteKind.FETCH and covers(w.place, place) for w in step.effects.writes)


def _works_in(step: Step, place: Place) -> bool:
    written = (w.place for w in step.effects.writes if w.kind is not WriteKind.BOOK)
    return any(overlaps(found, place) for found in (*written, *step.effects.reads))


def _changed(step: Step) -> Iterator[Place]:
    """What a step gives another content, mode or owner, or adds."""
    yield from (w.place for w in step.effects.writes if w.kind in _CHANGES)
    yield from step.effects.attributes


def _lies_in(changed: Place, tree: Place, builds: list[Step]) -> bool:
    """Whether it lies in a directory of the tree that was built in; what was unpacked beside it is another matter."""
    directories = (i.works_in for step in builds for i in step.invocations)
    return any(d is not None and within(d, tree.path) and within(changed.path, d) for d in directories)


def _is_read(changed: Place, later: tuple[Step, ...]) -> bool:
    return any(overlaps(changed, read) for step in later if step.is_run for read in step.effects.reads)
