"""Installs of the author that take packages to add; what is needed before any of them stands alone."""

from __future__ import annotations

from collections.abc import Sequence

from converter.graph.model import Analysis
from converter.plan.split import Addition
from converter.shell.model import Simple

Kept = tuple[int, str, str]
"""A package that the author installs and that stays: its step, its manager and its name."""


def homes_of(analysis: Analysis, kept: Sequence[Kept], extra: tuple[Addition, ...]) -> dict[str, int | None]:
    """The install that takes each addition: the author's first; None where it is needed before that.

    What the author's own install brings in time is not added.
    """
    needed: dict[str, int] = {}
    for addition in extra:
        last = len(analysis.steps) if addition.needed_by is None else addition.needed_by
        needed[addition.name] = min(last, needed.get(addition.name, last))
    home = _home(analysis, kept)
    return {
        name: home if home is not None and home < step else None
        for name, step in needed.items()
        if not any(own == name and at <= step for at, _, own in kept)
    }


def _home(analysis: Analysis, kept: Sequence[Kept]) -> int | None:
    """The author's first install that something stays in and that can take more names: root's, on one list."""
    for at, manager, _ in kept:
        step = analysis.steps[at]
        simple = all(isinstance(m.command, Simple) for m in step.members)
        if manager in ("apt", "apk") and simple and step.state.user in ("", "root", "0"):
            return at
    return None
