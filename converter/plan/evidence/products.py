"""What lies where sources usually do and is none: a tree that was unpacked or moved there and that nothing is made of.

Entry scripts fill volumes from such places (`/usr/src/wordpress`, `/tmp/assets`).
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from converter.effects.model import Phase, WriteKind
from converter.effects.places import Place, covers, overlaps, within
from converter.graph.dependency import DependencyGraph
from converter.graph.model import Analysis, Step
from converter.knowledge.libraries import COMPILED
from converter.knowledge.places import holds_sources, is_header, scratch_place, toolchain_home
from converter.plan.evidence.provenance import changed_places, only_deletes
from converter.plan.evidence.trees import NAMED, Tree

_PUT = (WriteKind.FETCH, WriteKind.OUTPUT)


class Product(Struct, frozen=True):
    """A tree of its own, without the places in it that other steps make by their names."""

    place: Place
    others: tuple[Place, ...] = ()

    def holds(self, place: Place) -> bool:
        """Whether a place is part of it."""
        return (
            place.known
            and covers(self.place, place)
            and not any(covers(other, place) for other in self.others)
        )


def products(analysis: Analysis, graph: DependencyGraph, trees: tuple[Tree, ...]) -> Iterator[Product]:
    """Those that are there at the end, and that no later step uses for anything else than themselves."""
    for step in analysis.steps:
        if not step.is_run or step.phase not in (Phase.FETCH, Phase.FOLLOW, Phase.LIBRARY):
            continue
        if any(change.ecosystem in COMPILED for change in step.effects.libraries):
            continue
        kinds = (WriteKind.FETCH,) if step.phase is Phase.LIBRARY else _PUT  # `composer create-project`
        for write in analysis.live_writes[step.index]:
            place = write.place
            if write.kind in kinds and place.tree and place.known and _may_be_read(analysis, trees, place):
                users = (analysis.steps[edge.target] for edge in graph.used_by(step.index))
                if not any(_uses_up(user, place) for user in users):
                    yield Product(place, tuple(_others(analysis, step, place)))


def _may_be_read(analysis: Analysis, trees: tuple[Tree, ...], place: Place) -> bool:
    """Whether a container may look into what would be build time only: scripts that cannot be read read /tmp.

    What a root names is none of it.
    """
    named = any(overlaps(r.place, place) for r in analysis.runtime.roots if r.kind in NAMED)
    if named or is_header(place.path) or toolchain_home(place.path) is not None:
        return False
    scratch = scratch_place(place.path)
    if scratch is None:
        return any(t.holds(place.path) and t.path != place.path for t in trees if not t.application)
    return holds_sources(f"{place.path}/") or (analysis.runtime.opaque and scratch in ("/tmp", "/var/tmp"))


def _uses_up(step: Step, place: Place) -> bool:
    """Whether a step makes something of a tree: it builds, or changes something outside."""
    effects = step.effects
    touched = (*effects.reads, *changed_places(step))
    works_there = any(i.directory is not None and within(i.directory, place.path) for i in step.invocations)
    if only_deletes(step) or not (works_there or any(overlaps(place, p) for p in touched)):
        return False
    if effects.opaque or step.phase in (Phase.BUILD, Phase.LIBRARY):
        return True
    return any(not within(p.path, _top(place)) for p in changed_places(step))


def _top(place: Place) -> str:
    """The directory that a tree belongs to, right below the place of sources that it lies in."""
    around = scratch_place(place.path)
    if around is None or around == place.path:
        return place.path
    return f"{around}/{place.path[len(around) + 1 :].split('/', 1)[0]}"


def _others(analysis: Analysis, step: Step, place: Place) -> Iterator[Place]:
    """What other steps put into a place that many things share, be it before or later, but for its own archive."""
    if scratch_place(place.path) == place.path:
        for other in analysis.steps:
            if other is not step:
                inside = (w.place for w in other.effects.writes if w.kind is not WriteKind.BOOK)
                named = (p for p in inside if p.known and p.path != place.path and covers(place, p))
                yield from (p for p in named if p not in step.effects.reads)
