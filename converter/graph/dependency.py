"""The dependency graph: who writes what others read; the only module that knows networkx."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from operator import attrgetter

from msgspec import Struct

from converter.effects.places import Place, overlaps
from converter.graph.model import Runtime, Step


class Edge(Struct, frozen=True):
    """`target` depends on what `source` did; `label` is the path, account or program between them."""

    source: int
    target: int
    label: str


class DependencyGraph(Struct, frozen=True, dict=True):
    """Steps by index, with edges from the step that makes something to the step that uses it."""

    steps: tuple[Step, ...]
    runtime: Runtime
    edges: tuple[Edge, ...] = ()

    @cached_property
    def _by_source(self) -> Mapping[int, tuple[Edge, ...]]:
        return _grouped(self.edges, attrgetter("source"))

    @cached_property
    def _by_target(self) -> Mapping[int, tuple[Edge, ...]]:
        return _grouped(self.edges, attrgetter("target"))

    def needs(self, targets: Iterable[int]) -> frozenset[int]:
        """All steps that the targets depend on, directly or not, without the targets themselves."""
        wanted = set(targets)
        found: set[int] = set()
        waiting = list(wanted)
        while waiting:
            for edge in self.uses(waiting.pop()):
                if edge.source not in found:
                    found.add(edge.source)
                    waiting.append(edge.source)
        return frozenset(found - wanted)

    def reduced(self) -> tuple[Edge, ...]:
        """The edges that no longer way stands for: what a drawing shows."""
        import networkx  # a tenth of a second, which only a drawing pays for

        graph: networkx.DiGraph[int] = networkx.DiGraph((edge.source, edge.target) for edge in self.edges)
        kept = networkx.transitive_reduction(graph)
        return tuple(edge for edge in self.edges if kept.has_edge(edge.source, edge.target))

    def used_by(self, source: int) -> tuple[Edge, ...]:
        """Edges to the steps that use what a step made."""
        return self._by_source.get(source, ())

    def uses(self, target: int) -> tuple[Edge, ...]:
        """Edges from the steps that a step depends on."""
        return self._by_target.get(target, ())

    def explain(self, place: Place) -> tuple[str, ...]:
        """Who needs a place at run time: labels of the roots that name it or something in it."""
        return tuple(dict.fromkeys(r.label for r in self.runtime.roots if overlaps(r.place, place)))


def _grouped(edges: tuple[Edge, ...], end: Callable[[Edge], int]) -> Mapping[int, tuple[Edge, ...]]:
    found: dict[int, list[Edge]] = {}
    for edge in edges:
        found.setdefault(end(edge), []).append(edge)
    return {step: tuple(of_step) for step, of_step in found.items()}
