"""Installs of the packages that a file lists where no such file is: they make nothing."""

from __future__ import annotations

import posixpath

from converter.effects.model import Phase, WriteKind
from converter.effects.places import Place, ancestors, overlaps
from converter.graph.model import Analysis, Step
from converter.knowledge.images import Kind
from converter.knowledge.libraries import listing_file


def has_no_listing(analysis: Analysis, step: Step, made: Place) -> bool:
    """Whether nothing brings the file that lists the packages of a directory, such as `node_modules`.

    An image that nobody knows may have it. The manager looks for it in the directories around as well.
    """
    if analysis.base.kind is Kind.UNKNOWN or step.phase is not Phase.LIBRARY or not made.exact:
        return False
    directory = posixpath.dirname(made.path)
    files = [listing_file(i.name, i.arguments) for i in step.invocations if i.directory == directory]
    if len(step.members) != 1 or len([f for f in files if f is not None]) != 1:
        return False
    return not any(
        _may_bring(other, Place(posixpath.join(around, file)))
        for file in files
        if file is not None
        for around in (*ancestors(directory), "/")
        for other in analysis.steps[: step.index]
    )


def _may_bring(step: Step, file: Place) -> bool:
    written = (w.place for w in step.effects.writes if w.kind is not WriteKind.BOOK)
    return step.effects.opaque is not None or any(overlaps(place, file) for place in written)
