"""Files that an `rm` of the final stage names and only the builder has: without -f it would fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from converter.effects.model import WriteKind
from converter.effects.places import Place, covers, join, overlaps
from converter.graph.model import Analysis, Step
from converter.plan.artifacts import Copies
from converter.plan.marks import Marks
from converter.plan.split import Edit
from converter.shell.model import Simple, Word
from converter.span import Span


def without_absent(analysis: Analysis, marks: Marks, copies: Copies) -> Mapping[int, tuple[Edit, ...]]:
    """Edits that take such operands out; a step of which nothing is left is dropped."""
    brought = [Place(a.destination, tree=a.directory) for a in copies.artifacts]
    brought += [Place(d.prefix, tree=True) for d in copies.differences]
    found: dict[int, tuple[Edit, ...]] = {}
    for step in analysis.steps:
        if step.index not in marks.final or not step.effects.deletes:
            continue
        operands = tuple(_operands(step))
        absent = [w for w, place in operands if not any(overlaps(place, b) for b in brought)]
        absent = [w for w, place in operands if w in absent and _only_in_builder(marks, step, place)]
        if absent and len(absent) == len(operands):
            marks.drop(step.index, "deletes what only the builder has")
        elif absent:
            words = _words(step)
            before = {word: previous.span.end for previous, word in pairwise(words)}
            found[step.index] = tuple(Edit(Span(before[w], w.span.end), "") for w in absent)
    return found


def _words(step: Step) -> tuple[Word, ...]:
    command = step.members[0].command if len(step.members) == 1 else None
    return command.words if isinstance(command, Simple) else ()


def _operands(step: Step) -> Iterator[tuple[Word, Place]]:
    """The words of an `rm` that fails where a file is missing, each with the one path that it stands for."""
    words, commands = _words(step), step.invocations
    if len(commands) != 1 or commands[0].name != "rm" or commands[0].directory is None:
        return
    arguments = commands[0].arguments
    options = [a for a in arguments if a.startswith("-")]
    if len(words) <= len(arguments) or any("f" in o for o in options):
        return
    for word, argument in zip(words[-len(arguments) :], arguments, strict=True):
        if argument not in options:
            yield word, Place(join(commands[0].directory, argument))


def _only_in_builder(marks: Marks, step: Step, place: Place) -> bool:
    """Whether steps of the builder alone make what is deleted."""
    makers = [
        other.index in marks.final
        for other in reversed(marks.steps[: step.index])
        if (other.index in marks.builder or other.index in marks.final) and _makes(other, place)
    ]
    return bool(makers) and not (makers[0] if place.exact else any(makers))


def _makes(step: Step, place: Place) -> bool:
    return any(
        w.kind in (WriteKind.OUTPUT, WriteKind.FETCH)
        and (covers(place, w.place) or (w.place.tree and covers(w.place, place)))
        for w in step.effects.writes
    )
