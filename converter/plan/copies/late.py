"""Files, directories, owners and modes inside what a copy brings only later: the builder has them as well.

What a step of the final stage names is not there yet, and a copy behind it would put other owners and modes over it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from converter.dockerfile.model import Add, Copy
from converter.effects.model import Write, WriteKind
from converter.effects.places import Place, covers, overlaps, within
from converter.graph.makers import makes_parents
from converter.graph.model import Step
from converter.graph.seekers import directories_met
from converter.knowledge.places import is_home
from converter.knowledge.search_path import DEFAULT_FOLDERS
from converter.plan.copies.arrival import stands
from converter.plan.copies.artifacts import Copies
from converter.plan.evidence.ground import Ground
from converter.plan.evidence.provenance import changed_places
from converter.plan.marks import AMBIENT, CONFIGURATION, Marks
from converter.plan.split import Edit
from converter.shell.model import Simple
from converter.span import Span

_LIGHT = (WriteKind.BOOK, WriteKind.DIRECTORY)


def place_late(ground: Ground, marks: Marks, copies: Copies) -> bool:
    """Put such steps into the builder too, or there alone where nothing of the final stage is concerned."""
    changed = False
    for step in marks.steps:
        if step.index not in marks.final or step.index in marks.builder or step.state_only:
            continue
        undone = tuple(_undone(marks, copies, step))
        if undone:
            _keep_order(ground, marks, copies, step, undone)
            changed = True
            continue
        if isinstance(step.instruction, (Copy, Add)):
            over = next(_covered_again(marks, copies, step), None)
            if over is not None:
                marks.to_both(
                    step.index, f"fills {over}, which the builder makes before and a later copy brings"
                )
                changed = True
        if not step.is_run:
            continue
        inside = next(_parents(marks, copies, step), None)
        late = tuple(p for p in step.effects.attributes if _is_late(marks, copies, step, p))
        if inside is not None:
            marks.to_both(step.index, f"makes a directory in {inside}, which the builder makes")
        elif late and {*late} == {*changed_places(step)} and not _is_mixed(marks, copies, step, late):
            marks.to_builder(step.index, f"sets owners or modes of {late[0]}, which is copied later")
        elif late:
            marks.to_both(step.index, f"sets owners or modes of {late[0]}, some of which is copied later")
        else:
            continue
        changed = True
        _bring_needs(ground, marks, step)
    return changed


def _bring_needs(ground: Ground, marks: Marks, step: Step) -> None:
    """Put what a step needs that is in the builder now into it too."""
    for index in ground.graph.needs({step.index}) - marks.builder:
        if not isinstance(marks.steps[index].instruction, AMBIENT + CONFIGURATION):
            marks.to_both(index, "build steps need it too")


def _undone(marks: Marks, copies: Copies, step: Step) -> Iterator[Step]:
    """Later steps of the builder alone whose owners or modes a step behind their copy would set anew."""
    places = [p for p in step.effects.attributes if step.is_run and p.path.startswith("/")]
    brought = tuple(
        Place(a.destination, tree=a.directory) for a in copies.artifacts if a.producer < step.index
    )
    for other in marks.steps[step.index + 1 :] if places and brought else ():
        if other.index not in marks.builder or other.index in marks.final or not other.is_run:
            continue
        if _sets_owners(other) != _sets_owners(step):
            continue
        both = [p for p in other.effects.attributes if any(overlaps(p, place) for place in places)]
        if any(overlaps(p, copied) for p in both for copied in brought):
            yield other


def _sets_owners(step: Step) -> bool:
    """Whether a step sets owners, and not modes, of which neither undoes the other."""
    return not {"chown", "chgrp"}.isdisjoint(step.effects.tools)


def _keep_order(ground: Ground, marks: Marks, copies: Copies, step: Step, undone: tuple[Step, ...]) -> None:
    """Owners and modes that are set twice: the first step goes to the builder, else the others come again behind it."""
    places = step.effects.attributes
    if {*places} == {*changed_places(step)} and not _is_mixed(marks, copies, step, places):
        marks.to_builder(
            step.index, f"sets owners or modes of {places[0]}, others of which the builder sets later"
        )
        _bring_needs(ground, marks, step)
        return
    for other in undone:
        place = other.effects.attributes[0]
        marks.put(
            other.index,
            True,
            True,
            f"sets owners or modes of {place} again, which the final stage sets before",
        )


def with_parents(marks: Marks, copies: Copies) -> Mapping[int, tuple[Edit, ...]]:
    """Edits that let a `mkdir` of the final stage make the directories that only the builder has by then."""
    found: dict[int, tuple[Edit, ...]] = {}
    for step in marks.steps:
        if step.index not in marks.final or not step.is_run:
            continue
        if any(True for _ in _parents(marks, copies, step)) or any(_in_settings(marks, copies, step)):
            commands = (m.command for m in step.members if isinstance(m.command, Simple))
            words = [c.words[0] for c in commands if c.words and c.words[0].text == "mkdir"]
            found[step.index] = tuple(Edit(Span(w.span.end, w.span.end), " -p") for w in words)
    return found


def _parents(marks: Marks, copies: Copies, step: Step) -> Iterator[str]:
    """Directories around what a `mkdir` makes that are in the builder alone by then."""
    if makes_parents(step) or step.effects.attributes:
        return
    for directory in directories_met(step):
        if not stands(marks, step, directory) and not _arrived(copies, step, directory):
            if any(overlaps(w.place, Place(directory, tree=True)) for w in _built(marks, step)):
                yield directory


def _in_settings(marks: Marks, copies: Copies, step: Step) -> Iterator[bool]:
    """Whether what a `mkdir` makes lies in settings of a home (`~/.config`) that a tool of the builder may begin."""
    for directory in directories_met(step):
        home, name = posixpath.split(directory)
        hidden = name.startswith(".") and (home == "/root" or is_home(home))
        yield hidden and not stands(marks, step, directory) and not _arrived(copies, step, directory)


def _built(marks: Marks, step: Step) -> Iterator[Write]:
    """What earlier steps of the builder alone wrote."""
    for other in marks.steps[: step.index]:
        if other.index in marks.builder and other.index not in marks.final:
            yield from (w for w in other.effects.writes if w.kind is not WriteKind.BOOK)


def _arrived(copies: Copies, step: Step, path: str) -> bool:
    return any(a.producer < step.index and within(path, a.destination) for a in copies.artifacts) or any(
        d.producer < step.index and within(path, d.prefix) for d in copies.differences
    )


def _covered_again(marks: Marks, copies: Copies, step: Step) -> Iterator[Place]:
    """What a COPY puts over a file of the builder, and a copy behind it would put that file's first state over."""
    for write in step.effects.writes:
        place = write.place
        later = [a.destination for a in copies.artifacts if a.directory and a.producer > step.index]
        later += [d.prefix for d in copies.differences if d.producer > step.index]
        if any(covers(Place(path, tree=True), place) for path in later) and any(
            w.place == place or (w.place.tree and covers(w.place, place) and not _is_program(place))
            for w in _built(marks, step)
            if w.kind not in _LIGHT
        ):
            yield place


