"""Packages that a step of the builder installs and no word names: `apt-get build-dep`, what rvm finds missing."""

from __future__ import annotations

from converter.effects.model import PackageAction, Phase
from converter.graph.model import Analysis, Step
from converter.plan.marks import Marks

LISTABLE = ("debian", "ubuntu", "alpine")
"""Families in which the libraries that programs load can be listed."""


def unnamed_packages(analysis: Analysis, marks: Marks) -> Step | None:
    """The first step that brings such packages to the builder alone; what is built may load their libraries."""
    for step in analysis.steps:
        alone = step.index in marks.builder and step.index not in marks.final
        if alone and step.phase in (Phase.BUILD, Phase.LIBRARY):
            for change in step.effects.packages:
                if change.action is PackageAction.INSTALL and not change.complete and not change.names:
                    return step
    return None
