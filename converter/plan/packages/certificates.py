"""Certificates that only packages which leave brought along: apt's recommended ones, and those of apk's libraries."""

from __future__ import annotations

from collections.abc import Iterator

from converter.effects.model import PackageAction, PackageChange, PackageName, Phase, WriteKind
from converter.graph.model import Analysis, Step
from converter.knowledge.images import BaseImage
from converter.knowledge.package_kinds import CERTIFICATES, FAMILIES
from converter.knowledge.packages import brings_certificates, speaks_tls, tool_class
from converter.knowledge.places import scratch_place
from converter.knowledge.programs import interpreter_of, makes_one_product
from converter.plan.copies.optimize import COMPILERS
from converter.plan.evidence.apt_lists import leaves_recommended
from converter.plan.evidence.removal import removed_later
from converter.plan.marks import Marks
from converter.plan.split import Packages

_C = COMPILERS | {"clang++", "musl-gcc"}
_TOOLS = frozenset(
    {"compile", "fetch", "vcs", "unpack", "sign", "repository", "packaging", "debug", "doc", "test", "perl"}
)


def came_with_tools(
    analysis: Analysis, marks: Marks, packages: Packages, final: BaseImage
) -> tuple[str, ...]:
    """The package, if git, curl and the like brought it and none of them stays; node has certificates of its own."""
    base = analysis.base
    if base.certificates or final.certificates or "node" in base.languages:
        return ()
    if CERTIFICATES in packages.build or CERTIFICATES in packages.final:
        return ()
    bringing = tuple(_bringing(analysis))
    managers = {change.manager for _, change, _ in bringing}
    if any(brings_certificates(manager, name) for manager in managers for name in packages.final):
        return ()
    if _only_builds_c(analysis, marks, packages):
        return ()
    left = (removed_later(analysis, step, change, package.name) for step, change, package in bringing)
    return (CERTIFICATES,) if any(removed is not True for removed in left) else ()


def _bringing(analysis: Analysis) -> Iterator[tuple[Step, PackageChange, PackageName]]:
    """The packages of the author that bring certificates along."""
    for step in analysis.steps:
        for change in step.effects.packages:
            if change.action is not PackageAction.INSTALL:
                continue
            if FAMILIES.get(change.manager) == "apt" and leaves_recommended(step):
                continue
            for package in change.names:
                if brings_certificates(change.manager, package.name):
                    yield step, change, package


def _only_builds_c(analysis: Analysis, marks: Marks, packages: Packages) -> bool:
    """Whether all that is left was built by C compilers, and without a library that knows certificates."""
    if set(packages.final) - set(packages.added):
        return False
    names = {(c.manager, p.name) for s in analysis.steps for c in s.effects.packages for p in c.names}
    if any(speaks_tls(*name) or tool_class(*name) - _TOOLS for name in names):
        return False
    built = [s for s in marks.steps if s.index in marks.builder and s.index not in marks.final and s.is_run]
    compiling = [s for s in built if s.phase is Phase.BUILD]
    return (
        bool(compiling)
        and not any(s.effects.libraries or _fetches_what_stays(analysis, s) for s in built)
        and not any(_is_other(tool) for s in compiling for tool in s.effects.tools)
    )


def _fetches_what_stays(analysis: Analysis, step: Step) -> bool:
    """Whether a step downloads or unpacks something that is there at the end, which may be a ready program."""
    return any(
        write.kind is WriteKind.FETCH and scratch_place(write.place.path) is None
        for write in analysis.live_writes[step.index]
    )


def _is_other(tool: str) -> bool:
    """Whether a tool builds, or runs, programs of another language than C."""
    spoken = interpreter_of(tool)
    return (makes_one_product(tool) and tool not in _C) or spoken not in (None, "shell", "perl")
