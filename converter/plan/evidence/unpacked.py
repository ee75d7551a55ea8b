"""Archives that were unpacked: what is left of them is dead, unless the running container names them."""

from __future__ import annotations

import re

from converter.effects.model import Phase, Write, WriteKind
from converter.effects.places import covers, overlaps
from converter.graph.model import Analysis, RootKind, Step
from converter.plan.marks import Marks

ARCHIVE = re.compile(r"\.(tar(\.\w+)?|t[gbx]z2?|zip|gz|bz2|xz|7z|Z)$")


def is_unpacked(analysis: Analysis, marks: Marks, step: Step, write: Write) -> bool:
    """Whether a fetched file is an archive that later steps of the builder unpack, and that no root names."""
    place = write.place
    if not _is_download(step, write) or place.tree or not place.exact or not ARCHIVE.search(place.path):
        return False
    if any(
        overlaps(root.place, place)
        for root in analysis.runtime.roots
        if root.kind not in (RootKind.CONTENT, RootKind.COMPANION)
    ):
        return False
    users = [
        s
        for s in analysis.steps[step.index + 1 :]
        if any(covers(read, place) for read in s.effects.reads if not read.tree)
    ]
    return any(s.phase is Phase.FETCH for s in users) and all(s.index not in marks.final for s in users)


def _is_download(step: Step, write: Write) -> bool:
    """Whether a step downloads a file, be it through a redirect (`curl URL > FILE`)."""
    return write.kind is WriteKind.FETCH or (write.kind is WriteKind.OUTPUT and step.effects.network)
