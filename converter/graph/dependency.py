"""The dependency graph: who writes what others read; the only module that knows networkx."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from converter.dockerfile.model import User
from converter.effects.model import WriteKind
from converter.effects.places import Place, overlaps, within
from converter.graph.model import Runtime, Step

if TYPE_CHECKING:
    import networkx


@dataclass(frozen=True, slots=True)
class Edge:
    """`target` depends on what `source` did; `label` is the path, account or program between them."""

    source: int
    target: int
    label: str


@dataclass(frozen=True)
class DependencyGraph:
    """Steps by index, with edges from the step that makes something to the step that uses it."""

    steps: tuple[Step, ...]
    runtime: Runtime
    edges: tuple[Edge, ...] = field(default=())

    @cached_property
    def _graph(self) -> networkx.DiGraph[int]:
        import networkx

        graph: networkx.DiGraph[int] = networkx.DiGraph()
        graph.add_nodes_from(range(len(self.steps)))
        for edge in self.edges:
            graph.add_edge(edge.source, edge.target)
        return graph

    def needs(self, targets: Iterable[int]) -> frozenset[int]:
        """All steps that the targets depend on, directly or not, without the targets themselves."""
        import networkx

        wanted = set(targets)
        found: set[int] = set()
        for target in sorted(wanted):
            if target not in found:
                found |= networkx.ancestors(self._graph, target)
        return frozenset(found - wanted)

    def used_by(self, source: int) -> tuple[Edge, ...]:
        """Edges to the steps that use what a step made."""
        return tuple(edge for edge in self.edges if edge.source == source)

    def uses(self, target: int) -> tuple[Edge, ...]:
        """Edges from the steps that a step depends on."""
        return tuple(edge for edge in self.edges if edge.target == target)

    def explain(self, place: Place) -> tuple[str, ...]:
        """Who needs a place at run time: labels of the roots that name it or something in it."""
        return tuple(dict.fromkeys(r.label for r in self.runtime.roots if overlaps(r.place, place)))


def dependency_graph(steps: tuple[Step, ...], runtime: Runtime) -> DependencyGraph:
    """Connect every step with the earlier ones whose files, directories or accounts it needs."""
    edges: dict[Edge, None] = {}
    makers: list[Step] = []
    for step in steps:
        needs = _needs(step)
        for other in makers:
            label = _between(other, step, needs)
            if label is not None:
                edges[Edge(other.index, step.index, label)] = None
        if step.effects.accounts or any(w.kind is not WriteKind.BOOK for w in step.effects.writes):
            makers.append(step)
    return DependencyGraph(steps, runtime, tuple(edges))


def _needs(step: Step) -> tuple[Place, ...]:
    """Places that must be there before a step: what it reads, the directories it works in and writes into."""
    effects = step.effects
    places = [*effects.reads, *effects.attributes, *effects.deletes]
    places += [w.place for w in effects.writes if w.kind is WriteKind.EDIT]
    return tuple(dict.fromkeys(places))


def _between(other: Step, step: Step, needs: tuple[Place, ...]) -> str | None:
    for write in other.effects.writes:
        if write.kind is WriteKind.BOOK:
            continue
        if write.kind is WriteKind.DIRECTORY:
            if _stands_in(step, write.place.path):
                return write.place.path
            continue
        for need in needs:
            if overlaps(write.place, need):
                return str(need)
    for tool in step.effects.tools:
        for write in other.effects.writes:
            if write.place.path.endswith(f"bin/{tool}") and write.kind is not WriteKind.BOOK:
                return write.place.path
    accounts = {a.name for a in other.effects.accounts}
    if accounts and accounts & (set(step.effects.owners) | {step.state.user.split(":")[0]} - {""}):
        return sorted(accounts)[0]
    return None


def _stands_in(step: Step, directory: str) -> bool:
    """Whether a step works in a directory, or reads or writes in it."""
    if isinstance(step.instruction, (User,)):
        return False
    effects = step.effects
    touched = [
        *effects.reads,
        *effects.attributes,
        *effects.deletes,
        *(w.place for w in effects.writes if w.kind is not WriteKind.BOOK),
    ]
    if any(within(p.path, directory) for p in touched):
        return True
    directories = [i.directory for i in step.invocations]
    return any(d is not None and d != "/" and within(d, directory) for d in directories)
