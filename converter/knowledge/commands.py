"""Looks up what a command does: the shipped tables, with a user's own laid over them.

An entry is compiled when its command first occurs, so a small file pays only for what it uses.
"""

from __future__ import annotations

import re
from functools import cache, cached_property

from msgspec import Struct

from converter.knowledge.compiler import Where, compile_command
from converter.knowledge.loader import Packed, load_packed, read_tables
from converter.knowledge.schema import Command
from converter.knowledge.tables import matches

_VERSION = re.compile(r"-?\d+(\.\d+)*$")


class CommandTables(Struct, frozen=True, dict=True):
    """Tables of commands by name. Build one with `shipped()` or `with_overlay()`."""

    layers: tuple[tuple[str, Packed], ...]

    @cached_property
    def _known(self) -> dict[str, Command | None]:
        return {}

    def find(self, name: str) -> Command | None:
        """The entry of a program's base name (`pip3.11` finds `pip`), or None."""
        try:
            return self._known[name]
        except KeyError:
            found = self._known[name] = self._find(name)
            return found

    def _find(self, name: str) -> Command | None:
        stem = _VERSION.sub("", name)
        for file, packed in self.layers:
            entry = name if name in packed["commands"] else packed["names"].get(name)
            if entry is None and stem != name:
                entry = stem if stem in packed["commands"] else packed["names"].get(stem)
                if entry is not None and entry not in packed["versions"]:
                    entry = None
            if entry is None:
                entry = _by_pattern(name, packed)
            if entry is not None:
                return compile_command(entry, packed["commands"][entry], Where(file, entry))
        return None


def _by_pattern(name: str, packed: Packed) -> str | None:
    """The entry one of whose names is a pattern that fits; installers are named by address or file name."""
    for pattern, entry in packed["patterns"]:
        if matches(name, pattern):
            found: str = entry
            return found
    return None


@cache
def shipped() -> CommandTables:
    """The tables that come with the program."""
    return CommandTables((("commands.json", load_packed()),))


def with_overlay(text: str, file: str) -> CommandTables:
    """A user's tables (TOML) in front of the shipped ones; raises KnowledgeError for a bad table."""
    return CommandTables(((file, read_tables(text, file)), *shipped().layers))
