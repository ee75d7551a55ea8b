"""What is copied, settled: steps that depend on what copies bring, and when, are placed anew."""

from __future__ import annotations

from converter.plan.copies.arrival import in_time
from converter.plan.copies.artifacts import Copies, choose_artifacts
from converter.plan.copies.brought import drop_brought
from converter.plan.copies.deletions import delete_directories, place_deletions
from converter.plan.copies.late import place_late
from converter.plan.copies.unread import with_unread
from converter.plan.evidence.ground import Ground
from converter.plan.marks import Marks


def settled_copies(ground: Ground, marks: Marks, listed: int | None) -> Copies:
    """The copies, each in time for the steps that need it; `listed` is the step whose list the builder makes."""
    analysis = ground.analysis
    copies = _chosen(ground, marks)
    if place_deletions(marks, copies):
        copies = _chosen(ground, marks)
    copies = in_time(analysis, marks, copies, listed)
    if place_late(ground, marks, copies):
        copies = in_time(analysis, marks, _chosen(ground, marks), listed)
    drop_brought(analysis, marks, copies)
    delete_directories(marks)
    return copies


def _chosen(ground: Ground, marks: Marks) -> Copies:
    return with_unread(ground, marks, choose_artifacts(ground, marks, ground.analysis.base))
