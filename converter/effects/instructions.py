"""Instructions that are no RUN to effects: COPY, ADD, WORKDIR, VOLUME; files whose text they bring."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Set

from msgspec import Struct

from converter.context import Context
from converter.dockerfile.model import (
    HOLE,
    Add,
    AnyInstruction,
    Copy,
    Heredoc,
    State,
    Volume,
    Workdir,
)
from converter.dockerfile.state import expand_in
from converter.effects.facts import Origin, place_of
from converter.effects.model import NOTHING, Basis, Effects, Phase, Write, WriteKind
from converter.effects.places import Place, join, within
from converter.knowledge.places import is_shared

_ARCHIVE = re.compile(r"\.(?:tar|tar\.(?:gz|bz2|xz|Z|lzma)|tgz|tbz2?|txz)$")
_FILE_NAME = re.compile(r"^\.?[^.].*\.[A-Za-z0-9]{1,8}$")
_GIT = re.compile(
    r"^(?:git@|git://|ssh://)|^https?://[^ ]+\.git(?:#.*)?$|^(?:https?://)?(?:github|gitlab)\.com/[^/]+/[^/]+\.git"
)
_URL = re.compile(r"^(?:https?|ftp)://")
_PATTERN = re.compile(r"[*?\[]")
MAX_LISTED = 400
"""Most files of a context directory that are named one by one."""


def instruction_effects(
    instruction: AnyInstruction,
    state: State,
    context: Context | None,
    escape: str = "\\",
    directories: Set[str] = frozenset(),
) -> Effects:
    """What an instruction does to files; NOTHING for RUN and for those that only change the configuration.

    `directories` are those that are there by then: a file that is copied to one of them comes to lie in it.
    """
    match instruction:
        case Copy() | Add():
            return _copied(instruction, state, context, escape, directories)
        case Workdir():
            path = place_of(state.workdir, expand_in(state, instruction.path.text, escape))
            return Effects(
                phase=Phase.FOLLOW, writes=(Write(Place(path), WriteKind.DIRECTORY, Basis.PROVEN),)
            )
        case Volume():
            made = tuple(
                Write(
                    Place(place_of(state.workdir, expand_in(state, word.text, escape))), WriteKind.DIRECTORY
                )
                for word in instruction.paths
            )
            return Effects(phase=Phase.RUNTIME, writes=made)
        case _:
            return NOTHING


def origins(
    instruction: AnyInstruction,
    state: State,
    context: Context | None,
    escape: str = "\\",
    directories: Set[str] = frozenset(),
) -> tuple[Origin, ...]:
    """Files of the image that come from the context after this instruction: give them to `Facts.with_origins`."""
    if not isinstance(instruction, Copy | Add) or instruction.flag("from") is not None:
        return ()
    target = _target(instruction, state, escape, directories)
    found = [
        Origin(target.file(heredoc.name), text=_text(heredoc, state)) for heredoc in instruction.heredocs
    ]
    for word in instruction.sources:
        source = _relative(expand_in(state, word.text, escape))
        if HOLE in source or _URL.match(source):
            continue
        if context is None:
            found.append(Origin(target.file(posixpath.basename(source)), source))
            continue
        for match in _matches(source, context):
            if context.is_directory(match):
                found.append(Origin(target.path, match))
            elif not (isinstance(instruction, Add) and _ARCHIVE.search(match)):
                found.append(Origin(target.file(posixpath.basename(match)), match))
    return tuple(found)


class _Target(Struct, frozen=True):
    """A destination: its path, and whether its spelling or the sources make it a directory."""

    path: str
    directory: bool

    def file(self, name: str) -> str:
        """Where a file of this name comes to lie."""
        return place_of(self.path, name) if self.directory else self.path


def _target(instruction: Copy | Add, state: State, escape: str, directories: Set[str]) -> _Target:
    text = expand_in(state, instruction.destination.text, escape)
    many = len(instruction.sources) + len(instruction.heredocs) > 1
    directory = many or text.endswith(("/", "/.", "/..")) or text in (".", "..")
    directory = directory or any(_PATTERN.search(word.text) for word in instruction.sources)
    path = place_of(state.workdir, text)
    return _Target(path, directory or path in directories or _always_there(path, state))


def _always_there(path: str, state: State) -> bool:
    """Whether a destination is a directory of every system, or around the work directory."""
    named = posixpath.basename(path)
    shared = is_shared(path) and not (within(path, "/home") and "." in named)
    return shared or within(state.workdir or "/", path)


def _relative(source: str) -> str:
    """A source as a path inside the context; it can never leave it."""
    return join("/", "/" + source).lstrip("/")


def _copied(
    instruction: Copy | Add,
    state: State,
    context: Context | None,
    escape: str,
    directories: Set[str],
) -> Effects:
    target = _target(instruction, state, escape, directories)
    outside = instruction.flag("from") is not None
    writes: list[Write] = [
        Write(Place(target.file(heredoc.name)), WriteKind.OUTPUT, Basis.PROVEN)
        for heredoc in instruction.heredocs
    ]
    network = False
    for word in instruction.sources:
        source = expand_in(state, word.text, escape)
        if isinstance(instruction, Add) and (_URL.match(source) or _GIT.match(source)):
            network = True
            if _GIT.match(source):
                writes.append(Write(Place(target.path, True), WriteKind.FETCH, Basis.PROVEN))
            else:
                name = source.partition("#")[0].partition("?")[0].rpartition("/")[2] or HOLE
                writes.append(Write(Place(target.file(name)), WriteKind.FETCH, Basis.PROVEN))
            continue
        unpacks = isinstance(instruction, Add)
        places = _outside(source, target) if outside else _from_context(source, target, context, unpacks)
        kind = WriteKind.FETCH if unpacks and _ARCHIVE.search(source) else WriteKind.OUTPUT
        writes.extend(Write(place, kind, Basis.PROVEN) for place in places)
    return Effects(
        phase=Phase.FOLLOW,
        writes=tuple(dict.fromkeys(writes)),
        owners=_owners(instruction.flag("chown"), state, escape),
        network=network,
    )


def _owners(flag: str | None, state: State, escape: str) -> tuple[str, ...]:
    if not flag:
        return ()
    names = expand_in(state, flag, escape).split(":")
    return tuple(name for name in names if name and not name.isdigit() and HOLE not in name)


def _outside(source: str, target: _Target) -> tuple[Place, ...]:
    """COPY --from an image: whether the source is a directory is not known."""
    name = posixpath.basename(source.rstrip("/"))
    if target.directory and _FILE_NAME.match(name) and not _PATTERN.search(name):
        return (Place(target.file(name), True),)
    return (Place(target.path, True),)


def _from_context(source: str, target: _Target, context: Context | None, unpacks: bool) -> tuple[Place, ...]:
    if unpacks and _ARCHIVE.search(source):
        return (Place(target.path, True),)
    relative = _relative(source)
    name = posixpath.basename(relative)
    if HOLE in source:
        return (Place(target.path, True),)
    if context is not None:
        found: list[Place] = []
        for match in _matches(relative, context):
            if context.is_directory(match):
                found.extend(_listed(match, target.path, context))
            else:
                found.append(Place(target.file(posixpath.basename(match))))
        if found or _PATTERN.search(relative):
            return tuple(found) or (Place(target.file(name)),)
    if relative == "" or source.endswith(("/", "/.")):
        return (Place(target.path, True),)
    if _PATTERN.search(name):
        # what matches may be a directory, whose content is copied; programs lie side by side
        file = _FILE_NAME.match(name) or posixpath.basename(target.path) in ("bin", "sbin")
        return (Place(target.file(name)),) if file else (Place(target.path, True),)
    if _FILE_NAME.match(name):
        return (Place(target.file(name)),)
    return (Place(target.path, True),)


def _listed(directory: str, target: str, context: Context) -> tuple[Place, ...]:
    """The content of a context directory below its destination: each entry, or the tree if it is large."""
    names = context.list(directory)
    if not names or len(names) > MAX_LISTED:
        return (Place(target, True),)
    if target.count("/") > 1 and target not in ("/usr/local", "/usr/bin", "/usr/lib", "/usr/share"):
        return (Place(target, True),)
    files = context.walk(directory, MAX_LISTED + 1)
    if len(files) > MAX_LISTED:
        return tuple(
            Place(join(target, name), context.is_directory(_inside(directory, name))) for name in names
        )
    return tuple(Place(join(target, file[len(directory) :].lstrip("/"))) for file in files)


def _inside(directory: str, name: str) -> str:
    return f"{directory}/{name}" if directory else name


def _matches(source: str, context: Context) -> tuple[str, ...]:
    """The paths of the context that a source names, patterns expanded."""
    if not _PATTERN.search(source):
        return (source,) if source == "" or context.exists(source) else ()
    from fnmatch import fnmatchcase

    found = [""]
    for part in source.split("/"):
        following: list[str] = []
        for directory in found:
            if _PATTERN.search(part):
                names = [name for name in context.list(directory) if fnmatchcase(name, part)]
            else:
                names = [part] if context.exists(_inside(directory, part)) else []
            following.extend(_inside(directory, name) for name in names)
        found = following
    return tuple(found)


def _text(heredoc: Heredoc, state: State) -> str:
    return expand_in(state, heredoc.content) if heredoc.expand else heredoc.content
