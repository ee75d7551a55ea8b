"""Deletions of programs that only packages which leave the final stage bring: `rm` would end the build there."""

from __future__ import annotations

import posixpath

from converter.effects.model import WriteKind
from converter.effects.places import Place, overlaps
from converter.graph.model import Analysis, Step
from converter.knowledge.images import BaseImage, has_command
from converter.knowledge.installed_sizes import PACKAGED, holding, installed
from converter.knowledge.package_kinds import CERTIFICATES
from converter.knowledge.packages import brings_certificates, programs
from converter.knowledge.search_path import DEFAULT_FOLDERS
from converter.plan.evidence.provenance import only_deletes
from converter.plan.marks import Marks
from converter.plan.split import Packages


def drop_left_programs(analysis: Analysis, marks: Marks, packages: Packages, final: BaseImage) -> None:
    """Take deletions out of the final stage that find nothing there: the program left with its package."""
    deleting = [
        step
        for step in marks.steps
        if step.index in marks.final and step.is_run and only_deletes(step) and not step.pragmas.keep
    ]
    if not deleting or not packages.leaving or final.family not in PACKAGED:
        return
    base = holding(final)
    there = frozenset() if base is None else base.packages
    left = _programs(_with_recommended(packages.leaving), there) - _programs(packages.final, frozenset())
    for step in deleting:
        deletes = step.effects.deletes
        if all(_name(p) in left and not has_command(final, _name(p)) for p in deletes):
            if not any(_is_made(analysis, step, place) for place in deletes):
                built = step.index in marks.builder
                marks.put(step.index, built, False, "deletes what left with its package")


def _with_recommended(names: tuple[str, ...]) -> tuple[str, ...]:
    """Packages with the certificates that some of them bring along, and so the program that lists these."""
    return (*names, CERTIFICATES) if any(brings_certificates("apt", name) for name in names) else names


def _programs(names: tuple[str, ...], there: frozenset[str]) -> frozenset[str]:
    """What packages bring, and what they depend on, without what is there."""
    brought = {*installed(names, there), *names} - there
    return frozenset(program for name in brought for program in programs("apt", name))


def _name(place: Place) -> str:
    """The program that a place names, or nothing."""
    folder, name = posixpath.split(place.path)
    return name if place.exact and not place.tree and folder in DEFAULT_FOLDERS else ""


def _is_made(analysis: Analysis, step: Step, place: Place) -> bool:
    """Whether a line of the file may have put something there itself."""
    return any(
        w.kind is not WriteKind.BOOK and overlaps(w.place, place)
        for other in analysis.steps[: step.index]
        for w in other.effects.writes
    )
