"""Folders that packages are installed as links to: what is installed is the folder itself."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from itertools import pairwise

from converter.effects.model import Invocation
from converter.effects.places import Place, join, within
from converter.graph.model import Analysis, Root, RootKind
from converter.knowledge.programs import linked_folders

_EDITABLE = re.compile(r"(?:-e|--editable=)(?=[./])(.+)")


def linked_in(path: str, analysis: Analysis) -> Iterator[Root]:
    """Roots for what a tree holds of such folders: `pip install -e .`, `setup.py develop`, `npm install -g .`."""
    for step in analysis.steps:
        for invocation in step.invocations:
            for word in _linked(invocation):
                place = Place(join(invocation.works_in or "/", word.partition("[")[0]), tree=True)
                if place.known and "://" not in word and within(place.path, path):
                    line = analysis.dockerfile.source.line(step.span.start)
                    yield Root(place, RootKind.CONTENT, f"the editable install of line {line}")


def _linked(invocation: Invocation) -> Iterator[str]:
    """The folders that a command links to, as it names them."""
    words = invocation.arguments
    if invocation.name.startswith(("pip", "python", "uv")):
        yield from (b for a, b in pairwise(words) if a in ("-e", "--editable"))
        yield from (found[1] for word in words if (found := _EDITABLE.fullmatch(word)))
        if words and posixpath.basename(words[0]) == "setup.py" and "develop" in words:
            yield posixpath.dirname(words[0]) or "."
    yield from linked_folders(invocation.name, words)
