"""The dependency graph: who writes what others read; the only module that knows networkx."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cached_property
from operator import attrgetter

from msgspec import Struct

from converter.dockerfile.model import User
from converter.effects.model import Phase, Write, WriteKind
from converter.effects.place_index import PlaceIndex
from converter.effects.places import Place, covers, join, overlaps, within
from converter.graph.model import Runtime, Step
from converter.knowledge.packages import data_directories
from converter.knowledge.places import is_header, is_home, is_shared
from converter.knowledge.search_path import DEFAULT_FOLDERS, is_looked_through

_PATH = re.compile(r"(?:^|[=:,@])(/[^=:,@\s'\"]+)")


class Edge(Struct, frozen=True):
    """`target` depends on what `source` did; `label` is the path, account or program between them."""

    source: int
    target: int
    label: str


class DependencyGraph(Struct, frozen=True, dict=True):
    """Steps by index, with edges from the step that makes something to the step that uses it."""

    steps: tuple[Step, ...]
    runtime: Runtime
    edges: tuple[Edge, ...] = ()

    @cached_property
    def _by_source(self) -> Mapping[int, tuple[Edge, ...]]:
        return _grouped(self.edges, attrgetter("source"))

    @cached_property
    def _by_target(self) -> Mapping[int, tuple[Edge, ...]]:
        return _grouped(self.edges, attrgetter("target"))

    def needs(self, targets: Iterable[int]) -> frozenset[int]:
        """All steps that the targets depend on, directly or not, without the targets themselves."""
        wanted = set(targets)
        found: set[int] = set()
        waiting = list(wanted)
        while waiting:
            for edge in self.uses(waiting.pop()):
                if edge.source not in found:
                    found.add(edge.source)
                    waiting.append(edge.source)
        return frozenset(found - wanted)

    def reduced(self) -> tuple[Edge, ...]:
        """The edges that no longer way stands for: what a drawing shows."""
        import networkx  # a tenth of a second, which only a drawing pays for

        graph: networkx.DiGraph[int] = networkx.DiGraph((edge.source, edge.target) for edge in self.edges)
        kept = networkx.transitive_reduction(graph)
        return tuple(edge for edge in self.edges if kept.has_edge(edge.source, edge.target))

    def used_by(self, source: int) -> tuple[Edge, ...]:
        """Edges to the steps that use what a step made."""
        return self._by_source.get(source, ())

    def uses(self, target: int) -> tuple[Edge, ...]:
        """Edges from the steps that a step depends on."""
        return self._by_target.get(target, ())

    def explain(self, place: Place) -> tuple[str, ...]:
        """Who needs a place at run time: labels of the roots that name it or something in it."""
        return tuple(dict.fromkeys(r.label for r in self.runtime.roots if overlaps(r.place, place)))


def _grouped(edges: tuple[Edge, ...], end: Callable[[Edge], int]) -> Mapping[int, tuple[Edge, ...]]:
    found: dict[int, list[Edge]] = {}
    for edge in edges:
        found.setdefault(end(edge), []).append(edge)
    return {step: tuple(of_step) for step, of_step in found.items()}


def dependency_graph(steps: tuple[Step, ...], runtime: Runtime) -> DependencyGraph:
    """Connect every step with the earlier ones whose files, directories or accounts it needs."""
    edges: list[Edge] = []
    makers: list[_Maker] = []
    contents = PlaceIndex()
    for step in steps:
        seeker = _seeker(step, tuple(p for p in _named_paths(step) if p in contents))
        met = contents.meeting((*seeker.needs, *seeker.settings))
        started = tuple(_started(step, makers))
        around = dict(_around(step, makers))
        folders = _folders(step)
        for maker in makers:
            label = (
                _between(maker, seeker, maker.step.index in met)
                or _made_executable(maker, started)
                or _unpacked_tools(maker, folders)
                or around.get(maker.step.index)
            )
            if label is not None:
                edges.append(Edge(maker.step.index, step.index, label))
        needs_none = not any(edge.target == step.index for edge in edges)
        edges += _made_room(step, steps)
        writes = tuple(w for w in step.effects.writes if w.kind is not WriteKind.BOOK)
        attributes = step.effects.attributes if step.is_run else ()
        if step.effects.accounts or writes or attributes:
            accounts = {a.name for a in step.effects.accounts}
            commands = _commands(writes)
            patterns = {name: path for name, path in commands.items() if _tells_programs(name)}
            links = _links(step, writes) if needs_none else ()
            makers.append(_Maker(step, writes, commands, patterns, links, attributes, accounts))
            contents.add(step.index, (w.place for w in writes if w.kind is not WriteKind.DIRECTORY))
    return DependencyGraph(steps, runtime, tuple(edges))


class _Seeker(Struct):
    """A step that may need others.

    The places that must be there before it, those of configuration that it looks at, the directories it works in,
    all paths that it touches, the directories that it puts files into, what its user must be allowed to write to or
    read if that is not root, the files that it moves with their modes, and the accounts that it names.
    """

    step: Step
    needs: tuple[Place, ...]
    settings: tuple[Place, ...]
    directories: tuple[str, ...]
    touched: tuple[str, ...]
    filled: tuple[str, ...]
    opened: tuple[str, ...]
    carried: set[str]
    owners: set[str]


def _named_paths(step: Step) -> Iterator[str]:
    """Absolute paths in the arguments of a step that builds: `make EMBED=/tmp/boot.ipxe`."""
    if step.phase in (Phase.BUILD, Phase.LIBRARY):
        for invocation in step.invocations:
            for argument in invocation.arguments:
                yield from (path.rstrip("/") for path in _PATH.findall(argument))


def _seeker(step: Step, named: tuple[str, ...]) -> _Seeker:
    effects = step.effects
    places = (*effects.reads, *effects.attributes, *effects.deletes)
    edited = (w.place for w in effects.writes if w.kind is WriteKind.EDIT)
    written = (w.place for w in effects.writes if w.kind is not WriteKind.BOOK)
    files = (w for w in effects.writes if w.kind is WriteKind.OUTPUT and w.place.known)
    directories = tuple(dict.fromkeys(i.directory for i in step.invocations if i.directory is not None))
    unpacked = (w for w in effects.writes if w.kind is WriteKind.FETCH and w.place.tree and w.place.known)
    filled = tuple(
        dict.fromkeys([*(posixpath.dirname(w.place.path) for w in files), *(w.place.path for w in unpacked)])
    )
    trees = tuple(
        w.place.path
        for w in effects.writes
        if w.kind in (WriteKind.TREE, WriteKind.INSTALL) and w.place.tree and w.place.exact
    )
    user = step.state.user.split(":")[0]
    read = (p.path for p in effects.reads if p.exact and not p.tree)
    told = (Place(path, tree=True) for tool in effects.tools for path in data_directories("apt", tool))
    return _Seeker(
        step,
        tuple(dict.fromkeys((*places, *edited, *map(Place, named), *told))),
        effects.settings,
        directories,
        tuple(dict.fromkeys(place.path for place in (*places, *effects.settings, *written))),
        filled if step.is_run else (),
        (*directories, *filled, *trees, *read) if step.is_run and user not in ("", "root", "0") else (),
        {p.path for p in effects.reads if p in effects.deletes},
        {*effects.owners, user} - {""},
    )


def directories_met(step: Step) -> Iterator[str]:
    """Directories that have to be there: those whose owner or mode is set, and those around what `mkdir` makes."""
    if step.is_run:
        yield from (place.path for place in step.effects.attributes if place.exact)
        if any(i.name == "mkdir" for i in step.invocations) and not makes_parents(step):
            made = (w.place for w in step.effects.writes if w.kind is WriteKind.DIRECTORY)
            yield from (posixpath.dirname(place.path) for place in made if place.exact)


def _around(step: Step, makers: list[_Maker]) -> Iterator[tuple[int, str]]:
    """For directories that have to be there and that no step makes itself, the first `mkdir -p` below them."""
    for directory in directories_met(step) if makers else ():
        made = [(m.step, w.place.path) for m in makers for w in m.writes if within(w.place.path, directory)]
        there = is_shared(directory) and not is_home(directory)
        if not there and not any(path == directory for _, path in made):
            yield from ((maker.index, path) for maker, path in made[:1] if makes_parents(maker))


def makes_parents(step: Step) -> bool:
    """Whether it runs a `mkdir` that makes the directories on the way as well."""
    return any(
        i.name == "mkdir" and any(re.fullmatch(r"-\w*p\w*|--parents", a) for a in i.arguments)
        for i in step.invocations
    )


class _Maker(Struct):
    """A step that others may need.

    What it writes, by name or by pattern the programs among it, the links by which a build finds what packages
    brought, where it changes modes and owners, the accounts it makes.
    """

    step: Step
    writes: tuple[Write, ...]
    commands: Mapping[str, str]
    patterns: Mapping[str, str]
    links: tuple[str, ...]
    attributes: tuple[Place, ...]
    accounts: set[str]


def _commands(writes: tuple[Write, ...]) -> Mapping[str, str]:
    """Paths in folders of programs (`…/bin`, `…/sbin`) by their names; the first of a name counts."""
    found: dict[str, str] = {}
    for write in writes:
        folder, _, name = write.place.path.rpartition("/")
        if folder.endswith("bin"):
            found.setdefault(name, write.place.path)
    return found


def _links(step: Step, writes: tuple[Write, ...]) -> tuple[str, ...]:
    """Links in folders that compilers, loaders and shells look through: `ln -s …/x86_64-linux-gnu/libz.so /usr/lib`."""
    if not step.invocations or any(i.name != "ln" for i in step.invocations):
        return ()
    return tuple(w.place.path for w in writes if w.place.exact and is_looked_through(w.place.path))


def _tells_programs(name: str) -> bool:
    """Whether it is a pattern that says which programs it means: `docker-php-ext-*`, but not `*`."""
    place = Place(name)
    return place.known and not place.exact and any(char.isalnum() for char in name)


def _started(step: Step, makers: list[_Maker]) -> Iterator[str]:
    """The paths of programs that a step runs, as far as earlier steps brought them."""
    for invocation in step.invocations:
        if "/" in invocation.program and invocation.directory is not None:
            yield join(invocation.directory, invocation.program)
    for tool in step.effects.tools:
        if step.effects.opaque:  # an author's own program, whose place may not be known
            yield from (f"{folder}/{tool}" for folder in DEFAULT_FOLDERS)
        yield from (maker.commands[tool] for maker in makers if tool in maker.commands)


def _folders(step: Step) -> tuple[str, ...]:
    """Where a step that builds looks for its tools and for what it builds with; the system's folders left out."""
    if step.phase not in (Phase.BUILD, Phase.LIBRARY):
        return ()
    paths = [member.before.variables.get("PATH", "") for member in step.members]
    paths += [a.replace(",", ":") for i in step.invocations for a in i.arguments if a.startswith("--with-")]
    parts = (part.rpartition("=")[2].rstrip("/") for path in paths for part in path.split(":"))
    folders = dict.fromkeys(part for part in parts if part.startswith("/"))
    return tuple(f for f in folders if f not in DEFAULT_FOLDERS)


