"""Libraries that packages of Python load by name, while the program runs: no list of linked libraries has them.

An image with compilers has some from the start, and the slim one lacks them. Names that nobody can read (requirements
without a context) add nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from converter.effects.model import LibraryChange
from converter.graph.model import Analysis
from converter.knowledge.libraries import loaded_by_name
from converter.plan.marks import Marks
from converter.plan.split import Bases, Packages

PYTHON = "pypi"


def with_loaded(analysis: Analysis, marks: Marks, bases: Bases, packages: Packages) -> Packages:
    """Adds what the packages that builder steps install may load, where the final base lacks what the old one has."""
    if not bases.narrowed or not analysis.base.build_libraries:
        return packages
    changes = _installed(analysis, marks)
    named = {name.lower().replace("_", "-") for change in changes for name in change.names}
    found = (p for e in loaded_by_name() if named & {*e.names, *e.used_by} for p in e.packages)
    return replace(packages, loaded=tuple(dict.fromkeys((*packages.loaded, *found))))


def _installed(analysis: Analysis, marks: Marks) -> Iterator[LibraryChange]:
    for step in analysis.steps:
        if step.index in marks.builder and step.index not in marks.final:
            yield from (change for change in step.effects.libraries if change.ecosystem == PYTHON)
