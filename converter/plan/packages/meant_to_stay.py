"""Packages that stay by the author's own word: marks before a purge, the name of a group, a comment."""

from __future__ import annotations

from msgspec import Struct

from converter.effects.model import PackageAction, PackageChange
from converter.graph.model import Analysis, Step
from converter.knowledge.author_words import is_lasting_group, speaks_of_lasting
from converter.plan.evidence.removal import GONE


class Spared(Struct, frozen=True):
    """Packages that the author marks by name so that a removal leaves them, and the last step that does so."""

    names: tuple[str, ...] = ()
    at: int = -1


def spared_packages(analysis: Analysis) -> Spared:
    """The packages that stay by the author's word: the run-time libraries of `-dev` packages that he purges."""
    found: dict[str, int] = {}
    for step in analysis.steps:
        for change in step.effects.packages:
            if change.action is PackageAction.MARK_MANUAL:
                found |= {p.name: step.index for p in change.names if _sweeps_after(analysis, step, p.name)}
    return Spared(tuple(found), max(found.values(), default=-1))


def _sweeps_after(analysis: Analysis, step: Step, name: str) -> bool:
    """Whether what is automatic is removed by or behind a step, and the package is not."""
    later = [c for s in analysis.removing if s.index >= step.index for c in s.effects.packages]
    named = any(c.action in GONE and name in {p.name for p in c.names} for c in later)
    return not named and any(c.autoremove or c.action is PackageAction.AUTOREMOVE for c in later)


def is_called_lasting(step: Step, change: PackageChange) -> bool:
    """Whether the author says that the packages of an install are for the container too.

    A virtual group does by its name, the comment right above the RUN where the group says nothing.
    """
    if change.group is not None:
        return is_lasting_group(change.group)
    return any(speaks_of_lasting(comment.text) for comment in step.instruction.comments[-1:])
