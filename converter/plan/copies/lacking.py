"""Shared directories that language packages may fill and that the base lacks: the builder has them to be copied."""

from __future__ import annotations

from converter.graph.model import Analysis
from converter.knowledge.places import may_lack
from converter.plan.evidence.provenance import is_named
from converter.plan.insertions import as_root
from converter.plan.marks import Marks
from converter.plan.split import Artifact, Insertion, Stage


def lacking_directories(
    analysis: Analysis, marks: Marks, artifacts: tuple[Artifact, ...]
) -> tuple[Insertion, ...]:
    """`mkdir` at the end of the builder for directories that are copied whether anything filled them or not."""
    lacking = [
        a.source
        for a in artifacts
        if may_lack(analysis.base.family, a.source) and not is_named(analysis.steps, a.source)
    ]
    if not lacking:
        return ()
    last = max(marks.builder)
    text = as_root(analysis, last, f"RUN mkdir -p {' '.join(lacking)}")
    return (Insertion(Stage.BUILDER, last, text, "# Not every package fills it"),)
