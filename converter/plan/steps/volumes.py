"""What VOLUME does for the builder, which has none: it makes directories."""

from __future__ import annotations

from converter.dockerfile.model import Volume
from converter.effects.model import WriteKind
from converter.effects.places import within
from converter.graph.model import Analysis
from converter.knowledge.places import is_shared
from converter.plan.insertions import as_root
from converter.plan.marks import Marks
from converter.plan.split import Insertion, Stage


def volume_directories(analysis: Analysis, marks: Marks) -> tuple[Insertion, ...]:
    """`mkdir` in the builder for VOLUMEs that a RUN there works in: the instruction itself is the final stage's."""
    found: list[Insertion] = []
    for step in analysis.steps:
        if not isinstance(step.instruction, Volume):
            continue
        users = [s.index for s in analysis.steps[step.index + 1 :] if s.index in marks.builder and s.is_run]
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
    written = [w.place.path for w in step.effects.writes if w.kind is not WriteKind.DIRECTORY]
    folders = [p.partition("*")[0].rstrip("/") for p in written if "*" in p]
    used = [p for p in written if within(p, path)]
    used += [f for f in folders if f and within(path, f) and not is_shared(f)]
    used += [
        i.directory
        for i in step.invocations
        if i.directory not in (None, step.state.workdir) and within(i.directory or "/", path)
    ]
    made = any(
        s.index in marks.builder
        and any(within(w.place.path, path) or w.place.path in used for w in s.effects.writes)
        for s in analysis.steps[:user]
        if s.index != volume
    )
    return bool(used) and not made
