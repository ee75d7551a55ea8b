"""Downloads: which of them the builder makes, and whether a copy can bring what becomes of them."""

from __future__ import annotations

import posixpath

from converter.effects.model import Phase, WriteKind
from converter.effects.places import Place, covers, overlaps, within
from converter.graph.model import Step
from converter.knowledge.places import is_shared
from converter.knowledge.programs import only_checks
from converter.plan.evidence.ground import Ground
from converter.plan.evidence.provenance import changed_places
from converter.plan.marks import Marks


def has_names(ground: Ground, marks: Marks, places: tuple[Place, ...]) -> bool:
    """Whether all that a step changes can be copied by name.

    So can /usr/local where the base has nothing there; a builder that does no more than check is not worth it.
    """
    empty = "/usr/local" if ground.analysis.base.usr_local_empty and _does_more(marks) else None
    return bool(places) and not any(
        p.path == "/"
        or not p.known
        or (p.tree and is_shared(p.path) and not (empty and within(p.path, empty)))
        for p in places
    )


def fills_prefix(ground: Ground, step: Step, places: tuple[Place, ...]) -> bool:
    """Whether a step unpacks what is there at the end into directories below /usr that others fill too.

    What it adds can be gathered there; a RUN that deletes its archive again can do all of it in the final stage.
    """
    left = {write.place for live in ground.analysis.live_writes for write in live}
    return (
        step.phase is Phase.FETCH
        and left.issuperset(step.effects.reads)
        and bool(places)
        and all(p.exact and p.tree and p.path != "/usr" and within(p.path, "/usr") for p in places)
    )


def comes_from_builder(ground: Ground, marks: Marks, step: Step, place: Place) -> bool:
    """Whether a named file or tree was made as such by a step of the builder alone that fetches or copies.

    Where it is deleted later, no copy can bring it: then it may as well lie among others that were installed.
    A link to it needs nothing of it.
    """
    if not place.known or all(i.name == "ln" for i in step.invocations):
        return False
    for other in reversed(marks.steps[: step.index]):
        for write in other.effects.writes:
            met = covers(write.place, place) or (not place.exact and overlaps(write.place, place))
            unpacked = write.kind is WriteKind.FETCH and write.place.tree and met
            named = write.kind in (WriteKind.OUTPUT, WriteKind.FETCH) and (
                write.place.path == place.path or _finds(place, write.place)
            )
            deleted = (
                write.kind is WriteKind.INSTALL
                and met
                and write not in ground.analysis.live_writes[other.index]
            )
            if named or deleted or (unpacked and not is_shared(write.place.path)):
                alone = other.index in marks.builder and other.index not in marks.final
                return alone and other.is_run
    return False


def _finds(pattern: Place, file: Place) -> bool:
    """Whether a pattern that says how the names end finds a file: `app-*.tgz`, and no `app-*` for what was in it."""
    ending = posixpath.splitext(pattern.path)[1]
    return not pattern.exact and Place(ending).exact and bool(ending) and covers(pattern, file)


def is_checked(ground: Ground, marks: Marks, step: Step) -> bool:
    """Whether a builder that does more checks the very file that is downloaded (`gpg --verify`): it is copied then."""
    if not _does_more(marks):
        return False
    places = [w.place for w in step.effects.writes if w.kind is not WriteKind.BOOK]
    checks = (
        marks.steps[edge.target]
        for edge in ground.graph.used_by(step.index)
        if edge.target in marks.builder and edge.target not in marks.final
    )
    return has_names(ground, marks, tuple(places)) and any(
        c.is_run and all(ground.gone(p) for p in changed_places(c)) for c in checks
    )


def _does_more(marks: Marks) -> bool:
    """Whether the builder does more than check what others brought."""
    seeds = (s for s in marks.steps if s.index in marks.builder and s.phase in (Phase.BUILD, Phase.LIBRARY))
    return not all(only_checks(s.effects.tools) for s in seeds)


def is_edited(marks: Marks, step: Step) -> bool:
    """Whether the builder alone changes what is downloaded: only its copy is worth something."""
    fetched = [w.place for w in step.effects.writes if w.kind is WriteKind.FETCH]
    return any(
        w.kind is WriteKind.EDIT and any(covers(p, w.place) for p in fetched)
        for other in marks.steps[step.index + 1 :]
        if other.index in marks.builder and other.index not in marks.final
        for w in other.effects.writes
    )


def fetch_moves(ground: Ground, marks: Marks, step: Step) -> bool:
    """Whether a download goes to the builder: its tools would stay for it alone, and what it brings has a name."""
    places = [w.place for w in step.effects.writes if w.kind is not WriteKind.BOOK]
    return has_names(ground, marks, tuple(places)) and bool(set(step.effects.tools) & ground.leaving_programs)


def puts_away(ground: Ground, marks: Marks, step: Step) -> bool:
    """Whether a step moves all of what others downloaded to where only the builder has use for it."""
    effects = step.effects
    written = [w.place for w in effects.writes if w.kind is not WriteKind.BOOK]
    fetched = {
        w.place
        for other in marks.steps[: step.index]
        if other.is_run
        for w in other.effects.writes
        if w.kind is WriteKind.FETCH
    }
    return (
        bool(written)
        and all(map(ground.gone, written))
        and bool(effects.deletes)
        and fetched.intersection(effects.reads).issuperset(effects.deletes)
    )
