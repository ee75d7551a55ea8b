"""What the author removes again: the proof that a package is build time only."""

from __future__ import annotations

from converter.effects.model import PackageAction, PackageChange
from converter.effects.package_names import name_in_file
from converter.graph.model import Analysis, Step
from converter.shell.model import Pipeline, Simple

GONE = (PackageAction.REMOVE, PackageAction.PURGE)


def removed_later(
    analysis: Analysis, step: Step, change: PackageChange, name: str, same_layer: bool = False
) -> bool | None:
    """Whether a later step removes a package: true with what it brought, false without, None if it stays.

    With `same_layer` only a removal by the same RUN counts, which alone makes the image smaller.
    Only what certainly happens counts: not the branches of an `if`. Marks (`apt-mark auto '.*'`, then a
    purge of whatever is automatic) concern the packages of their own RUN, since earlier ones are marked
    back by hand.
    """
    name = name_in_file(name) or name
    marked_auto = False
    manual: set[str] = set()
    saved = False
    for other in analysis.removing:
        if other.index <= step.index or (same_layer and other.ordinal != step.ordinal):
            continue
        # `x="$(apt-mark showmanual)"` behind the install: what is there already is marked back later
        saved = saved or (
            other.state_only and "apt-mark" in other.effects.tools and other.ordinal == step.ordinal
        )
        if not all(isinstance(m.command, (Simple, Pipeline)) for m in other.members):
            continue
        for later in other.effects.packages:
            names = {p.name for p in later.names}
            match later.action:
                case PackageAction.REMOVE | PackageAction.PURGE | PackageAction.AUTOREMOVE:
                    if name in names or (change.group is not None and change.group in names):
                        return later.autoremove or later.manager != "apt" or _autoremoves(analysis, other)
                    sweeps = later.autoremove or later.action is PackageAction.AUTOREMOVE
                    if marked_auto and sweeps and name not in manual:
                        return True
                case PackageAction.MARK_AUTO if other.ordinal == step.ordinal and not saved:
                    marked_auto = marked_auto or not names or name in names or any("*" in n for n in names)
                case PackageAction.MARK_MANUAL:
                    manual |= names
                case _:
                    pass
    return None


def is_gone_at_end(analysis: Analysis, after: int, name: str) -> bool:
    """Whether the author removes a package by its name behind a step, and does not install it by that again.

    apk only forgets that it was asked for a package that others need.
    """
    gone = False
    for step in analysis.steps[after + 1 :]:
        for change in step.effects.packages:
            if change.manager != "apk" and name in {package.name for package in change.names}:
                certain = all(isinstance(m.command, (Simple, Pipeline)) for m in step.members)
                gone = certain and change.action in GONE
    return gone


def is_group_removed(analysis: Analysis, step: Step, change: PackageChange) -> bool:
    """Whether a later step removes the group of an install by name, whatever packages are in it."""
    return change.group is not None and any(
        later.action in GONE and change.group in {p.name for p in later.names}
        for other in analysis.removing
        if other.index > step.index
        for later in other.effects.packages
    )


def _autoremoves(analysis: Analysis, step: Step) -> bool:
    """Whether an autoremove follows a removal."""
    return any(
        c.action is PackageAction.AUTOREMOVE or (c.autoremove and c.action in GONE)
        for s in analysis.steps[step.index :]
        for c in s.effects.packages
    )
