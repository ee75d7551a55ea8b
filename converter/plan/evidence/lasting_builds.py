"""Builds that the container may do again: their author keeps the tools and the tree, and removes what else he fetched.

That is no more than likely, and asked only where nobody knows what the container starts.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from converter.effects.model import PackageAction, Phase, WriteKind
from converter.effects.places import Place, covers, within
from converter.graph.model import Analysis, Step
from converter.knowledge.package_kinds import BUILDING
from converter.knowledge.packages import PackageKind, kind
from converter.knowledge.places import is_shared, scratch_place
from converter.plan.evidence.removal import removed_later

_FETCHING = (PackageKind.VCS, PackageKind.USE)


class LastingBuild(Struct, frozen=True):
    """A step that builds, and the directory that it leaves as it is."""

    step: Step
    directory: str


def lasting_builds(analysis: Analysis) -> Iterator[LastingBuild]:
    """Builds of RUNs that fetch a tree and only take out what fetched it, with tools that earlier RUNs installed."""
    if not analysis.runtime.opaque:
        return
    for step in analysis.steps:
        directories = dict.fromkeys(i.works_in for i in step.invocations) if step.phase is Phase.BUILD else ()
        left = [d for d in directories if d is not None and _is_left(analysis, step, d)]
        if left and _takes_out_fetchers(analysis, step.ordinal) and _has_tools(analysis, step.ordinal):
            yield from (LastingBuild(step, directory) for directory in left)


def _is_left(analysis: Analysis, step: Step, directory: str) -> bool:
    """Whether a directory is no build-time place, was fetched by the same RUN, and no later step deletes it."""
    return (
        scratch_place(directory) is None
        and directory != "/"
        and not is_shared(directory)
        and any(
            write.kind is WriteKind.FETCH and write.place.tree and within(directory, write.place.path)
            for other in analysis.steps
            if other.ordinal == step.ordinal
            for write in other.effects.writes
        )
        and not any(
            covers(deleted, Place(directory, tree=True))
            for later in analysis.steps[step.index :]
            for deleted in later.effects.deletes
        )
    )


def _takes_out_fetchers(analysis: Analysis, ordinal: int) -> bool:
    """Whether a RUN removes tools that it installed, all of which are for downloads."""
    removed = [
        kind(change.manager, package.name)
        for step in analysis.steps
        if step.ordinal == ordinal
        for change in step.effects.packages
        if change.action is PackageAction.INSTALL
        for package in change.names
        if removed_later(analysis, step, change, package.name, same_layer=True) is not None
    ]
    return bool(removed) and all(found in _FETCHING for found in removed)


def _has_tools(analysis: Analysis, ordinal: int) -> bool:
    """Whether an earlier RUN installs compilers or build tools that stay."""
    return any(
        change.group is None
        and kind(change.manager, package.name) is PackageKind.BUILD
        and removed_later(analysis, step, change, package.name) is None
        for step in analysis.steps
        if step.ordinal < ordinal
        for change in step.effects.packages
        if change.action is PackageAction.INSTALL
        for package in change.names
    )


def is_tool_of_lasting_build(analysis: Analysis, step: Step, manager: str, name: str) -> bool:
    """Whether a package of no group is for a build that may be done again: its RUN is behind the install."""
    return kind(manager, name) in BUILDING and any(
        build.step.ordinal > step.ordinal for build in lasting_builds(analysis)
    )
