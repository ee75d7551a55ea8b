"""Steps and COPY lines of both stages whose directories and files a copy brings anyway: they leave the final stage."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from converter.dockerfile.model import Add, Copy, Workdir
from converter.effects.model import Basis, Phase, Write, WriteKind
from converter.effects.places import Place, ancestors, covers, overlaps, within
from converter.graph.model import Analysis, Step
from converter.knowledge.places import is_shared
from converter.plan.copies.artifacts import Copies
from converter.plan.copies.ownership import ROOT
from converter.plan.evidence.provenance import changed_places
from converter.plan.evidence.unpacked import is_unpacked
from converter.plan.marks import Marks


def drop_brought(analysis: Analysis, marks: Marks, copies: Copies) -> None:
    """What the builder does too leaves the final stage where copied directories bring all of it before its use.

    Downloads, what is unpacked of them and moved from there leave together.
    """
    while dropped := _brought(analysis, marks, copies):
        for step in dropped:
            marks.to_builder(step.index, "a copy brings what it makes", Basis.PROVEN)


def _brought(analysis: Analysis, marks: Marks, copies: Copies) -> list[Step]:
    """The largest set of steps of which nothing is missed if all of them leave."""
    dropped = [s for s in marks.steps if s.index in marks.builder & marks.final and _only_writes(s)]
    while True:
        indices = {s.index for s in dropped}
        staying = (s for s in marks.steps if s.index in marks.final and s.index not in indices)
        left = [s for s in staying if not s.state_only]  # a `cd` goes where others of its RUN go
        kept = [s for s in dropped if _is_brought(analysis, marks, copies, s, left, dropped)]
        if len(kept) == len(dropped):
            return kept
        dropped = kept


def _only_writes(step: Step) -> bool:
    """Whether a step does nothing but make files and directories, as root: a RUN, or COPY and ADD of the context."""
    effects = step.effects
    more = (effects.packages, effects.libraries, effects.accounts, effects.attributes, effects.owners)
    return (
        (step.is_run or _is_plain_copy(step))
        and step.state.user in ROOT
        and not effects.opaque
        and not any(more)
        and step.phase in (Phase.NONE, Phase.FOLLOW, Phase.FETCH)
        and bool(_places(step))
    )


def _is_plain_copy(step: Step) -> bool:
    """Whether it brings files of the context, with the owner and modes that all have."""
    instruction = step.instruction
    return isinstance(instruction, (Copy, Add)) and not instruction.flags


def _places(step: Step) -> tuple[Place, ...]:
    return tuple(w.place for w in step.effects.writes if w.kind is not WriteKind.BOOK)


def _is_brought(
    analysis: Analysis, marks: Marks, copies: Copies, step: Step, left: list[Step], dropped: list[Step]
) -> bool:
    """Whether nothing of a step is missed, if these other steps leave along with it."""
    later = [s for s in left if s.index > step.index]
    live = [
        w
        for w in analysis.live_writes[step.index]
        if w.kind is not WriteKind.BOOK and not is_unpacked(analysis, marks, step, w)
    ]
    passing = [Place(p.path, tree=True) for p in _places(step) if not any(w.place == p for w in live)]
    using = [s for s in later if not isinstance(s.instruction, Workdir)]  # which makes what is missing
    if any(overlaps(p, used) for p in passing for s in using for used in _needed(s)):
        return False
    earlier = [p for s in dropped if s.index < step.index for p in _places(s)]
    if not all(any(covers(made, gone) for made in earlier) for gone in step.effects.deletes):
        return False
    if not live:
        return any(_uses(other, step) for other in analysis.steps[step.index + 1 :] if other not in left)
    bringing = [_bringing(copies, step, write) for write in live]
    found = [c for c in bringing if c is not None]
    if len(found) < len(live):
        return False
    first, last = min(producer for _, producer in found), max(producer for _, producer in found)
    between = [s for s in later if s.index <= last]
    programs = {posixpath.basename(w.place.path) for w in live}
    if any(programs & {*s.effects.tools} for s in between):
        return False
    before = [s for s in left if first < s.index < step.index]
    return not any(_looks_into(s, d) for s in between for d, _ in found) and not any(
        overlaps(w.place, changed) for s in before for changed in changed_places(s) for w in live
    )


def _uses(other: Step, step: Step) -> bool:
    """Whether another step needs what a step makes."""
    return any(overlaps(made, used) for used in _touched(other) for made in _places(step))


def _bringing(copies: Copies, step: Step, write: Write) -> tuple[str, int] | None:
    """The directory that is copied and brings what a step writes, and its producer.

    It brings what the builder has at its end, wherever it stands; a RUN gets no copy before it for that.
    A difference brings what came behind its stamp, and directories when something was put into them.
    """
    whole = [
        (a.destination, a.producer)
        for a in copies.artifacts
        if a.directory and (a.producer > step.index or not step.is_run)
    ]
    staged = [
        (d.prefix, d.producer)
        for d in copies.differences
        if write.kind is WriteKind.DIRECTORY and step.index < d.steps[-1]
    ]
    return next((each for each in (*whole, *staged) if within(write.place.path, each[0])), None)


def _touched(step: Step) -> Iterator[Place]:
    effects = step.effects
    yield from (*effects.reads, *(w.place for w in effects.writes), *effects.deletes, *effects.attributes)
    yield from (Place(m.before.directory or "/") for m in step.members)


def _needed(step: Step) -> Iterator[Place]:
    """What a step looks at; what it only clears away may be missing."""
    gone = step.effects.deletes if step.phase is Phase.CLEAN else ()
    return (place for place in _touched(step) if place not in gone)


def _looks_into(step: Step, directory: str) -> bool:
    """Whether a step needs a directory, or one around it that no system has; a WORKDIR makes what is missing."""
    if isinstance(step.instruction, Workdir):
        return False
    top = next((d for d in reversed(ancestors(directory)) if not is_shared(d)), directory)
    return any(overlaps(Place(top, tree=True), p) for p in _touched(step))
