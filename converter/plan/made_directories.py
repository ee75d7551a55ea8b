"""Directories that both stages would make: the copy brings them."""

from __future__ import annotations

from converter.dockerfile.model import Workdir
from converter.effects.model import Basis
from converter.effects.places import Place, ancestors, overlaps, within
from converter.graph.model import Step
from converter.knowledge.places import is_shared
from converter.plan.marks import Marks
from converter.plan.ownership import ROOT
from converter.plan.split import Artifact


def drop_made_directories(marks: Marks, artifacts: tuple[Artifact, ...]) -> None:
    """A `mkdir` that the builder does too leaves the final stage where a copy brings the directory before its use."""
    for step in marks.steps:
        places = [w.place for w in step.effects.writes]
        if step.index not in marks.builder & marks.final or not step.is_run or not places:
            continue
        if any(i.name != "mkdir" for i in step.invocations) or step.effects.attributes:
            continue
        if step.state.user not in ROOT:
            continue
        copies = [next((a for a in artifacts if _brings(a, step, p)), None) for p in places]
        found = [a for a in copies if a is not None]
        last = max((a.producer for a in found), default=-1)
        between = _between(marks, step.index, last)
        if len(found) == len(places) and not any(_looks_into(s, a) for s in between for a in found):
            marks.to_builder(step.index, "makes a directory that is copied", Basis.PROVEN)


def _brings(artifact: Artifact, step: Step, place: Place) -> bool:
    """Whether a copy behind a step brings a directory."""
    later = artifact.directory and artifact.producer > step.index
    return later and within(place.path, artifact.destination)


def _between(marks: Marks, first: int, last: int) -> tuple[Step, ...]:
    return tuple(s for s in marks.steps[first + 1 : last + 1] if s.index in marks.final)


def _looks_into(step: Step, artifact: Artifact) -> bool:
    """Whether a step needs a directory, or one around it that no system has; a WORKDIR makes what is missing."""
    if isinstance(step.instruction, Workdir):
        return False
    top = next(
        (d for d in reversed(ancestors(artifact.destination)) if not is_shared(d)), artifact.destination
    )
    tree = Place(top, tree=True)
    effects = step.effects
    touched = [*effects.reads, *(w.place for w in effects.writes), *effects.deletes, *effects.attributes]
    stands = (m.before.directory or "/" for m in step.members)
    return any(overlaps(tree, p) for p in touched) or any(within(d, top) for d in stands)
