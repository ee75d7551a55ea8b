"""Makes the tables of installed sizes: of packages, and of what base images hold.

`data/packages/debian_sizes.txt` has the packages that Dockerfiles install, with everything that they depend on (not
what is only recommended). A name that the release does not have stands for the package that provides it, or for the
same package with the release's own number: openjdk-8-jdk for openjdk-17-jdk.
`data/base_images/sizes.txt` is what `sizes.toml` beside it says, with the packages in full.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from converter.knowledge.tables import generic
from tests.knowledge.rebuild.packages_index import Index

PACKAGES_HEAD = """\
# Installed sizes of packages: NAME<tab>KILOBYTES<tab>DEPENDS (Depends and Pre-Depends, first alternative, no Recommends).
# Source: Installed-Size of the Packages file of Debian bookworm, main, amd64. Holds the packages that real Dockerfiles
# install and what these depend on. 0 kB: a name for another package (provided, or of another release). Sorted.
# Made by `python -m tests.knowledge.rebuild sizes`.
"""  # noqa: E501
IMAGES_HEAD = """\
# What base images hold: NAME<tab>KILOBYTES of everything<tab>packages beside those of the row =NAME. Sorted.
# Made from sizes.toml (which names the sources) by `python -m tests.knowledge.rebuild sizes`.
"""
_NUMBER = re.compile(r"[0-9]+")


def package_lines(index: Index, names: Iterable[str]) -> Iterator[str]:
    """The lines for names and what they depend on; names that mean nothing in this release are left out."""
    alike = _by_generic_name(index)
    aliases: dict[str, str] = {}
    for name in set(names) - set(index.packages):
        found = index.real((name,)) or alike.get(generic(name)[0])
        if found is not None:
            aliases[name] = found
    real = [*(name for name in names if name in index.packages), *aliases.values()]
    rows = {name: f"{name}\t0\t{target}" for name, target in aliases.items()}
    for name in index.closure(real):
        depends = " ".join(sorted(index.depends(name)))
        rows[name] = f"{name}\t{max(1, index.packages[name].kilobytes)}\t{depends}"
    yield from (rows[name] for name in sorted(rows))


def image_lines(index: Index, table: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The lines for the rows of `sizes.toml`."""
    for name in sorted(table):
        held, megabytes = _held(index, table, name)
        parent = table[name].get("base")
        own = sorted(held - _held(index, table, parent)[0]) if parent else sorted(held)
        kilobytes = 1000 * megabytes + sum(index.packages[p].kilobytes for p in held)
        yield f"{name}\t{max(0, kilobytes)}\t{' '.join([f'={parent}'] * bool(parent) + own)}"


def image_packages(index: Index, table: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """The packages that any of the rows holds."""
    return frozenset().union(*(_held(index, table, name)[0] for name in table))


def _held(index: Index, table: Mapping[str, Mapping[str, Any]], name: str) -> tuple[frozenset[str], int]:
    row = table[name]
    parent: tuple[frozenset[str], int] = (
        _held(index, table, row["base"]) if "base" in row else (frozenset(), 0)
    )
    names = row.get("packages", "").split()
    unknown = sorted(set(names) - set(index.packages))
    if unknown:
        raise SystemExit(f"[{name}] of sizes.toml: the release has no package {' '.join(unknown)}")
    if row.get("required"):
        names += [p.name for p in index.packages.values() if p.priority == 0]
    return parent[0] | index.closure(names), parent[1] + row.get("megabytes", 0)


def _by_generic_name(index: Index) -> Mapping[str, str]:
    """The package of each name with `#` for its numbers; the one with the lowest numbers,
    as what Dockerfiles name beside it is mostly older."""
    found: dict[str, str] = {}
    for name in index.packages:
        plain, number = generic(name)
        if number and (plain not in found or _numbers(name) < _numbers(found[plain])):
            found[plain] = name
    return found


def _numbers(name: str) -> list[int]:
    return [int(number) for number in _NUMBER.findall(name)]
