"""What VOLUME does for the builder, which has none: it makes directories."""

from __future__ import annotations

from converter.dockerfile.model import Volume
from converter.effects.model import WriteKind
from converter.effects.places import within
from converter.graph.dependency import DependencyGraph
from converter.graph.model import Analysis
from converter.plan.discovery import as_root
from converter.plan.marks import Marks
from converter.plan.split import Insertion, Stage


def volume_directories(analysis: Analysis, graph: DependencyGraph, marks: Marks) -> tuple[Insertion, ...]:
    """`mkdir` in the builder for VOLUMEs that a RUN there works in: the instruction itself is the final stage's."""
    found: list[Insertion] = []
    for step in analysis.steps:
        if not isinstance(step.instruction, Volume):
            continue
        users = [e.target for e in graph.used_by(step.index) if e.target in marks.builder]
        wanted = [
            w.place.path
            for w in step.effects.writes
            if w.place.exact and any(_first_uses(analysis, marks, w.place.path, step.index, u) for u in users)
        ]
        if wanted:
            text = as_root(analysis, step.index, f"RUN mkdir -p {' '.join(wanted)}")
            found.append(Insertion(Stage.BUILDER, step.index, text))
    return tuple(found)


def _first_uses(analysis: Analysis, marks: Marks, path: str, volume: int, user: int) -> bool:
    """Whether a RUN of the builder uses a directory that nothing else makes there before."""
    step = analysis.steps[user]
    written = [w.place for w in step.effects.writes if w.kind is not WriteKind.DIRECTORY]
    inside = any(within(p.path, path) for p in written) or any(
        i.directory not in (None, step.state.workdir) and within(i.directory or "/", path)
        for i in step.invocations
    )
    made = any(
        s.index in marks.builder and any(within(w.place.path, path) for w in s.effects.writes)
        for s in analysis.steps[:user]
        if s.index != volume
    )
    return step.is_run and inside and not made
