"""The package tables of one package manager, as one typed value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from msgspec import Struct

from converter.knowledge.tables import generic, matches, table


class PackageKind(StrEnum):
    """What an operating-system package is for."""

    BUILD = "build"  # compilers, build tools, whatever only prepares an image
    DEVELOPMENT = "development"  # headers and link libraries
    VCS = "vcs"  # version control, but for git, which depends on use
    DEBUG = "debug"  # debuggers, debug symbols, editors and other tools for a person at a terminal
    DOC = "doc"
    USE = "use"  # depends on what uses it: curl, unzip, git, python, …
    RUNTIME = "runtime"
    UNKNOWN = "unknown"


BUILDING = (PackageKind.BUILD, PackageKind.DEVELOPMENT)
"""Packages that builds need: compilers and build tools, headers."""
CERTIFICATES = "ca-certificates"
"""The package of certificates, called alike by all managers."""


class PackageTable(Struct, frozen=True):
    """What is known of one manager's packages; names may hold `#` for a number, patterns `*` as well.

    A value None in `runtime` says that it cannot be told what stays of the package; `runtime_in` has what differs
    in a release, `dlopened` patterns for packages that programs load by name. `renamed` has the names of packages
    from a release on, `links` those of libraries that a package with headers has for linkers,
    `transitional` what an empty package brings that has a former name. `recommended` says what brings compilers of
    what a package recommends.
    """

    kinds: Mapping[str, PackageKind]
    patterns: tuple[tuple[str, PackageKind], ...]
    programs: Mapping[str, tuple[str, ...]]
    files: Mapping[str, tuple[str, ...]]
    served: Mapping[str, tuple[str, ...]]
    work: Mapping[str, frozenset[str]]
    runtime: Mapping[str, tuple[str, ...] | None]
    runtime_in: Mapping[str, Mapping[str, tuple[str, ...] | None]]
    dlopened: Mapping[str, tuple[str, ...]]
    man_directory: frozenset[str]
    features: Mapping[str, str]
    renamed: Mapping[str, Mapping[str, str]]
    links: Mapping[str, tuple[str, ...]]
    transitional: Mapping[str, str]
    recommended: Mapping[str, tuple[str, ...]]
    versioned: bool = False  # an operand may carry its version: zlib-devel-1.2.7

    def known_as(self, name: str) -> str:
        """The name that the tables have for an operand, its version taken off where it is part of the word."""
        name = self.transitional.get(name, name)
        if not self.versioned or name in self.kinds or generic(name)[0] in self.kinds:
            return name
        return _VERSION.sub("", name)

    def kind(self, name: str) -> PackageKind:
        """The kind by name, by name with `#` for numbers, or by the first pattern that fits."""
        name = self.known_as(name)
        plain, _ = generic(name)
        found = self.kinds.get(name) or self.kinds.get(plain)
        if found:
            return found
        for pattern, kind in self.patterns:
            if matches(plain, pattern):
                return kind
        return PackageKind.UNKNOWN


FAMILIES: Mapping[str, str] = {
    "apt": "apt",
    "apt-get": "apt",
    "aptitude": "apt",
    "dpkg": "apt",
    "apk": "apk",
    "yum": "rpm",
    "dnf": "rpm",
    "microdnf": "rpm",
    "tdnf": "rpm",
    "rpm": "rpm",
    "zypper": "zypper",
    "pacman": "pacman",
}
"""Which file of `data/packages` a manager's names are in."""

DISTRIBUTIONS: Mapping[str, str] = {
    "apt": "debian",
    "apk": "alpine",
    "rpm": "rpm",
    "zypper": "rpm",
    "pacman": "arch",
}
"""The family of distributions that each of these files is for."""

_LAYERS: Mapping[str, tuple[str, ...]] = {
    "apt": ("common", "apt"),
    "apk": ("common", "apk"),
    "rpm": ("common", "rpm"),
    "zypper": ("common", "zypper"),
    "pacman": ("common", "pacman"),
}
_VERSION = re.compile(r"-(?:\d+:)?\d+\.[\w.~^+]*(?:-[\w.~^+]+)?$")
_SECTIONS: Mapping[str, PackageKind] = {
    **{kind.value: kind for kind in PackageKind},
    "upstream": PackageKind.RUNTIME,
}


