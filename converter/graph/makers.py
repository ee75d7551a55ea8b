"""What a step offers to others: files, programs, links, modes and accounts."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from converter.effects.model import Write, WriteKind
from converter.effects.places import Place
from converter.graph.model import Step
from converter.knowledge.search_path import is_looked_through


class Maker(Struct):
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


def maker_of(step: Step, apart: bool) -> Maker | None:
    """What a step offers, or None if it is nothing that another could need.

    Links count only of a step that stands `apart`, since it needs no other: those to what a step made belong to that.
    """
    writes = tuple(w for w in step.effects.writes if w.kind is not WriteKind.BOOK)
    attributes = step.effects.attributes if step.is_run else ()
    if not (step.effects.accounts or writes or attributes):
        return None
    commands = _commands(writes)
    patterns = {name: path for name, path in commands.items() if _tells_programs(name)}
    links = _links(step, writes) if apart else ()
    accounts = {a.name for a in step.effects.accounts}
    return Maker(step, writes, commands, patterns, links, attributes, accounts)


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


def makes_parents(step: Step) -> bool:
    """Whether it runs a `mkdir` that makes the directories on the way as well."""
    return any(
        i.name == "mkdir" and any(re.fullmatch(r"-\w*p\w*|--parents", a) for a in i.arguments)
        for i in step.invocations
    )
