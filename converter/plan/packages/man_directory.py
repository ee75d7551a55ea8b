"""A directory that slim images lack and that some packages need while they are installed.

Packages with alternatives (openjdk, postgresql-client) link their manual pages when they are set up, and fail
where the folder is missing.
"""

from __future__ import annotations

from itertools import groupby

from msgspec.structs import replace

from converter.effects.model import PackageAction
from converter.graph.model import Analysis, Step
from converter.knowledge.packages import needs_man_directory
from converter.plan.evidence.apt_lists import does, is_plain_root
from converter.plan.marks import Marks
from converter.plan.split import Bases, Edit, Packages
from converter.span import Span

MAKE = "mkdir -p /usr/share/man/man1 && "


def with_man_directory(analysis: Analysis, marks: Marks, bases: Bases, packages: Packages) -> Packages:
    """Packages whose edits make the directory in the first RUN that needs it, if the final base became a slim one."""
    if "slim" in analysis.base.reference or "slim" not in bases.final:
        return packages
    for _, found in groupby(analysis.steps, key=lambda step: step.ordinal):
        here = [s for s in found if s.is_run and not s.state_only and s.index in marks.final]
        if here and is_plain_root(here[0]) and any(_needs_it(s, packages) for s in here):
            first = here[0]
            start = first.members[0].span.start
            edits = (Edit(Span(start, start), MAKE), *packages.edits.get(first.index, ()))
            return replace(packages, edits={**packages.edits, first.index: edits})
    return packages


def _needs_it(step: Step, packages: Packages) -> bool:
    """Whether a step of the final stage installs a package that needs the directory."""
    if not does(step, PackageAction.INSTALL):
        return False
    own = {p.name for c in step.effects.packages for p in c.names} & set(packages.final)
    added = {word for edit in packages.edits.get(step.index, ()) for word in edit.text.split()}
    return any(needs_man_directory(name) for name in own | (added & set(packages.added)))
