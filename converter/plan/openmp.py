"""The library of programs that were compiled for OpenMP: the compiler brings it, and no -dev package names it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from converter.context import Context
from converter.effects.model import Phase
from converter.graph.model import Analysis
from converter.knowledge.images import BaseImage
from converter.knowledge.packages import openmp_library
from converter.plan.marks import Marks

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
