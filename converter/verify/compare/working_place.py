"""Directories of the working directory that the conversion lost as a whole, though only sources seem to lie there.

The names of files tell what a build read, not what is read at the start: `npm start` may compile what it runs, and
then a folder of `.d.ts` files is missed. So such a directory is worth a warning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from converter.knowledge.places import is_shared, needed_at_run_time
from converter.verify.compare.built import is_built_tree
from converter.verify.compare.pair import Pair
from converter.verify.compare.places import (
    in_builder_place,
    in_library,
    is_leftover_directory,
    is_leftover_name,
    is_state,
)
from converter.verify.images.lookup import Tree
from converter.verify.images.model import Kind

_HOMES = "/home/"
"""A home is shared by programs, but the author's own places are in it."""


def lost_directories(pair: Pair, lost: Mapping[str, int]) -> Mapping[str, list[str]]:
    """The topmost ones by their parents; `lost` counts for each directory what is told of it anyway."""
    place = pair.before.working_dir.rstrip("/")
    found: dict[str, list[str]] = defaultdict(list)
    if place and (place.startswith(_HOMES) or not is_shared(place)):
        for path, entry in pair.lost():
            parent = path.rpartition("/")[0]
            if (
                entry.kind is Kind.DIRECTORY
                and path.startswith(place + "/")
                and parent in pair.converted.entries
                and not lost.get(path)
                and not _is_left(path, place, pair)
                and any(_read(path, pair))
            ):
                found[parent].append(path)
    return found


def _is_left(path: str, place: str, pair: Pair) -> bool:
    """Whether its place or name says that it is meant to be left behind."""
    names = path.removeprefix(place + "/").split("/")
    return (
        any(is_leftover_directory(name) or is_leftover_name(name) for name in names)
        or in_builder_place(path)
        or in_library(path + "/")
        or is_built_tree(path, pair)
    )


def _read(path: str, pair: Pair) -> Iterator[str]:
    """Files in it that are neither sources of a compiled language nor a build's own, nor a package's."""
    for file in _files(path, pair.original):
        name = file.rpartition("/")[2]
        if (
            needed_at_run_time(name)
            and not is_leftover_name(name)
            and not is_state(file)
            and file not in pair.owned
        ):
            yield file


def _files(path: str, tree: Tree) -> Iterator[str]:
    for name in tree.children.get(path, []):
        inside = f"{path}/{name}"
        if tree.entries[inside].kind is Kind.DIRECTORY:
            if not is_leftover_directory(name):
                yield from _files(inside, tree)
        else:
            yield inside
