"""cmake: configure, build, install, and its own small tools."""

from __future__ import annotations

import posixpath
import re

from msgspec.structs import replace

from converter.dockerfile.model import HOLE
from converter.effects.call import Call, Handler, Learned, Part
from converter.effects.handlers.configuring import filled_places
from converter.effects.install_places import destination_of, installed, is_install, key_of, prefixes_below
from converter.effects.model import Basis, Effects, Phase, Write, WriteKind
from converter.effects.places import Place
from converter.knowledge.configure import filled_by

_CONFIGURATION = re.compile(r"(?:^|_)(?:ETC|SYSCONF|CONF|LOCALSTATE)(?:_INSTALL)?_?DIR$")
"""Names by which projects call the directories of their configuration and state, outside the prefix."""

_ABSOLUTE = re.compile(r"""DESTINATION\s+"?(/[^\s")$]+)""", re.I)


def cmake(call: Call, base: Effects) -> tuple[Part, ...]:
    """cmake: configure (-S, -B, a directory), --build, --install, -E command, -P script."""
    parsed = call.parsed
    build = parsed.value("--build")
    if build is not None:
        directory = call.path(build)
        effects = _in_tree(base, directory)
        if any(is_install(t) for t in (*parsed.values("--target"), *(o.text for o in call.operands))):
            effects = replace(
                effects, writes=effects.writes + installed(call, directory, destination_of(call))
            )
        return (effects,)
    target = parsed.value("--install")
    if target is not None:
        directory = call.path(target)
        variables = destination_of(call)
        if prefix := parsed.value("--prefix"):
            variables["prefix"] = prefix
        manifest = Write(Place(posixpath.join(directory, "install_manifest.txt")), WriteKind.BOOK)
        writes = (*base.writes, *installed(call, directory, variables), manifest)
        return (replace(base, reads=(*base.reads, Place(directory, True)), writes=writes),)
    if parsed.has("-E"):
        return _cmake_tool(call, base)
    if parsed.has("-P", "--version", "--help"):
        if parsed.has("-P"):
            return (_in_tree(base, call.directory or HOLE),)
        return (replace(base, phase=Phase.NONE),)
    operands = [argument.text for argument in call.operands]
    source = call.path(parsed.value("-S") or parsed.value("-H") or (operands[-1] if operands else "."))
    tree = call.path(parsed.value("-B") or ".")
    chosen = parsed.value("--install-prefix") or "/usr/local"
    extra = []
    inner: list[str] = []
    for definition in parsed.values("-D"):
        name, _, value = definition.partition("=")
        inner += _handed_on(value)
        name = name.partition(":")[0]
        if name == "CMAKE_INSTALL_PREFIX" and value:
            chosen = value
        elif (name.startswith("CMAKE_INSTALL_") or _CONFIGURATION.search(name)) and value.startswith("/"):
            extra.append(value)
    text = call.text(posixpath.join(source, "CMakeLists.txt"))
    if text is not None:
        extra += [found.rstrip("/") for found in _ABSOLUTE.findall(text)]
    effects = replace(
        base,
        reads=(*base.reads, Place(source, True)),
        writes=(
            *base.writes,
            Write(Place(tree, True), WriteKind.TREE),
            *(Write(Place(place, True), WriteKind.INSTALL) for place in dict.fromkeys(inner)),
        ),
    )
    return effects, Learned(
        {key_of(tree): tuple(dict.fromkeys((*prefixes_below(call.path(chosen)), *extra)))}
    )


def _handed_on(value: str) -> list[str]:
    """What a project fills that the build configures and installs by itself: its options, in the value of another.

    So CMake's ExternalProject does. A directory of modules need not come to be.
    """
    options = re.findall(r"--[a-z-]+=/[^\s;\"']+", value)
    found = [filled for option in options if (filled := filled_by(option, options)) is not None]
    if not any(filled.kind == "prefix" for filled in found):
        return []
    return [
        place
        for filled in found
        for place in ((filled.path,) if filled.kind == "prefix" else filled_places(filled))
    ]


def _in_tree(base: Effects, directory: str) -> Effects:
    place = Place(directory, True)
    return replace(base, reads=(*base.reads, place), writes=(*base.writes, Write(place, WriteKind.TREE)))


def _cmake_tool(call: Call, base: Effects) -> tuple[Part, ...]:
    words = [argument.text for argument in call.arguments]
    rest = words[words.index("-E") + 1 :] if "-E" in words else []
    match rest:
        case ("copy" | "copy_directory" | "rename" | "create_symlink" | "copy_if_different", *_, target):
            writes = (Write(call.place(target, True), WriteKind.OUTPUT, Basis.PROVEN),)
            reads = tuple(call.place(word, True) for word in rest[1:-1])
            return (replace(base, phase=Phase.FOLLOW, reads=base.reads + reads, writes=base.writes + writes),)
        case ("make_directory" | "touch", *paths):
            made = tuple(Write(call.place(path), WriteKind.DIRECTORY, Basis.PROVEN) for path in paths)
            return (replace(base, phase=Phase.FOLLOW, writes=base.writes + made),)
        case ("remove" | "remove_directory" | "rm", *paths):
            gone = tuple(call.place(path, True) for path in paths if not path.startswith("-"))
            return (replace(base, phase=Phase.CLEAN, deletes=gone),)
        case _:
            return (_in_tree(base, call.directory or HOLE),)


HANDLERS: dict[str, Handler] = {"cmake": cmake}