def _is_program(place: Place) -> bool:
    """Whether it lies in, or is, a folder of programs: those of a build are hardly ever replaced."""
    return place.path in DEFAULT_FOLDERS or posixpath.dirname(place.path) in DEFAULT_FOLDERS


def _is_late(marks: Marks, copies: Copies, step: Step, place: Place) -> bool:
    """Whether a copy behind a step brings something, made before it, whose owner or mode the step sets.

    What both stages made is brought once more, as the builder has it.
    """
    later = [
        Place(a.destination, tree=a.directory)
        for a in copies.artifacts
        if a.producer > step.index and overlaps(Place(a.destination, tree=a.directory), place)
    ]
    return bool(later) and any(
        w.kind not in _LIGHT and covers(place, w.place) and any(overlaps(w.place, c) for c in later)
        for other in marks.steps[: step.index]
        if other.index in marks.builder
        for w in other.effects.writes
    )


def _is_mixed(marks: Marks, copies: Copies, step: Step, places: tuple[Place, ...]) -> bool:
    """Whether copies leave out some of what a step sets owners or modes of: only the final stage has it by then."""
    whole = [Place(a.destination, tree=True) for a in copies.artifacts if a.directory]
    if not all(any(covers(w, place) for w in whole) for place in places):
        return True
    return any(
        overlaps(write.place, place)
        for other in marks.steps[: step.index]
        if other.index in marks.final - marks.builder
        for write in other.effects.writes
        for place in places
    )
