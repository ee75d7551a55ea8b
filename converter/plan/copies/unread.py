"""Installs that nobody can read: besides the system's own directories, they may fill those that are left empty for it.

Where the builder itself puts nothing there, what an install adds is the whole difference.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from converter.effects.model import Basis, Phase
from converter.graph.model import Analysis, Step
from converter.knowledge.places import filled_by_hand, unread_places
from converter.plan.copies.artifacts import Copies
from converter.plan.copies.prefixes import Difference
from converter.plan.evidence.ground import Ground
from converter.plan.evidence.unmade import names_unmade, touches
from converter.plan.marks import Marks


def with_unread(ground: Ground, marks: Marks, copies: Copies) -> Copies:
    """The copies, with the differences of such directories."""
    analysis = ground.analysis
    steps = tuple(sorted({i for d in copies.differences for i in d.steps if _is_unread(analysis, i)}))
    found = tuple(
        Difference(place, steps)
        for place in (_wanted(analysis) if steps else ())
        if not any(_fills(analysis.steps[i], place) for i in marks.builder)
    )
    return replace(copies, differences=tuple(sorted((*copies.differences, *found), key=lambda d: d.prefix)))


def _wanted(analysis: Analysis) -> Iterator[str]:
    """The directories to look into: few where what the container starts is known, and names nothing there."""
    likely = filled_by_hand() if analysis.runtime.opaque else ()
    for place in filled_by_hand(named=True):
        if place in likely or names_unmade(analysis, place):
            yield place


def _is_unread(analysis: Analysis, index: int) -> bool:
    unknown = [w for w in analysis.live_writes[index] if w.basis is Basis.UNKNOWN]
    built = analysis.steps[index].phase is Phase.BUILD
    return built and any(w.place.path in unread_places() for w in unknown)


def _fills(step: Step, place: str) -> bool:
    return any(touches(w, place) for w in step.effects.writes)
