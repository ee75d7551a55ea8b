"""The library of programs that were compiled for OpenMP: the compiler brings it, and no -dev package names it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from converter.context import Context
from converter.effects.model import PackageAction, Phase
from converter.graph.model import Analysis, Step
from converter.knowledge.images import BaseImage, has_command
from converter.knowledge.libraries import is_built_for_openmp, may_load_openmp
from converter.knowledge.packages import openmp_library, programs, recommends_compiler
from converter.plan.evidence.removal import removed_later
from converter.plan.marks import Marks
from converter.plan.packages.recommended import takes_recommended
from converter.plan.split import Packages

ASKED = re.compile(
    r"-fopenmp\b|-lgomp\b|--enable-openmp\b|OPENMP\w*=(?:1|ON|yes)\b|OpenMP\b.*REQUIRED|\bAC_OPENMP\b"
)
BUILD_FILES = ("Makefile", "GNUmakefile", "CMakeLists.txt", "configure.ac", "meson.build", "setup.py")


def openmp_packages(
    analysis: Analysis, marks: Marks, final: BaseImage, context: Context | None
) -> tuple[str, ...]:
    """The library's package where a build step, or a build file at the top of the context, asks for OpenMP.

    For Debian's family only: elsewhere the libraries of copied programs are looked up in the final stage.
    """
    library = openmp_library("apt")
    if library is None or final.family not in ("debian", "ubuntu"):
        return ()
    return (library,) if any(map(ASKED.search, _texts(analysis, marks, context))) else ()


def came_with_compiler(
    analysis: Analysis, marks: Marks, packages: Packages, final: BaseImage
) -> tuple[str, ...]:
    """The library's package where modules or programs may load it, which was there because of a compiler that leaves.

    They are built with the compiler, or come ready and count on the system's library (xgboost).
    """
    library = openmp_library("apt")
    if library is None or final.family not in ("debian", "ubuntu") or has_command(final, "gcc"):
        return ()
    built = [s for s in analysis.steps if s.index in marks.builder and s.index not in marks.final]
    loading = any(
        may_load_openmp(change.ecosystem, change.names) for step in built for change in step.effects.libraries
    ) or any(
        is_built_for_openmp(word)
        for step in built
        for invocation in step.invocations
        for word in invocation.arguments
    )
    return (library,) if loading and any(_leave(analysis, step, packages) for step in analysis.steps) else ()


def _leave(analysis: Analysis, step: Step, packages: Packages) -> bool:
    """Whether what a step installs brings a compiler and leaves, and its author does not remove all that it brought."""
    return any(
        package.name in packages.leaving
        and brings_compiler(step, change.manager, package.name)
        and removed_later(analysis, step, change, package.name) is not True
        for change in step.effects.packages
        if change.action is PackageAction.INSTALL
        for package in change.names
    )


def brings_compiler(step: Step, manager: str, name: str) -> bool:
    """Whether an install of a package brings a compiler, by itself or because it recommends one."""
    if "gcc" in programs(manager, name):
        return True
    return takes_recommended(step) and recommends_compiler(manager, name)


def _texts(analysis: Analysis, marks: Marks, context: Context | None) -> Iterator[str]:
    source = analysis.dockerfile.source.text
    compiled = False
    for step in analysis.steps:
        if step.phase is Phase.BUILD and step.index in marks.builder and step.index not in marks.final:
            compiled = True
            yield step.span.of(source)
            for member in step.members:
                yield from (
                    member.before.variables.get(name, "") for name in ("CFLAGS", "CXXFLAGS", "LDFLAGS")
                )
    if compiled and context is not None:
        for name in BUILD_FILES:
            yield context.read_text(name) or "" if context.exists(name) else ""
