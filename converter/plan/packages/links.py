"""Links to a library's name for linkers (`libldap.so`), which leaves the final stage with its -dev package.

A program that is built finds the library by such a link. Where the package is gone it leads nowhere, for whoever
might look for it.
"""

from __future__ import annotations

import re

from converter.effects.model import PackageAction, WriteKind
from converter.effects.places import covers
from converter.graph.model import Analysis, Step
from converter.knowledge.images import BaseImage
from converter.knowledge.packages import linked_libraries
from converter.plan.marks import Marks
from converter.plan.split import Packages

_FOR_LINKERS = re.compile(r"(?:/usr)?/lib/[a-z0-9_]+-linux-[a-z]+/(?P<name>lib[A-Za-z_+-]+)\.(?:so|a)")
"""A name without a version in Debian's directories of libraries: only packages put files there."""


def drop_links(analysis: Analysis, marks: Marks, packages: Packages, final: BaseImage) -> None:
    """Take links out of the final stage whose targets left it; an image with -dev packages of its own may have them."""
    for step in marks.steps if not final.build_libraries else ():
        if step.index in marks.final and not step.pragmas.keep and _is_dangling(analysis, step, packages):
            if not _is_named(analysis, marks, step):
                built = step.index in marks.builder
                marks.put(step.index, built, False, "links what only a -dev package of the builder has")


def _is_dangling(analysis: Analysis, step: Step, packages: Packages) -> bool:
    """Whether a step only makes one link, to what a -dev package has that the final stage does not install."""
    reads, writes = step.effects.reads, step.effects.writes
    if [i.name for i in step.invocations] != ["ln"] or len(reads) != 1 or len(writes) != 1:
        return False
    found = _FOR_LINKERS.fullmatch(reads[0].path)
    if found is None or writes[0].kind is not WriteKind.OUTPUT or not writes[0].place.exact:
        return False
    bringing = {
        package.name
        for s in analysis.steps
        for change in s.effects.packages
        for package in change.names
        if change.action is PackageAction.INSTALL and change.manager == "apt"
        if found["name"] in linked_libraries(change.manager, package.name)
    }
    made = any(
        w.kind is not WriteKind.BOOK and covers(w.place, reads[0])
        for s in analysis.steps[: step.index]
        for w in s.effects.writes
    )
    return bool(bringing) and not bringing & {*packages.final} and not made


def _is_named(analysis: Analysis, marks: Marks, step: Step) -> bool:
    """Whether another line of the final stage names the link."""
    text = analysis.dockerfile.source.text
    name = step.effects.writes[0].place.path.rpartition("/")[2]
    return any(
        name in (other.span if other.is_run else other.instruction.span).of(text)
        for other in marks.steps
        if other.index in marks.final and other.index != step.index
    )
