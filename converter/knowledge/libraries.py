"""Language packages whose compiled part loads libraries of the operating system."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from msgspec import Struct

from converter.knowledge.tables import table

ECOSYSTEM_LANGUAGE: Mapping[str, str] = {
    "pypi": "python",
    "conda": "python",
    "npm": "node",
    "gem": "ruby",
    "composer": "php",
    "php": "php",
    "pecl": "php",
    "cpan": "perl",
    "maven": "java",
}
"""The language whose interpreter runs the packages of an ecosystem."""

COMPILED = frozenset({"cargo", "go"})
"""Ecosystems whose packages become programs that need no interpreter."""

APART = frozenset(
    {"pypi", "npm", "gem", "composer", "php", "pecl", "cpan", "cran", "luarocks", "cargo", "go"}
)
"""Ecosystems whose packages lie in directories of their own: none puts a library where the loader looks for it."""

_VERSION_ASKED = re.compile(r"[@:=<>~!].*")
"""What follows a name that is to be installed in a certain version."""
_VERSION = re.compile(r"\.git$|[-_.]v?\d.*|\.(?:tar|tgz|zip).*")


@cache
def _table() -> dict[str, tuple[bool, frozenset[str]]]:
    raw = table("libraries.toml")
    return {
        name: (bool(entry["pure"]), frozenset(entry["names"]))
        for name, entry in raw.items()
        if name not in ("compilers", "listing", "loaded", "managers", "openmp", "places")
    }


def may_load_system_libraries(ecosystem: str, names: tuple[str, ...], native: bool | None) -> bool:
    """Whether an install may bring programs or modules that load libraries of the system.

    `names` are the packages as far as they are known (none: not known), `native` what the effects say.
    """
    entry = _table().get(ecosystem)
    if entry is None or native is False:
        return False
    pure, listed = entry
    if not pure:
        return True
    return not names or any(name.split("@")[0] in listed or name in listed for name in names)


def is_never_compiled(ecosystem: str, names: tuple[str, ...], native: bool | None) -> bool:
    """Whether an install brings nothing that is compiled for it: package managers alone.

    `names` are the packages as far as they are known (none: not known), `native` what the effects say.
    """
    managers: list[str] = table("libraries.toml")["managers"].get(ecosystem, [])
    return native is False or (
        bool(names) and all(_VERSION_ASKED.sub("", n).lower() in managers for n in names)
    )


def may_call_compiler(compiler: str, names: tuple[str, ...], text: str) -> bool:
    """Whether an install may bring packages that call a compiler while a program runs.

    `names` are the packages as far as they are known (none: not known), `text` what else the file says of them.
    """
    listed = "|".join(table("libraries.toml")["compilers"][compiler])
    return not names or re.search(rf"(?i)(?<![a-z])(?:{listed})(?![a-z])", text) is not None


def compilers_called(names: Iterable[str]) -> frozenset[str]:
    """The compilers that packages of Python with these names call while a program runs."""
    plain = {name.lower().replace("_", "-") for name in names}
    compilers: Mapping[str, list[str]] = table("libraries.toml")["compilers"]
    return frozenset(compiler for compiler, listed in compilers.items() if plain & set(listed))


def may_load_openmp(ecosystem: str, names: tuple[str, ...]) -> bool:
    """Whether an install may bring modules that load the system's OpenMP library; no names: they are not known."""
    listed: list[str] | None = table("libraries.toml")["openmp"].get(ecosystem)
    return listed is not None and (not names or any(name.lower() in listed for name in names))


class Loaded(Struct, frozen=True):
    """Libraries that distributions of Python load by name: patterns for packages, and who loads them."""

    packages: tuple[str, ...]
    names: tuple[str, ...]
    used_by: tuple[str, ...] = ()


@cache
def loaded_by_name() -> tuple[Loaded, ...]:
    """What packages of Python load without linking to it."""
    raw = table("libraries.toml")["loaded"]
    return tuple(Loaded(tuple(e["packages"]), tuple(e["names"]), tuple(e["used_by"])) for e in raw)


def is_built_for_openmp(address: str) -> bool:
    """Whether sources at an address have a Makefile of their own that asks for OpenMP; by a part of its path."""
    listed: list[str] = table("libraries.toml")["openmp"]["sources"]
    parts = address.lower().partition("://")[2].split("/")[1:]
    return any(_VERSION.sub("", part) in listed for part in parts)


def own_places(names: tuple[str, ...], home: str) -> tuple[str, ...]:
    """The directories outside of its manager's places that an install of packages fills."""
    places: Mapping[str, list[str]] = table("libraries.toml")["places"]
    wanted = {name.lower() for name in names}
    return tuple(re.sub("^~", home, place) for place, listed in places.items() if wanted & set(listed))


def listing_file(program: str, arguments: tuple[str, ...]) -> str | None:
    """The file in whose directory alone a manager's command makes packages; None where the command names them itself.

    An option's value may look like a name.
    """
    known = table("libraries.toml")["listing"]
    operands = [word for word in arguments if not word.startswith("-")]
    entry = known.get(program)
    if entry is None or not operands or operands[0] not in entry["always" if operands[1:] else "unnamed"]:
        return None
    file: str = entry["file"]
    return file
