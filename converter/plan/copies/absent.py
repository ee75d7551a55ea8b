"""Files that a command of the final stage names and only the builder has by then: it would fail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from converter.effects.model import WriteKind
from converter.effects.places import Place, covers, join, overlaps
from converter.graph.model import Analysis, Step
from converter.plan.copies.arrival import stands
from converter.plan.copies.artifacts import Copies
from converter.plan.marks import Marks
from converter.plan.split import Edit
from converter.shell.model import Simple, Word
from converter.span import Span

_OWNERS = frozenset({"chown", "chgrp", "chmod"})
_NO_MODE = re.compile(r"-[Rcv]+|--[\w-]+")


def without_absent(analysis: Analysis, marks: Marks, copies: Copies) -> Mapping[int, tuple[Edit, ...]]:
    """Edits that take such operands of `rm`, `chown` and the like out; a step of which nothing is left is dropped."""
    found: dict[int, tuple[Edit, ...]] = {}
    for step in analysis.steps:
        effects = step.effects
        named = effects.deletes or effects.attributes
        if step.index not in marks.final or step.pragmas.keep or not named:
            continue
        brought = list(_brought(copies, step))
        operands = tuple(_operands(step))
        absent = [w for w, place in operands if not any(overlaps(place, b) for b in brought)]
        absent = [w for w, place in operands if w in absent and _only_in_builder(marks, step, place)]
        if absent and len(absent) == len(operands):
            in_builder = step.index in marks.builder
            marks.put(step.index, in_builder, False, "concerns what only the builder has")
        elif absent:
            words = _words(step)
            before = {word: previous.span.end for previous, word in pairwise(words)}
            found[step.index] = tuple(Edit(Span(before[w], w.span.end), "") for w in absent)
    return found


def _brought(copies: Copies, step: Step) -> Iterator[Place]:
    """What copies bring: all that an `rm` might still meet, but for owners and modes only what is there by then."""
    for artifact in copies.artifacts:
        if step.effects.deletes or artifact.producer < step.index:
            yield Place(artifact.destination, tree=artifact.directory)
    for difference in copies.differences:
        if step.effects.deletes or difference.producer < step.index:
            yield Place(difference.prefix, tree=True)


def _words(step: Step) -> tuple[Word, ...]:
    command = step.members[0].command if len(step.members) == 1 else None
    return command.words if isinstance(command, Simple) else ()


def _operands(step: Step) -> Iterator[tuple[Word, Place]]:
    """The words of a command that fails where a file is missing, each with the one path that it stands for."""
    words, commands = _words(step), step.invocations
    if len(commands) != 1 or commands[0].directory is None or len(words) <= len(commands[0].arguments):
        return
    name, arguments = commands[0].name, commands[0].arguments
    options = [a for a in arguments if a.startswith("-")]
    if name not in {"rm", *_OWNERS} or any("f" in o for o in options):
        return
    if name == "chmod" and not all(map(_NO_MODE.fullmatch, options)):
        return  # `chmod -x`
    pairs = zip(words[-len(arguments) :], arguments, strict=True)
    operands = [(word, argument) for word, argument in pairs if argument not in options]
    for word, argument in operands[name in _OWNERS :]:
        yield word, Place(join(commands[0].directory, argument), tree=name in _OWNERS)


def _only_in_builder(marks: Marks, step: Step, place: Place) -> bool:
    """Whether steps of the builder alone make what is named."""
    if stands(marks, step, place.path):
        return False
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
