"""What the rules of the plan look at: the analysis, its graph, and what lies where."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct

from converter.effects.places import Place, overlaps, within
from converter.graph.dependency import DependencyGraph
from converter.graph.model import Analysis
from converter.plan.evidence.products import Product, products
from converter.plan.evidence.trees import NAMED, Tree, idle_toolchains, in_scratch


class Ground(Struct, frozen=True, dict=True):
    """What the rules look at."""

    analysis: Analysis
    graph: DependencyGraph
    trees: tuple[Tree, ...]
    whole: tuple[str, ...]
    leaving_programs: frozenset[str]

    def gone(self, place: Place) -> bool:
        """Whether a place is build time only: in a tree nobody looks into, or in scratch space."""
        if any(t.holds(place.path) for t in self.trees if t.application):
            return False
        around = [t.path for t in self.trees if not t.application and t.holds(place.path)]
        inner = (p for p in self._products if all(within(p.place.path, path) for path in around))
        if any(product.holds(place) for product in inner):
            return False
        if around:
            return not any(overlaps(r.place, place) for r in self.analysis.runtime.roots if r.kind in NAMED)
        return in_scratch(place, self.analysis) and not any(within(place.path, p) for p in self._idle)

    @cached_property
    def _idle(self) -> tuple[str, ...]:
        return tuple(idle_toolchains(self.analysis))

    @cached_property
    def _products(self) -> tuple[Product, ...]:
        return tuple(products(self.analysis, self.graph, self.trees))

    def in_whole(self, place: Place) -> bool:
        """Whether a place lies in a tree that is copied as a whole."""
        return any(within(place.path, path) for path in self.whole)
