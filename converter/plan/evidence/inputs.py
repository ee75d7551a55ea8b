"""Build-time files that programs of the image read whenever people run them: a script's archive of sources."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from converter.dockerfile.model import Add, Copy
from converter.effects.model import WriteKind
from converter.effects.places import Place, overlaps
from converter.graph.model import Analysis, Step
from converter.knowledge.programs import inputs_of_programs


def is_input(analysis: Analysis, place: Place) -> bool:
    """Whether a file is read by a program that the image has in a folder of programs."""
    readers = (program for program, paths in inputs_of_programs().items() if place.path in paths)
    return place.exact and any(
        overlaps(name, Place(f"/{program}"))
        for program in readers
        for step in analysis.steps
        for name in _programs(analysis, step)
    )


def _programs(analysis: Analysis, step: Step) -> Iterator[Place]:
    """The names, or patterns of names (`docker-php-*`), under which a step puts programs somewhere."""
    instruction = step.instruction
    for write in analysis.live_writes[step.index]:
        folder, name = posixpath.split(write.place.path)
        if write.place.tree and name.endswith("bin") and isinstance(instruction, (Copy, Add)):
            # what has no suffix may be a folder, but is taken for a program then as well
            yield from (Place(f"/{posixpath.basename(word.text)}") for word in instruction.sources)
        elif write.kind is not WriteKind.DIRECTORY and folder.endswith("bin") and write.place.known:
            yield Place(f"/{name}")
