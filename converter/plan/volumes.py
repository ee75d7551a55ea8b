"""What VOLUME does for the builder, which has none: it makes directories."""

from __future__ import annotations

from converter.dockerfile.model import Volume
from converter.effects.places import within
from converter.knowledge.places import is_shared
from converter.plan.marks import Marks
from converter.plan.split import Insertion, Stage


def volume_directories(marks: Marks) -> tuple[Insertion, ...]:
    """Directories that only VOLUME makes and that steps of the builder, which has no VOLUME, stand in."""
    built = [s for s in marks.steps if s.index in marks.builder]
    found: list[Insertion] = []
    for step in marks.steps:
        if not isinstance(step.instruction, Volume):
            continue
        for path in dict.fromkeys(w.place.path for w in step.effects.writes if w.place.exact):
            made = any(
                within(w.place.path, path) for s in built for w in s.effects.writes if s.index < step.index
            )
            inside = [i.directory for s in built if s.index > step.index for i in s.invocations]
            if not made and path in inside and not is_shared(path) and path != step.state.workdir:
                found.append(Insertion(Stage.BUILDER, step.index, f"RUN mkdir -p {path}"))
    return tuple(found)
