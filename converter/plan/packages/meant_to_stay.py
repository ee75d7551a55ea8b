"""Packages that stay by the author's own word: marks before a purge, the name of a group, a comment.

What he leaves out of a removal stays too where nobody knows what the container starts.
"""

from __future__ import annotations

from msgspec import Struct

from converter.effects.model import PackageAction, PackageChange
from converter.graph.model import Analysis, Runtime, Step, UnreadScript
from converter.knowledge.author_words import is_lasting_group, speaks_of_lasting
from converter.knowledge.package_kinds import BUILDING
from converter.knowledge.packages import PackageKind, kind, programs
from converter.knowledge.programs import (
    interpreter_of,
    is_called_by_scripts,
    makes_one_product,
    may_call_tools,
)
from converter.plan.evidence.lasting_builds import is_tool_of_lasting_build
from converter.plan.evidence.removal import GONE, is_group_removed, removed_later
from converter.plan.packages.openmp import brings_compiler


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


def is_set_apart(analysis: Analysis, step: Step, change: PackageChange, name: str) -> bool:
    """Whether the author keeps a tool of builds apart from those that he removes.

    Whatever is not in a group that its RUN removes, compilers that he writes beside the list of those
    (`gcc $buildDeps`), and what builds in a tree that he keeps where he only removes what fetched it. Where he removes
    tools anywhere by name or group, those are that scripts call as well: of other compilers he may have forgotten one,
    and of what brings one along.
    """
    if change.group is not None:
        return False
    if kind(change.manager, name) is PackageKind.BUILD and any(
        is_group_removed(analysis, mate, other)
        for mate in analysis.steps
        if mate.ordinal == step.ordinal
        for other in mate.effects.packages
        if other.action is PackageAction.INSTALL
    ):
        return True
    if _stands_beside_list(analysis, step, change, name):
        return True
    if is_tool_of_lasting_build(analysis, step, change.manager, name):
        return True
    scripted = kind(change.manager, name) is PackageKind.USE or _serves_scripts(change.manager, name)
    return (
        scripted
        and _may_call_tools(analysis.runtime)
        and not brings_compiler(step, change.manager, name)
        and _removes_tools(analysis)
    )


def _may_call_tools(runtime: Runtime) -> bool:
    """Whether what cannot be read may call tools of builds: a script in a language of its own hardly does."""
    unread = runtime.unreadable
    return not unread or any(not isinstance(u, UnreadScript) or may_call_tools(u.path) for u in unread)


def _stands_beside_list(analysis: Analysis, step: Step, change: PackageChange, name: str) -> bool:
    """Whether a compiler is written out in an install that also takes a list by its variable, which is removed."""
    compiles = any(map(makes_one_product, programs(change.manager, name)))
    written = any(package.name == name and package.literal for package in change.names)
    return (
        compiles
        and written
        and any(
            not package.literal
            and removed_later(analysis, step, change, package.name, same_layer=True) is not None
            for package in change.names
        )
    )


def sets_tools_apart(analysis: Analysis) -> bool:
    """Whether the author keeps any tool of builds apart from those that he removes."""
    return any(
        kind(change.manager, package.name) in (*BUILDING, PackageKind.VCS)
        and removed_later(analysis, step, change, package.name) is None
        and is_set_apart(analysis, step, change, package.name)
        for step in analysis.steps
        for change in step.effects.packages
        if change.action is PackageAction.INSTALL
        for package in change.names
    )


def _serves_scripts(manager: str, name: str) -> bool:
    """Whether a tool of builds is one that scripts call as well, and nothing but that."""
    brought = programs(manager, name)
    called = [program for program in brought if is_called_by_scripts(program)]
    return bool(called) and all(p in called or interpreter_of(p) is not None for p in brought)


def _removes_tools(analysis: Analysis) -> bool:
    """Whether the author takes tools of builds out again by their names, or that of their group."""
    removed = {
        p.name for s in analysis.removing for c in s.effects.packages if c.action in GONE for p in c.names
    }
    return any(
        kind(change.manager, package.name) in BUILDING and bool({package.name, change.group} & removed)
        for step in analysis.steps
        for change in step.effects.packages
        if change.action is PackageAction.INSTALL
        for package in change.names
    )
