"""A directory that slim images lack and that some packages need while they are installed.

Packages with alternatives (openjdk, postgresql-client) link their manual pages when they are set up, and fail
where the folder is missing.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from converter.effects.model import PackageAction
from converter.graph.model import Analysis
from converter.knowledge.packages import needs_man_directory
from converter.plan.apt_lists import does, is_plain_root
from converter.plan.placement import Marks
from converter.plan.split import Bases, Edit, Packages
from converter.span import Span

MAKE = "mkdir -p /usr/share/man/man1 && "


def with_man_directory(analysis: Analysis, marks: Marks, bases: Bases, packages: Packages) -> Packages:
    """Packages whose edits make the directory in the RUN that needs it, where the final base became a slim one."""
    if "slim" in analysis.base.reference or "slim" not in bases.final:
        return packages
    edits = dict(packages.edits)
    for _, found in groupby(analysis.steps, key=lambda step: step.ordinal):
        here = [s for s in found if s.is_run and not s.state_only and s.index in marks.final]
        for step in here:
            if not does(step, PackageAction.INSTALL):
                continue
            names = {p.name for c in step.effects.packages for p in c.names} & set(packages.final)
            names |= set(packages.added) if step.index in packages.edits else set()
            if any(needs_man_directory(name) for name in names) and is_plain_root(here[0]):
                start = here[0].members[0].span.start
                edits[here[0].index] = (Edit(Span(start, start), MAKE), *edits.get(here[0].index, ()))
                break
    return replace(packages, edits=edits)
