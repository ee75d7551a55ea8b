"""WORKDIRs of the final stage that nothing there is in.

They leave if their directories are there without them, or if only the builder has use for these.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from converter.dockerfile.model import Copy, Run, Workdir
from converter.effects.model import WriteKind
from converter.effects.places import Place, covers, overlaps, within
from converter.graph.model import Analysis, Step
from converter.knowledge.places import has_directory
from converter.plan.copies.artifacts import Copies
from converter.plan.copies.ownership import ROOT
from converter.plan.evidence.ground import Ground
from converter.plan.marks import Marks
from converter.plan.steps.ambient import before_next, relative_next, works_there
from converter.shell.model import Simple


def drop_idle_workdirs(ground: Ground, marks: Marks, copies: Copies, family: str) -> None:
    """Take such WORKDIRs out of the final stage, the last first: others lead there; `family` is that of its base."""
    analysis = ground.analysis
    used: list[Step] = []
    for step in reversed(marks.steps):
        if not isinstance(step.instruction, Workdir) or step.index not in marks.final:
            continue
        if _is_used(marks, step):
            used.insert(0, step)
            continue
        place = step.effects.writes[0].place
        if step.pragmas.keep or not place.exact:
            continue
        if (
            has_directory(family, place.path)
            or _is_made_before(marks, step, place)
            or _is_made_behind(marks, step, place, used)
            or _is_copied(analysis, marks, copies, step, place)
        ):
            built = step.index in marks.builder
            marks.put(step.index, built, False, "nothing there is in it, and the directory is there anyhow")
        elif step.index in marks.builder and _is_built_in(ground, marks, step, place):
            marks.put(step.index, True, False, f"nothing there is in it, and {place} is build time only")


def _is_used(marks: Marks, step: Step) -> bool:
    """Whether the final stage works in the directory, or goes on from there."""
    steps = marks.steps
    behind = next((s for s in steps[step.index + 1 :] if isinstance(s.instruction, Workdir)), None)
    return (
        behind is None
        or before_next(steps, step, Workdir, marks.final)
        or (relative_next(steps, step) and behind.index in marks.final)
    )


def _is_built_in(ground: Ground, marks: Marks, step: Step, place: Place) -> bool:
    """Whether only the builder has use for the directory: nothing of it is copied, and no RUN behind looks for it."""
    return ground.gone(place) and not any(_touching(marks, marks.steps[step.index + 1 :], place))


def _is_made_before(marks: Marks, step: Step, place: Place) -> bool:
    """Whether an earlier step of the final stage certainly makes the directory, and none deletes it."""
    earlier = [s for s in marks.steps[: step.index] if s.index in marks.final]
    made = (path for s in earlier for path in _certainly_made(s))
    gone = any(covers(p, place) for s in earlier for p in s.effects.deletes)
    return not gone and any(within(path, place.path) for path in made)


def _certainly_made(step: Step) -> Iterator[str]:
    """The directories that a step makes whatever happens: a VOLUME makes its own when the container starts."""
    places = [w.place for w in step.effects.writes if w.place.exact and w.kind is WriteKind.DIRECTORY]
    simple = all(isinstance(member.command, Simple) for member in step.members)
    match step.instruction:
        case Workdir() | Run() if simple:
            yield from (place.path for place in places)
        case Copy():
            yield from (posixpath.dirname(w.place.path) for w in step.effects.writes if w.place.exact)
        case _:
            pass


def _is_made_behind(marks: Marks, step: Step, place: Place, used: list[Step]) -> bool:
    """Whether a WORKDIR behind it makes the directory for the same user before anything there needs it."""
    for other in used:
        if other.index > step.index and within(other.effects.writes[0].place.path, place.path):
            between = marks.steps[step.index + 1 : other.index]
            return _by_root(step) and _by_root(other) and not any(_touching(marks, between, place))
    return False


def _is_copied(analysis: Analysis, marks: Marks, copies: Copies, step: Step, place: Place) -> bool:
    """Whether a copy of a whole tree brings the directory, which the builder makes too, before a RUN needs it."""
    left = any(w.place == place for w in analysis.live_writes[step.index])
    bringing = (
        a.producer
        for a in copies.artifacts
        if a.directory
        and a.source == a.destination
        and within(place.path, a.destination)
        and (place.path == a.destination or (step.index in marks.builder and left))
    )
    for producer in bringing:
        between = marks.steps[step.index + 1 : producer + 1]
        if producer < step.index or (_by_root(step) and not any(_touching(marks, between, place))):
            return True
    return False


def _by_root(step: Step) -> bool:
    return step.state.user in ROOT


def _touching(marks: Marks, steps: tuple[Step, ...], place: Place) -> Iterator[Step]:
    """Steps of RUNs in the final stage that may find out whether a directory is there."""
    tree = Place(place.path, tree=True)
    for step in steps:
        if step.index not in marks.final or not step.is_run or step.state_only:
            continue
        effects = step.effects
        touched = (*effects.reads, *effects.deletes, *effects.attributes, *(w.place for w in effects.writes))
        inside = any(within(m.before.directory or "/", place.path) for m in step.members)
        if effects.opaque or (inside and works_there(step)) or any(overlaps(tree, p) for p in touched):
            yield step
