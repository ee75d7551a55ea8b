"""Improvements that change artifacts, for those who ask: `--optimize strip,prune-dev`."""

from __future__ import annotations

from collections.abc import Iterator

from converter.effects.model import Phase
from converter.graph.model import Analysis
from converter.plan.insertions import as_root
from converter.plan.marks import Marks
from converter.plan.split import Artifact, Insertion, Stage

COMPILERS = frozenset({"gcc", "g++", "cc", "c++", "make", "cmake", "ninja", "meson", "clang"})
WITH_SYMBOLS = COMPILERS | {"go", "cargo", "rustc"}
"""What makes programs with symbols; where the builder has no strip, they stay as they are."""


def optimized(
    analysis: Analysis, marks: Marks, artifacts: tuple[Artifact, ...], wanted: frozenset[str]
) -> Iterator[Insertion]:
    """Lines at the end of the builder: symbols leave programs, development dependencies leave npm applications."""
    if not artifacts or not marks.builder:
        return
    last = max(marks.builder)
    built = [s for s in analysis.steps if s.index in marks.builder and s.index not in marks.final]
    if "strip" in wanted and any(
        s.phase is Phase.BUILD and WITH_SYMBOLS & set(s.effects.tools) for s in built
    ):
        paths = " ".join(dict.fromkeys(a.source for a in artifacts))
        text = (
            f"RUN find {paths} -type f \\( -perm /111 -o -name '*.so*' \\)"
            " -exec strip --strip-unneeded '{}' ';' 2>/dev/null || true"
        )
        yield Insertion(
            Stage.BUILDER, last, as_root(analysis, last, text), "# Programs without their symbols"
        )
    if "prune-dev" in wanted:
        for artifact in artifacts:
            step = next((s for s in reversed(built) if _installs_npm_in(s.index, analysis, artifact)), None)
            if step is not None:
                directory = artifact.source.removesuffix("/node_modules")
                text = f"RUN cd {directory} && npm prune --omit=dev"
                yield Insertion(Stage.BUILDER, last, text, "# Without development dependencies")


def _installs_npm_in(index: int, analysis: Analysis, artifact: Artifact) -> bool:
    """Whether a step installs an application's npm packages in what is copied."""
    step = analysis.steps[index]
    local = any(c.ecosystem == "npm" and not c.global_ for c in step.effects.libraries)
    return (
        artifact.directory
        and local
        and any(w.place.path.startswith(artifact.source) for w in step.effects.writes)
    )
