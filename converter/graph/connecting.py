"""Connects every step with the earlier ones that it needs."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from converter.dockerfile.model import User
from converter.effects.model import Phase, WriteKind
from converter.effects.place_index import PlaceIndex
from converter.effects.places import Place, covers, join, overlaps, within
from converter.graph.dependency import DependencyGraph, Edge
from converter.graph.makers import Maker, maker_of, makes_parents
from converter.graph.model import Runtime, Step
from converter.graph.seekers import Seeker, directories_met, looked_into, named_paths, seeker_of
from converter.knowledge.places import is_header, is_home, is_shared
from converter.knowledge.search_path import DEFAULT_FOLDERS


def dependency_graph(steps: tuple[Step, ...], runtime: Runtime) -> DependencyGraph:
    """Connect every step with the earlier ones whose files, directories or accounts it needs."""
    edges: list[Edge] = []
    makers: list[Maker] = []
    contents = PlaceIndex()
    for step in steps:
        seeker = seeker_of(step, tuple(p for p in named_paths(step) if p in contents))
        met = contents.meeting((*seeker.needs, *seeker.settings))
        started = tuple(_started(step, makers))
        around = dict(_around(step, makers))
        folders = looked_into(step)
        found: list[Edge] = []
        for maker in makers:
            label = (
                _between(maker, seeker, maker.step.index in met)
                or _made_executable(maker, started)
                or _unpacked_tools(maker, folders)
                or around.get(maker.step.index)
            )
            if label is not None:
                found.append(Edge(maker.step.index, step.index, label))
        edges += (*found, *_made_room(step, steps))
        made = maker_of(step, apart=not found)
        if made is not None:
            makers.append(made)
            contents.add(step.index, (w.place for w in made.writes if w.kind is not WriteKind.DIRECTORY))
    return DependencyGraph(steps, runtime, tuple(edges))


def _around(step: Step, makers: list[Maker]) -> Iterator[tuple[int, str]]:
    """For directories that have to be there and that no step makes itself, the first `mkdir -p` below them."""
    for directory in directories_met(step) if makers else ():
        made = [(m.step, w.place.path) for m in makers for w in m.writes if within(w.place.path, directory)]
        there = is_shared(directory) and not is_home(directory)
        if not there and not any(path == directory for _, path in made):
            yield from ((maker.index, path) for maker, path in made[:1] if makes_parents(maker))


def _started(step: Step, makers: list[Maker]) -> Iterator[str]:
    """The paths of programs that a step runs, as far as earlier steps brought them."""
    for invocation in step.invocations:
        if "/" in invocation.program and invocation.directory is not None:
            yield join(invocation.directory, invocation.program)
    for tool in step.effects.tools:
        if step.effects.opaque:  # an author's own program, whose place may not be known
            yield from (f"{folder}/{tool}" for folder in DEFAULT_FOLDERS)
        yield from (maker.commands[tool] for maker in makers if tool in maker.commands)


def _unpacked_tools(maker: Maker, folders: tuple[str, ...]) -> str | None:
    """A folder that is looked into in what a step downloaded and unpacked."""
    for write in maker.writes if folders else ():
        if write.kind is WriteKind.FETCH and write.place.tree:
            for folder in folders:
                if covers(write.place, Place(folder)):
                    return folder
    return None


def _made_room(step: Step, steps: tuple[Step, ...]) -> Iterator[Edge]:
    """To what deletes or moves what a step puts there anew: `rm /bin/sh && ln -s /bin/bash /bin/sh`.

    A link needs the room, even if an earlier RUN makes it.
    """
    put = {w.place for w in step.effects.writes if w.kind is WriteKind.OUTPUT and w.place.exact}
    for other in steps[: step.index] if put and step.is_run else ():
        near = other.ordinal == step.ordinal or any(i.name == "ln" for i in step.invocations)
        if near and not put.isdisjoint(other.effects.deletes):
            yield Edge(other.index, step.index, min(p.path for p in put.intersection(other.effects.deletes)))


def _made_executable(maker: Maker, started: tuple[str, ...]) -> str | None:
    """A program that is run and whose mode a step changes (`chmod +x`)."""
    for path in started if maker.attributes else ():
        if any(overlaps(place, Place(path)) for place in maker.attributes):
            return path
    return None


def _between(maker: Maker, seeker: Seeker, meets: bool) -> str | None:
    """What a step needs of another; `meets` tells whether that one has content which it needs."""
    for write in maker.writes:
        if write.kind is WriteKind.DIRECTORY:
            path = write.place.path
            if (
                _stands_in(seeker, path)
                or _stands_above(seeker, maker.step, path)
                or _is_packed_into(seeker, path)
            ):
                return path
            continue
        if not write.place.tree and write.place.path in seeker.around_work:
            return write.place.path  # a link to a directory
        if meets:
            for need in seeker.needs:
                if overlaps(write.place, need):
                    return str(need)
            for place in seeker.settings:
                if _configures(write.place, place):
                    return str(place)
    if maker.links and seeker.step.phase in (Phase.BUILD, Phase.LIBRARY):
        return maker.links[0]
    for tool in seeker.step.effects.tools:
        if tool in maker.commands:
            return maker.commands[tool]
        for pattern in maker.patterns:
            if fnmatchcase(tool, pattern):
                return maker.patterns[pattern]
    for place in maker.attributes:
        carried = seeker.step.phase is Phase.FOLLOW and place.exact and place.path in seeker.carried
        refused = any(_configures(place, s) for s in seeker.settings)  # a key that others may read
        if carried or refused or any(overlaps(place, Place(path)) for path in seeker.opened):
            return str(place)
    return min(maker.accounts & seeker.owners, default=None) if maker.accounts else None


def _configures(written: Place, place: Place) -> bool:
    """Whether what is written is configuration in a place, and no tree around it or pattern that may be some."""
    return covers(place, written) or (written.exact and written.path == place.path)


def _stands_in(seeker: Seeker, directory: str) -> bool:
    """Whether a step works in a directory, or reads or writes in it."""
    if isinstance(seeker.step.instruction, User):
        return False
    return directory in seeker.around_touched or directory in seeker.around_work


def _is_packed_into(seeker: Seeker, directory: str) -> bool:
    """Whether a directory of manuals was made for an install: links to pages (update-alternatives) need it."""
    return seeker.step.phase is Phase.PACKAGE and is_header(directory)


def _stands_above(seeker: Seeker, maker: Step, directory: str) -> bool:
    """Whether a step works in a directory that `mkdir -p` or VOLUME made on the way to another."""
    passed = any(within(directory, path) for path in seeker.passed)
    return passed and (not maker.is_run or makes_parents(maker))
