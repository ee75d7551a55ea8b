"""Reads the index of a Debian archive: `Packages`, as deb822 paragraphs."""

from __future__ import annotations

import gzip
import lzma
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.request import urlopen

from msgspec import Struct

_PRIORITIES = ("required", "important", "standard", "optional", "extra")


class Package(Struct, frozen=True):
    """One binary package. `depends` are groups of alternatives, Pre-Depends last; `kilobytes` as installed."""

    name: str
    source: str
    section: str
    priority: int
    kilobytes: int
    depends: tuple[tuple[str, ...], ...] = ()
    provides: tuple[str, ...] = ()


class Index(Struct, frozen=True):
    """The packages of one release by name, and which packages provide a name."""

    packages: Mapping[str, Package]
    providers: Mapping[str, tuple[str, ...]]

    def real(self, group: Sequence[str]) -> str | None:
        """The package that a group of alternatives leads to: the first real one, else a provider.

        Of several providers the one of higher priority counts, then the smaller one. `usrmerge` converts systems
        with a /bin of their own, which images are not.
        """
        for name in group:
            if name in self.packages and not (name == "usrmerge" and len(group) > 1):
                return name
        found = [self.packages[p] for name in group for p in self.providers.get(name, ())]
        return min(found, key=lambda p: (p.priority, p.kilobytes, p.name)).name if found else None

    def depends(self, name: str) -> tuple[str, ...]:
        """The packages that one depends on, in its order."""
        found = dict.fromkeys(self.real(group) for group in self.packages[name].depends)
        return tuple(d for d in found if d is not None and d != name)

    def closure(self, names: Sequence[str]) -> frozenset[str]:
        """Packages with everything that they depend on; names that are not real are left out."""
        seen: set[str] = set()
        waiting = [name for name in names if name in self.packages]
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting += self.depends(name)
        return frozenset(seen)


def read_index(text: str) -> Index:
    """An index; of a package that it has twice the last counts."""
    packages = {package.name: package for package in map(_package, _paragraphs(text)) if package is not None}
    providers: dict[str, list[str]] = {}
    for name in sorted(packages):
        for provided in packages[name].provides:
            providers.setdefault(provided, []).append(name)
    return Index(packages, {name: tuple(found) for name, found in providers.items()})


def content(origin: str, suite: str = "", architecture: str = "amd64") -> str:
    """The text of a file (plain, .gz or .xz), or of the index of `suite` on a mirror given by its address."""
    if "://" in origin:
        address = f"{origin.rstrip('/')}/dists/{suite}/main/binary-{architecture}/Packages.xz"
        with urlopen(address) as answer:
            return lzma.decompress(answer.read()).decode("utf-8")
    data = Path(origin).read_bytes()
    match Path(origin).suffix:
        case ".gz":
            data = gzip.decompress(data)
        case ".xz":
            data = lzma.decompress(data)
        case _:
            pass
    return data.decode("utf-8")


def _paragraphs(text: str) -> Iterator[Mapping[str, str]]:
    for paragraph in text.split("\n\n"):
        fields = dict(re.findall(r"^([A-Za-z-]+): *(.*(?:\n[ \t].*)*)", paragraph, re.MULTILINE))
        if fields:
            yield fields


def _package(fields: Mapping[str, str]) -> Package | None:
    name = fields.get("Package")
    if name is None:
        return None
    priority = fields.get("Priority", "optional")
    both = ", ".join(fields[key] for key in ("Depends", "Pre-Depends") if key in fields)
    return Package(
        name,
        fields.get("Source", name).split(" ")[0],
        fields.get("Section", "").rpartition("/")[2],
        _PRIORITIES.index(priority) if priority in _PRIORITIES else len(_PRIORITIES),
        int(fields.get("Installed-Size", "0")),
        tuple(_groups(both)),
        tuple(names[0] for names in _groups(fields.get("Provides", ""))),
    )


def _groups(text: str) -> Iterator[tuple[str, ...]]:
    """The alternatives of each dependency, without versions and architectures."""
    for group in text.split(","):
        names = tuple(re.split(r"[ \t\n(:\[<]", each.strip(), maxsplit=1)[0] for each in group.split("|"))
        if names[0]:
            yield names
