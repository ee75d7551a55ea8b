"""Folders that packages are installed as links to: what is installed is the folder itself."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from itertools import pairwise

from converter.effects.model import Invocation
from converter.effects.places import Place, join, within
from converter.graph.model import Analysis, Root, RootKind

_EDITABLE = re.compile(r"(?:-e|--editable=)(?=[./])(.+)")
_NODE = frozenset({"npm", "cnpm", "yarn", "yarnpkg", "pnpm", "bun"})
_GLOBALLY = frozenset({"-g", "--global", "--location=global"})
_INSTALL = frozenset({"install", "i", "add", "in"})
_LINK = frozenset({"link", "ln"})


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
    elif invocation.name in _NODE:
        yield from _linked_of_node(words)


def _linked_of_node(words: tuple[str, ...]) -> Iterator[str]:
    """A folder that is installed globally is linked by npm 5 and later, and so is what `link` names."""
    operands = [word for word in words if not word.startswith("-")]
    first = operands[0] if operands else ""
    if first not in _LINK and not (first in _INSTALL and _GLOBALLY & set(words)):
        return
    folders = [word for word in operands[1:] if word.startswith((".", "/", "file:"))]
    yield from (folder.removeprefix("file:") for folder in folders if not folder.endswith(("gz", ".tar")))
    if len(operands) == 1:
        yield "."