@cache
def package_table(manager: str) -> PackageTable | None:
    """The tables of a manager, later layers over earlier ones; None for a manager nobody knows."""
    family = FAMILIES.get(manager)
    if family is None:
        return None
    if family != manager:
        return package_table(family)
    kinds: dict[str, PackageKind] = {}
    patterns: tuple[tuple[str, PackageKind], ...] = ()
    programs: dict[str, tuple[str, ...]] = {}
    runtime: dict[str, tuple[str, ...] | None] = {}
    files: dict[str, tuple[str, ...]] = {}
    served: dict[str, tuple[str, ...]] = {}
    work: dict[str, set[str]] = {}
    dlopened: dict[str, tuple[str, ...]] = {}
    man: set[str] = set()
    runtime_in: dict[str, Mapping[str, tuple[str, ...] | None]] = {}
    renamed: dict[str, Mapping[str, str]] = {}
    features: dict[str, str] = {}
    links: dict[str, tuple[str, ...]] = {}
    transitional: dict[str, str] = {}
    recommended: dict[str, tuple[str, ...]] = {}
    for layer in _LAYERS[family]:
        raw = table(f"packages/{layer}.toml")
        for section, names in raw.get("kinds", {}).items():
            kinds.update(dict.fromkeys(names.split(), _SECTIONS[section]))
        patterns = tuple(_patterns(raw)) + patterns
        programs.update({name: tuple(words.split()) for name, words in raw.get("programs", {}).items()})
        for directory, names in raw.get("files", {}).items():
            files.update({name: (*files.get(name, ()), directory) for name in names.split()})
        served.update({name: tuple(words.split()) for name, words in raw.get("served", {}).items()})
        runtime.update(_libraries(raw.get("libraries", {})))
        runtime.update({name: _parts(words) for name, words in raw.get("runtime", {}).items()})
        for kind_of_work, names in raw.get("work", {}).items():
            for name in names.split():
                work.setdefault(name, set()).add(kind_of_work)
        dlopened.update({name: tuple(words.split()) for name, words in raw.get("dlopened", {}).items()})
        links.update({name: tuple(words.split()) for name, words in raw.get("links", {}).items()})
        features.update(raw.get("features", {}))
        recommended.update({name: tuple(words.split()) for name, words in raw.get("recommended", {}).items()})
        transitional.update(raw.get("transitional", {}))
        renamed.update(raw.get("renamed", {}))
        for suites, parts in raw.get("runtime_in", {}).items():
            found = {name: _parts(words) for name, words in parts.items()}
            runtime_in.update(dict.fromkeys(suites.split(), found))
        man.update(raw.get("quirks", {}).get("man_directory", "").split())
    return PackageTable(
        kinds=kinds,
        patterns=patterns,
        programs=programs,
        files=files,
        served=served,
        work={name: frozenset(kinds_of_work) for name, kinds_of_work in work.items()},
        runtime=runtime,
        runtime_in=runtime_in,
        dlopened=dlopened,
        man_directory=frozenset(man),
        features=features,
        renamed=renamed,
        links=links,
        transitional=transitional,
        recommended=recommended,
        versioned=family in ("rpm", "zypper"),
    )


def _patterns(raw: Mapping[str, Any]) -> list[tuple[str, PackageKind]]:
    sections = raw.get("patterns", {})
    return [(pattern, _SECTIONS[section]) for section in sections for pattern in sections[section].split()]


def _parts(words: str) -> tuple[str, ...] | None:
    return None if words == "?" else tuple(words.split())


def _libraries(raw: Mapping[str, str]) -> dict[str, tuple[str, ...] | None]:
    """Packages with headers that are replaced by the one of the same name, or of that name with `-libs`."""
    suffix = raw.get("suffix", "")
    found: dict[str, tuple[str, ...] | None] = {
        name + suffix: (name,) for name in raw.get("same", "").split()
    }
    found.update({name + suffix: (f"{name}-libs",) for name in raw.get("libs", "").split()})
    return found
