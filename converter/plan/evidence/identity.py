"""Who commits, as git is told (`git config --global user.email`): for the container, unless the build needs it."""

from __future__ import annotations

from converter.effects.model import PackageAction, Phase
from converter.graph.model import Analysis, Step
from converter.knowledge.packages import programs
from converter.knowledge.version_control import commits
from converter.plan.evidence.removal import removed_later

TOOL = "git"
CONFIG = "config"


def is_for_build(analysis: Analysis, step: Step) -> bool:
    """Whether a step only tells git what later RUNs need of it: they commit, fetch with a password, or remove git."""
    calls = step.invocations
    if step.phase is not Phase.RUNTIME or not calls:
        return False
    if not all(i.name == TOOL and CONFIG in i.arguments for i in calls):
        return False
    later = [s for s in analysis.steps[step.index + 1 :] if s.is_run]
    if any("credential" in word for i in calls for word in i.arguments):
        return any(s.effects.network for s in later)
    committed = any(
        CONFIG not in i.arguments and commits(i.name, i.arguments) for s in later for i in s.invocations
    )
    return committed or _is_removed(analysis)


def _is_removed(analysis: Analysis) -> bool:
    """Whether the author takes away the package of git that he installs."""
    return any(
        removed_later(analysis, step, change, package.name) is not None
        for step in analysis.steps
        for change in step.effects.packages
        if change.action is PackageAction.INSTALL
        for package in change.names
        if TOOL in programs(change.manager, package.name)
    )
