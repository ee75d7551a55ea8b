"""Installs of package files by dpkg and rpm, which look for no dependency: it has to be there already."""

from __future__ import annotations

import re
from collections.abc import Iterator

from converter.effects.model import PackageAction, PackageChange
from converter.effects.package_names import is_file, name_in_file
from converter.graph.model import Analysis, Step
from converter.knowledge.packages import tool_class
from converter.knowledge.programs import is_wrapper
from converter.plan.evidence.removal import removed_later
from converter.plan.marks import Marks

_STEM = re.compile(r"(?:.*/)?(?P<stem>[^/_.]+)[^/]*")


def passing_files(analysis: Analysis) -> Iterator[int]:
    """The steps that install package files alone, and of which later steps remove every package again."""
    for step in analysis.steps:
        changes = step.effects.packages
        names = [(change, package.name) for change in changes for package in change.names]
        if (
            names
            and all(c.action is PackageAction.INSTALL and c.complete for c in changes)
            and all(_passes(analysis, step, change, name) for change, name in names)
        ):
            yield step.index


def _passes(analysis: Analysis, step: Step, change: PackageChange, file: str) -> bool:
    """Whether a package of a file is removed again, and no install in between needs its repository."""
    removed = is_file(file) and removed_later(analysis, step, change, file) is not None
    return removed and "repository" not in tool_class(change.manager, name_in_file(file) or file)


def rests_on_base(analysis: Analysis, marks: Marks) -> bool:
    """Whether a package file of the final stage may depend on packages of the base.

    `apt-get -f install` brings what is missing; helpers that only run other programs (tini) need nothing.
    """
    kept = [s for s in analysis.steps if s.index in marks.final and s.is_run]
    first: dict[tuple[str, ...], int] = {}
    for step in kept:
        for change in filter(_is_unchecked, step.effects.packages):
            first.setdefault(tuple(package.name for package in change.names), step.index)
    mended = max((s.index for s in kept if _mends(s)), default=-1)
    return any(index > mended for index in first.values())


def _is_unchecked(change: PackageChange) -> bool:
    return (
        change.manager in ("dpkg", "rpm")
        and change.action is PackageAction.INSTALL
        and not (change.complete and all(_is_helper(package.name) for package in change.names))
    )


def _is_helper(file: str) -> bool:
    found = _STEM.fullmatch(file)
    return found is not None and is_wrapper(found["stem"])


def _mends(step: Step) -> bool:
    """Whether apt is called without names, to install what others depend on."""
    return any(
        c.manager == "apt" and c.action is PackageAction.INSTALL and c.complete and not c.names
        for c in step.effects.packages
    )
