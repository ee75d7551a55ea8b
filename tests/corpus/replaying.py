"""Replays the stages of a conversion: what a step found in the original it must find in its stage as well.

Only what the original provably had by an earlier step, and the stage provably has not, counts. Anything that
may bring it there (a step that is not understood, a copy, a package whose programs are not known) is enough.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from converter.dockerfile.model import HOLE, Copy, Dockerfile, From
from converter.dockerfile.pragmas import pragmas
from converter.dockerfile.reader import read
from converter.effects.model import PackageAction, Write, WriteKind
from converter.effects.places import Place, covers, join, overlaps, within
from converter.graph.analysis import analyse
from converter.graph.model import Analysis, Step
from converter.knowledge.image_contents import has_command
from converter.knowledge.packages import programs
from converter.knowledge.places import is_shared
from converter.span import SourceText

BY_NAME = (WriteKind.OUTPUT, WriteKind.FETCH)


class Hit(Struct, frozen=True, order=True):
    """A step of a stage that misses something; `kind` is directory, read, mode, tool or copy."""

    stage: str
    kind: str
    missing: str
    step: str


def replay(original: str, converted: str) -> tuple[Hit, ...]:
    """Everything that a step of the converted file misses and the same step of the original had."""
    before = _analyses(original)[-1]
    known = [_squeezed(before, step) for step in before.steps]
    builder, final = _analyses(converted)
    hits = [*_missing(before, known, builder, "builder"), *_missing(before, known, final, "final")]
    hits += _copies(before, builder, final)
    return tuple(dict.fromkeys(hits))


def _analyses(text: str) -> list[Analysis]:
    """Each stage, analysed as if it were a file of its own."""
    whole = read(SourceText(text))
    starts = [i for i, instruction in enumerate(whole.instructions) if isinstance(instruction, From)]
    ends = [*starts[1:], len(whole.instructions)]
    files: list[Dockerfile] = [
        replace(whole, instructions=whole.instructions[: starts[0]] + whole.instructions[start:end])
        for start, end in zip(starts, ends, strict=True)
    ]
    return [analyse(file, pragmas(file), None, {}) for file in files]


def _squeezed(analysis: Analysis, step: Step) -> str:
    return " ".join(step.span.of(analysis.dockerfile.source.text).replace("\\\n", " ").split())


def _missing(before: Analysis, known: list[str], stage: Analysis, name: str) -> Iterator[Hit]:
    last = -1
    for step in stage.steps:
        text = _squeezed(stage, step)
        same = [i for i, other in enumerate(known) if other == text]
        if not step.is_run or step.state_only or not same:
            continue
        last = next((i for i in same if i > last), same[-1])
        earlier, here = before.steps[:last], stage.steps[: step.index]
        for kind, missing in _misses(before, earlier, before.steps[last], stage, here, step):
            yield Hit(name, kind, missing, text[:120])


def _misses(
    before: Analysis,
    earlier: tuple[Step, ...],
    old: Step,
    stage: Analysis,
    here: tuple[Step, ...],
    step: Step,
) -> Iterator[tuple[str, str]]:
    if all(i.name == "ln" for i in step.invocations) or any(s.effects.opaque for s in here):
        return  # the target of a link need not be there; an unknown step may bring anything
    for directory in _directories(step):
        if within(step.state.workdir or "/", directory):
            continue  # a WORKDIR is made where it is missing
        if _made(earlier, directory) and not _touched(here, Place(directory, tree=True)):
            yield "directory", directory
    written = [w for s in earlier for w in s.effects.writes if w.kind in BY_NAME]
    text = _squeezed(stage, step)
    for place in dict.fromkeys((*step.effects.reads, *step.effects.attributes)):
        if (
            place.exact
            and f"://{place.path.rsplit('/', 2)[-2]}/" not in text
            and any(_names(w, place) for w in written)
            and not _deleted(earlier, place)
        ):
            if not _touched(here, place):
                yield "read", str(place)
    for path in _started(step):
        if _changed(earlier, path) and not _changed(here, path) and not _copied(here, path):
            yield "mode", path
    for tool in step.effects.tools:
        if not _may_have(stage, here, tool) and _had(before, earlier, tool):
            yield "tool", tool


def _directories(step: Step) -> list[str]:
    found = [m.before.directory for m in step.members] + [i.directory for i in step.invocations]
    return [d for d in dict.fromkeys(found) if d is not None and d != "/"]


def _made(steps: tuple[Step, ...], directory: str) -> bool:
    """Whether an earlier step made a directory: mkdir, WORKDIR, or what unpacked or cloned it."""
    for write in (w for s in steps for w in s.effects.writes):
        if write.kind is WriteKind.DIRECTORY and within(write.place.path, directory):
            return not is_shared(directory)
        if write.kind is WriteKind.FETCH and write.place.tree and write.place.path != "/":
            if covers(write.place, Place(directory)) and not is_shared(directory):
                return True
    return False


def _names(write: Write, place: Place) -> bool:
    """Whether a write made this very file, or the tree of its own that holds it."""
    if write.place.path == place.path:
        return True
    return write.place.tree and not is_shared(write.place.path) and covers(write.place, Place(place.path))


def _deleted(steps: tuple[Step, ...], place: Place) -> bool:
    gone = False
    for step in steps:
        if any(covers(d, Place(place.path)) for d in step.effects.deletes):
            gone = True
        if any(_names(w, place) for w in step.effects.writes):
            gone = False
    return gone


def _touched(steps: tuple[Step, ...], place: Place) -> bool:
    return any(
        overlaps(w.place, place) for s in steps for w in s.effects.writes if w.kind is not WriteKind.BOOK
    )


def _started(step: Step) -> list[str]:
    return [
        join(i.directory, i.program)
        for i in step.invocations
        if "/" in i.program and i.directory is not None and HOLE not in i.program
    ]


def _changed(steps: tuple[Step, ...], path: str) -> bool:
    """Whether a step of a RUN changes the mode of a file."""
    return any(
        overlaps(p, Place(path))
        for s in steps
        if any(i.name == "chmod" for i in s.invocations)
        for p in s.effects.attributes
    )


def _copied(steps: tuple[Step, ...], path: str) -> bool:
    """Whether a file comes from the builder, with the mode that it has there."""
    return any(
        isinstance(s.instruction, Copy)
        and s.instruction.flag("from") is not None
        and any(overlaps(w.place, Place(path)) for w in s.effects.writes)
        for s in steps
    )


FOLDERS = ("/usr/local/bin", "/usr/local/sbin", "/usr/bin", "/usr/sbin", "/bin", "/sbin")


def _had(before: Analysis, steps: tuple[Step, ...], tool: str) -> bool:
    """Whether a package brought a tool, or a step wrote it by name."""
    if has_command(before.base, tool):
        return False
    return _installed(steps, tool) or any(
        w.place.path == f"{folder}/{tool}" and w.kind in BY_NAME
        for folder in FOLDERS
        for s in steps
        for w in s.effects.writes
    )


def _installed(steps: tuple[Step, ...], tool: str) -> bool:
    return any(
        tool in programs(change.manager, package.name)
        for s in steps
        for change in s.effects.packages
        if change.action is PackageAction.INSTALL
        for package in change.names
    )


def _may_have(stage: Analysis, here: tuple[Step, ...], tool: str) -> bool:
    """Whether a stage may have a tool: its base, a package, or whatever writes into a folder of programs."""
    if has_command(stage.base, tool) or _installed(here, tool):
        return True
    return any(_touched(here, Place(f"{folder}/{tool}")) for folder in FOLDERS)


def _copies(before: Analysis, builder: Analysis, final: Analysis) -> Iterator[Hit]:
    """What the final stage copies and no step of the builder makes."""
    for step in final.steps:
        if not isinstance(step.instruction, Copy) or step.instruction.flag("from") != builder.stage.name:
            continue
        for word in step.instruction.sources:
            place = Place(word.text.rstrip("/"), tree=True)
            if place.exact and "$" not in place.path and not any(s.effects.opaque for s in builder.steps):
                if _touched(before.steps, place) and not _touched(builder.steps, place):
                    yield Hit("final", "copy", place.path, word.text)
