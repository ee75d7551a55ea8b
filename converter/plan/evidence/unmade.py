"""What a file names, and no step is known to make: an install that nobody can read may."""

from __future__ import annotations

import re
from collections.abc import Iterator

from converter.effects.model import Basis, Phase, Write, WriteKind
from converter.effects.places import within
from converter.graph.model import Analysis, Step


def is_unlikely(analysis: Analysis, step: Step, write: Write) -> bool:
    """Whether an unread install of a language package hardly fills a directory of the system.

    Few do. It may where nobody knows what the container starts, or where the file names something there. In /usr much
    that is named is the base's; beside the packages of an official image, it is not where such files go.
    """
    if step.phase is not Phase.LIBRARY or write.basis is not Basis.UNKNOWN:
        return False
    if write.place.path == "/usr":
        return not analysis.runtime.opaque or "python" in analysis.base.languages
    return not analysis.runtime.opaque and not names_unmade(analysis, write.place.path)


def names_unmade(analysis: Analysis, place: str) -> bool:
    """Whether the file names something below a place that no step is known to make."""
    made = [
        w.place
        for s in analysis.steps
        for w in s.effects.writes
        if touches(w, place) and w.basis is not Basis.UNKNOWN and w.kind is not WriteKind.EDIT
    ]
    return any(
        path != place and not any(m.path == path or (m.tree and within(path, m.path)) for m in made)
        for path in _named(analysis, place)
    )


def touches(write: Write, place: str) -> bool:
    """Whether a write puts something below a place, or makes all that is around it."""
    return write.kind is not WriteKind.BOOK and (
        within(write.place.path, place) or (write.place.tree and within(place, write.place.path))
    )


def _named(analysis: Analysis, place: str) -> Iterator[str]:
    """Paths below a place that roots or words of commands name."""
    yield from (root.place.path for root in analysis.runtime.roots if within(root.place.path, place))
    pattern = re.compile(rf"(?<![\w./-]){place}/[\w.@+/-]+")
    for step in analysis.steps:
        for invocation in step.invocations:
            for word in invocation.arguments:
                yield from (path.rstrip("/") for path in pattern.findall(word))
