"""The decisions in the form that users, editors and programs read."""

from __future__ import annotations

from collections.abc import Iterator

from converter.effects.model import WriteKind
from converter.effects.places import Place, overlaps
from converter.graph.dependency import DependencyGraph
from converter.graph.model import Analysis, Step
from converter.plan.bases.choice import reference_of
from converter.plan.estimate import estimate_of
from converter.plan.model import CopyReport, GraphReport, NodeKind, PackageReport, Plan, StepReport
from converter.plan.split import Split


def summary(analysis: Analysis, split: Split, graph: bool = False) -> Plan:
    """The plan of a conversion; `graph` adds the dependency graph for `explain`."""
    source = analysis.dockerfile.source
    steps = []
    for step in analysis.steps:
        if step.state_only:
            continue
        placement = split.placements[step.index]
        command = " ".join(step.span.of(source.text).replace("\\\n", " ").split())
        steps.append(
            StepReport(
                source.line(step.span.start),
                source.line(max(step.span.start, step.span.end - 1)),
                command,
                placement.verdict,
                placement.code,
                placement.reason,
                placement.basis.value,
            )
        )
    copies = tuple(
        CopyReport(a.source, a.destination, a.chown, a.needed_by, a.reason, a.basis.value)
        for a in split.artifacts
    )
    packages = PackageReport(
        split.packages.build, split.packages.final, split.packages.added, split.packages.discovered
    )
    builder, final = (reference_of(analysis, text) for text in (split.bases.builder, split.bases.final))
    return Plan(
        builder,
        final,
        tuple(steps),
        copies,
        packages,
        estimate_of(analysis, split.packages, builder, final),
        graph_report(analysis, split, split.graph) if graph and split.graph is not None else None,
    )


def graph_report(analysis: Analysis, split: Split, graph: DependencyGraph) -> GraphReport:
    """Steps, copied paths and roots as nodes; what flows between them as edges."""
    source = analysis.dockerfile.source
    nodes = [
        (f"step{s.index}", _label(source.text, s), NodeKind(split.placements[s.index].verdict))
        for s in analysis.steps
    ]
    edges = [(f"step{e.source}", f"step{e.target}", e.label) for e in graph.reduced()]
    for index, artifact in enumerate(split.artifacts):
        nodes.append((f"copy{index}", artifact.destination, NodeKind.PATH))
        edges += [(f"step{i}", f"copy{index}", "writes") for i in _writers(analysis, split, artifact.source)]
        for label in artifact.needed_by:
            edges.append((f"copy{index}", f"root:{label}", "is needed by"))
            if (f"root:{label}", label, NodeKind.ROOT) not in nodes:
                nodes.append((f"root:{label}", label, NodeKind.ROOT))
    return GraphReport(tuple(nodes), tuple(edges))


def _label(text: str, step: Step) -> str:
    return " ".join(step.span.of(text).replace("\\\n", " ").split())[:80]


def _writers(analysis: Analysis, split: Split, path: str) -> Iterator[int]:
    place = Place(path, tree=True)
    for step in analysis.steps:
        if split.placements[step.index].builder and any(
            w.kind is not WriteKind.BOOK and overlaps(w.place, place) for w in step.effects.writes
        ):
            yield step.index
