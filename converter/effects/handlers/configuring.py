"""Configure scripts and meson: they fix where an install goes."""

from __future__ import annotations

import posixpath

from msgspec.structs import replace

from converter.dockerfile.model import HOLE
from converter.effects.arguments import Argument
from converter.effects.call import Call, Handler, Learned, Part
from converter.effects.facts import place_of
from converter.effects.install_places import key_of, prefixes_below
from converter.effects.memory import installed_packages
from converter.effects.model import Effects, Write, WriteKind
from converter.effects.places import Place
from converter.knowledge.configure import Filled, filled_by, is_possible, owning_accounts
from converter.knowledge.language_places import moved_places
from converter.knowledge.places import configured_places


def configure(call: Call, base: Effects) -> tuple[Part, ...]:
    """A configure script: works in the current directory and fixes where the install goes."""
    prefix = ""
    places: list[str] = []
    sources: list[Place] = []
    values = [_value(argument, call) for argument in call.arguments]
    for value in values:
        match filled_by(value, values):
            case None:
                pass
            case Filled("prefix", path):
                prefix = path
            case Filled("sources", path):
                sources.append(call.place(path, True))
            case Filled("value", path) | Filled("parent", path) as filled:
                places.extend(filled_places(filled) if path.startswith(("/", HOLE)) else ())
            case Filled(name, asks=asks):
                named = call.facts.places.get(name, ())
                places.extend(named)
                sources.extend(Place(path, True) for path in named if asks)
    for at, value in enumerate(values[:-1]):
        if value in ("--prefix", "-prefix"):
            prefix = values[at + 1]
    prefix, *rest = (call.path(prefix),) if prefix else configured_places(call.directory or "")
    places.extend(rest)
    places.extend(call.state.learned.get(f"phpize:{call.directory}", ()))
    kept = tuple(p for p in places if not (p + "/").startswith(prefix.rstrip("/") + "/"))
    script = place_of(call.state.directory, call.program)
    source = posixpath.dirname(script)
    reads = base.reads if source == call.directory else (*base.reads, Place(source, True))
    owners = (*base.owners, *owning_accounts(call.directory or "", values))
    effects = replace(base, reads=(*reads, *sources), owners=owners)
    known = {key_of(call.directory): tuple(dict.fromkeys((prefix, *kept)))}
    return effects, Learned(known | _moved(values))


def _value(argument: Argument, call: Call) -> str:
    """An argument, or the option that is printed if what it asks for is there."""
    there = bool(argument.maybe) and is_possible(argument.maybe, installed_packages(call.state))
    return argument.maybe if there else argument.text


def _moved(arguments: list[str]) -> dict[str, tuple[str, ...]]:
    """Places of a language that its own configure script moves: `--with-config-file-scan-dir=/php/conf.d`."""
    found: dict[str, tuple[str, ...]] = {}
    for option, _, value in (argument.partition("=") for argument in arguments):
        if value.startswith("/"):
            found |= moved_places(option, value)
    return found


def filled_places(filled: Filled) -> tuple[str, ...]:
    """The directory that an option fills: the one it names, or that of the file it names, unless others have it too."""
    if filled.kind == "value":
        return (filled.path,)
    directory = posixpath.dirname(filled.path)
    return () if directory.count("/") < 2 or directory == "/var/log" else (directory,)


def configure_elsewhere(call: Call, base: Effects) -> tuple[Part, ...]:
    """`meson setup BUILD [SOURCE]`."""
    operands = [argument.text for argument in call.operands]
    build = call.path(operands[0]) if operands else call.directory
    prefix = call.parsed.value("--prefix")
    writes = (Write(Place(build or HOLE, True), WriteKind.TREE),)
    places = prefixes_below(call.path(prefix) if prefix else "/usr/local")
    return replace(base, writes=base.writes + writes), Learned({key_of(build): places})


HANDLERS: dict[str, Handler] = {"configure": configure, "meson_setup": configure_elsewhere}
