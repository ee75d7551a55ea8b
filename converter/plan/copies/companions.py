"""What lies beside a compiled program: the author's COPY is replayed without the sources.

With a build context the entries are known one by one; without one only names can be judged. Entries of the
compiler's languages, tests, documentation and build files stay in the builder.
"""

from __future__ import annotations

import posixpath

from msgspec import Struct

from converter.context import Context
from converter.dockerfile.model import Add, Copy
from converter.effects.model import Phase
from converter.effects.places import overlaps, within
from converter.graph.model import RootKind, Step
from converter.knowledge.places import is_source, needed_at_run_time
from converter.plan.evidence.ground import Ground
from converter.plan.marks import Marks
from converter.plan.split import Edit

MOST_LINES = 8
"""More COPY lines than this are not clearer than the author's one."""


class _Wanted(Struct, frozen=True):
    """Files copied side by side, and folders that each need a line of their own."""

    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


def replay_companions(ground: Ground, marks: Marks, context: Context | None) -> dict[int, tuple[Edit, ...]]:
    """Edits of COPY instructions of the final stage; those that bring nothing needed move to the builder."""
    edits: dict[int, tuple[Edit, ...]] = {}
    for step in ground.analysis.steps:
        if step.index not in marks.final or step.index not in marks.builder:
            continue
        if _is_for_compilers(ground, marks, step):
            marks.to_builder(step.index, "brings sources that only build steps read")
            continue
        if not _beside_a_program(ground, step):
            continue
        instruction = step.instruction
        assert isinstance(instruction, (Copy, Add))
        if instruction.heredocs or instruction.flag("from") is not None:
            continue
        sources = [word.text.strip("\"'") for word in instruction.sources]
        wanted = _wanted(sources, context)
        if wanted is None:
            continue
        if not wanted.files and not wanted.folders:
            marks.to_builder(step.index, "brings only sources of the program")
        elif len(wanted.folders) + bool(wanted.files) <= MOST_LINES:
            edits[step.index] = (Edit(instruction.span, _lines(ground, step, wanted)),)
    return edits


def _is_for_compilers(ground: Ground, marks: Marks, step: Step) -> bool:
    """Whether a COPY brings sources of a compiled language, one by one, that build steps read and no root names."""
    instruction, runtime = step.instruction, ground.analysis.runtime
    if not isinstance(instruction, (Copy, Add)) or instruction.heredocs or runtime.opaque:
        return False
    if not all(is_source(word.text.strip("\"'")) for word in instruction.sources):
        return False
    places = [w.place for w in step.effects.writes]
    if any(r.kind is not RootKind.DIRECTORY and overlaps(r.place, p) for r in runtime.roots for p in places):
        return False
    users = [marks.steps[edge.target] for edge in ground.graph.used_by(step.index)]
    return any(u.phase is Phase.BUILD for u in users) and all(
        u.index in marks.builder and u.index not in marks.final for u in users
    )


def _beside_a_program(ground: Ground, step: Step) -> bool:
    if not isinstance(step.instruction, (Copy, Add)):
        return False
    for tree in ground.trees:
        inside = all(within(w.place.path, tree.path) for w in step.effects.writes)
        if inside and tree.application and tree.roots and tree.path not in ground.whole:
            return all(root.kind is not RootKind.CONTENT for root in tree.roots)
    return False


def _wanted(sources: list[str], context: Context | None) -> _Wanted | None:
    """What of the sources is needed; None where all of it is, or it cannot be told."""
    files: list[str] = []
    folders: list[str] = []
    left_out = False
    for source in sources:
        name = posixpath.basename(source.rstrip("/"))
        plain = source.removeprefix("./").strip("/")
        whole = plain in ("", ".")
        if context is None or "*" in source or "$" in source or not (whole or context.exists(plain)):
            if whole or not name or needed_at_run_time(name):
                return None
            left_out = True
        elif whole or context.is_directory(plain):
            folder = "" if whole else plain
            for entry in context.list(folder):
                path = posixpath.join(folder, entry)
                if not _needed(context, path):
                    left_out = True
                elif context.is_directory(path):
                    folders.append(path)
                else:
                    files.append(path)
            if not whole and not left_out:
                return None
        elif needed_at_run_time(name):
            files.append(plain)
        else:
            left_out = True
    return _Wanted(tuple(files), tuple(folders)) if left_out else None


def _needed(context: Context, path: str) -> bool:
    """Whether a program may read an entry: a file by its name, a folder by any file in it."""
    if not needed_at_run_time(posixpath.basename(path)):
        return False
    if not context.is_directory(path):
        return True
    return any(
        all(needed_at_run_time(part) for part in file.split("/")) for file in context.walk(path, 2_000)
    )


def _lines(ground: Ground, step: Step, wanted: _Wanted) -> str:
    """COPY lines with the author's keyword and flags; a folder keeps its name under the destination."""
    instruction = step.instruction
    assert isinstance(instruction, (Copy, Add))
    text = ground.analysis.dockerfile.source.text
    head = text[instruction.span.start : instruction.sources[0].span.start]
    target = instruction.destination.text
    base = target if target.endswith("/") else f"{target}/"
    lines = []
    if wanted.files:
        lines.append(f"{head}{' '.join(wanted.files)} {base}")
    lines += [
        f"{head}{folder} {base.removeprefix('./')}{posixpath.basename(folder)}" for folder in wanted.folders
    ]
    return "\n".join(lines)
