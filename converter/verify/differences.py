"""One difference between two images: on which level, about what, how bad, and what to do about it."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from converter.diagnostics import Severity


class Level(StrEnum):
    """What was compared."""

    CONFIGURATION = "configuration"
    IDENTITIES = "identities"
    PATHS = "paths"
    LINKS = "links"
    ELF = "elf"
    SCRIPTS = "scripts"
    LANGUAGES = "languages"
    DIRECTORIES = "directories"
    SHARED_DATA = "shared_data"
    RUN = "run"


class LacksPath(Struct, frozen=True):
    """A file or directory of the original that would have to be there, by its real path."""

    path: str


class LacksVariable(Struct, frozen=True):
    """A variable that would have to have the original's value."""

    name: str
    value: str


class LacksId(Struct, frozen=True):
    """An account ("user" or "group") that would have to have the original's number."""

    kind: str
    name: str
    number: int


Lack: TypeAlias = LacksPath | LacksVariable | LacksId


class Difference(Struct, frozen=True):
    """A difference; `subject` is the path, variable, user or package it is about, `help` what the user can do.

    `lacks` is what a conversion could add to mend it. An error breaks or changes what the original promises,
    a warning could, a note is intended or harmless. `subject` and `message` hold names from the images as they
    are: renderers make them printable.
    """

    level: Level
    severity: Severity
    subject: str
    message: str
    help: tuple[str, ...]
    code: str
    lacks: tuple[Lack, ...] = ()
