"""What the layers of a built original show: which instruction wrote which paths.

A builder makes one entry of history for each instruction, and a layer for each that changes files. So the last
entries are the file's own instructions in order. Where they do not fit (a builder that squashes), nothing is
observed: the text alone is believed, as without a build.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from converter.dockerfile.model import Dockerfile, Run
from converter.knowledge.books import is_book, package_databases
from converter.knowledge.places import is_home_cache, scratch_place
from converter.observed import Observed
from converter.verify.compare.places import is_state
from converter.verify.images.archive import Layered
from converter.verify.images.layer import Layer
from converter.verify.images.model import Kind

_KEYWORD = re.compile(r"(?:/bin/sh -c )?#\(nop\)\s+(\w+)|^([A-Z]+)\s")


def observe(dockerfile: Dockerfile, layered: Layered, owned: frozenset[str]) -> Observed:
    """What each RUN wrote; `owned` are the paths that packages of the distribution brought."""
    writes: dict[int, tuple[str, ...]] = {}
    keeps: set[int] = set()
    for index, layer, below in _steps(dockerfile, layered):
        if not isinstance(dockerfile.instructions[index], Run):
            continue
        found = tuple(_written(layer, below, owned))
        if found:
            writes[index] = found
        if any(_touches(layer, path) for path in package_databases()):
            keeps.add(index)
    return Observed(built=True, writes=writes, keeps=frozenset(keeps))


def origin(path: str, dockerfile: Dockerfile, layered: Layered) -> int | None:
    """The index of the instruction that last wrote a path or something in it; None for the base and the unknown."""
    last = None
    for index, layer, _ in _steps(dockerfile, layered):
        if _touches(layer, path):
            last = index
    return last


def _touches(layer: Layer, path: str) -> bool:
    """Whether a layer has an absolute path, or something in it."""
    inside = path.lstrip("/")
    return inside in layer.entries or any(name.startswith(inside + "/") for name in layer.entries)


def _steps(dockerfile: Dockerfile, layered: Layered) -> Iterator[tuple[int, Layer, set[str]]]:
    """The instructions that have a layer, with it and the paths of all layers below it."""
    stage = dockerfile.instructions.index(dockerfile.stages[-1])
    indices = range(stage + 1, len(dockerfile.instructions))
    history = layered.history[-len(indices) :] if indices else ()
    if len(history) != len(indices) or sum(not entry.empty for entry in layered.history) != len(
        layered.layers
    ):
        return
    for index, entry in zip(indices, history, strict=True):
        if _keyword(entry.created_by) != type(dockerfile.instructions[index]).__name__.upper():
            return
    own = sum(not entry.empty for entry in history)
    layers = iter(layered.layers[len(layered.layers) - own :])
    below = {path for layer in layered.layers[: len(layered.layers) - own] for path in layer.entries}
    for index, entry in zip(indices, history, strict=True):
        if not entry.empty:
            layer = next(layers)
            yield index, layer, below
            below |= layer.entries.keys()


def _keyword(created_by: str) -> str:
    """The instruction of an entry: BuildKit writes it out, the legacy builder only the command of a RUN."""
    match = _KEYWORD.search(created_by)
    return (match[1] or match[2]).upper() if match else "RUN"


def _written(layer: Layer, below: set[str], owned: frozenset[str]) -> Iterator[str]:
    """New trees (with a slash at their end) and files of a layer, the system's books and packages left out."""
    tree = ""
    for name in sorted(layer.entries):
        path = "/" + name
        if tree and path.startswith(tree):
            continue
        if is_book(path) or path in owned or scratch_place(path) is not None or is_home_cache(path):
            continue
        if is_state(path) and not path.startswith("/etc/"):  # manuals, compiled sources, books of modules
            continue
        if layer.entries[name].kind is not Kind.DIRECTORY:
            yield path
        elif name not in below:
            tree = path + "/"
            yield tree