def _unpacked_tools(maker: _Maker, folders: tuple[str, ...]) -> str | None:
    """A folder that is looked into in what a step downloaded and unpacked."""
    for write in maker.writes:
        if write.kind is WriteKind.FETCH and write.place.tree:
            for folder in folders:
                if covers(write.place, Place(folder)):
                    return folder
    return None


def _made_room(step: Step, steps: tuple[Step, ...]) -> Iterator[Edge]:
    """To what deletes, ahead in the RUN, what a step puts there anew: `rm /bin/sh && ln -s /bin/bash /bin/sh`."""
    put = {w.place for w in step.effects.writes if w.kind is WriteKind.OUTPUT and w.place.exact}
    for other in steps[: step.index] if put and step.is_run else ():
        if other.ordinal == step.ordinal and not put.isdisjoint(other.effects.deletes):
            yield Edge(other.index, step.index, min(p.path for p in put.intersection(other.effects.deletes)))


def _made_executable(maker: _Maker, started: tuple[str, ...]) -> str | None:
    """A program that is run and whose mode a step changes (`chmod +x`)."""
    changed = (path for path in started if any(overlaps(place, Place(path)) for place in maker.attributes))
    return next(changed, None)


def _between(maker: _Maker, seeker: _Seeker, meets: bool) -> str | None:
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
        if (
            write.place.exact
            and not write.place.tree
            and any(within(d, write.place.path) for d in seeker.directories)
        ):
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


def _stands_in(seeker: _Seeker, directory: str) -> bool:
    """Whether a step works in a directory, or reads or writes in it."""
    if isinstance(seeker.step.instruction, User):
        return False
    return any(within(path, directory) for path in seeker.touched) or any(
        d != "/" and within(d, directory) for d in seeker.directories
    )


def _is_packed_into(seeker: _Seeker, directory: str) -> bool:
    """Whether a directory of manuals was made for an install: links to pages (update-alternatives) need it."""
    return seeker.step.phase is Phase.PACKAGE and is_header(directory)


def _stands_above(seeker: _Seeker, maker: Step, directory: str) -> bool:
    """Whether a step works in a directory that `mkdir -p` or VOLUME made on the way to another."""
    here = seeker.step.state.workdir or "/"
    return any(
        within(directory, d) and not within(here, d) and not is_shared(d)
        for d in (*seeker.directories, *seeker.filled)
    ) and (not maker.is_run or makes_parents(maker))
