"""Steps that only say which of the builder's tools a name starts: `ln -s /usr/bin/gcc-9 /usr/bin/gcc`."""

from __future__ import annotations

import posixpath

from converter.effects.places import Place, within
from converter.graph.model import Step
from converter.knowledge.packages import PackageKind, kind, programs
from converter.knowledge.programs import relinks
from converter.knowledge.search_path import DEFAULT_FOLDERS
from converter.plan.evidence.ground import Ground
from converter.plan.evidence.outlook import COMMANDS
from converter.plan.evidence.provenance import changed_places

CHOICES = "/etc/alternatives"
TOOLS = (PackageKind.BUILD, PackageKind.VCS)


def is_leaving(ground: Ground, place: Place) -> bool:
    """Whether it is a program that the final stage will not have."""
    folder, name = posixpath.split(place.path)
    return folder in COMMANDS and name in ground.leaving_programs


def only_relinks(ground: Ground, step: Step) -> bool:
    """Whether a step does no more than link, choose or take away tools that the final stage will not have.

    An old link of another name may be taken away for a new one to such a tool.
    """
    names = {i.name for i in step.invocations}
    places = [place for place in changed_places(step) if not within(place.path, CHOICES)]
    targets = step.effects.reads
    if not names or not all(map(relinks, names)) or not (places or targets):
        return False
    if targets:
        return all(_is_tool(ground, p) for p in targets) and all(_is_unused(ground, p) for p in places)
    return all(_is_tool(ground, p) or _is_linked_anew(ground, step, p) for p in places)


def _is_tool(ground: Ground, place: Place) -> bool:
    """Whether it is a program that leaves, and that nothing but packages of tools brings."""
    name = posixpath.basename(place.path)
    kinds = {
        kind(change.manager, package.name)
        for step in ground.analysis.steps
        for change in step.effects.packages
        for package in change.names
        if name in programs(change.manager, package.name)
    }
    return is_leaving(ground, place) and bool(kinds) and kinds <= {*TOOLS}


def _is_unused(ground: Ground, place: Place) -> bool:
    """Whether it is a place of a program that the container is not known to start."""
    folder, name = posixpath.split(place.path)
    runtime = ground.analysis.runtime
    return folder in DEFAULT_FOLDERS and name not in runtime.names | runtime.program_names()


def _is_linked_anew(ground: Ground, step: Step, place: Place) -> bool:
    """Whether the next step that has to do with a place makes it a link to a tool."""
    behind = ground.analysis.steps[step.index + 1 :]
    following = next((s for s in behind if any(w.place == place for w in s.effects.writes)), None)
    return following is not None and bool(following.effects.reads) and only_relinks(ground, following)
