"""Installed sizes: of Debian's packages with what they depend on, and of what base images hold.

Figures are kilobytes of one release, for estimates only; `data/packages/debian_sizes.txt` and
`data/base_images/sizes.txt` say where they come from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from msgspec import Struct

from converter.knowledge.image_model import BaseImage
from converter.knowledge.image_names import table_key, variant_of
from converter.knowledge.tables import sorted_line_of, table

RELEASE = "Debian bookworm"
"""The release that all sizes are of."""
PACKAGED = ("debian", "ubuntu")
"""Families whose packages have a size here."""

_DEPTH = 3
"""Levels of metapackages that are looked through."""


class Holding(Struct, frozen=True):
    """What an image holds: kilobytes of everything, and the packages among it."""

    kilobytes: int
    packages: frozenset[str]


def holding(image: BaseImage) -> Holding | None:
    """What a known image of a usual version holds; None where it is not known."""
    if image.family not in (*PACKAGED, "alpine", "scratch", "distroless"):
        return None
    name = re.sub(r"-debian\d+$", "", table_key(image.repository))
    if "jre" in image.tag:
        name += "-jre"
    variant = "alpine" if image.family == "alpine" else "slim" if image.slim else variant_of(image.tag)
    if variant != "plain" and not name.endswith(("/minideb", "alpine")):
        return _row(f"{name}-{variant}")
    return _row(f"{name}-{image.family}") or _row(name)


def distribution(image: BaseImage) -> Holding | None:
    """What every image of the family holds at least."""
    return _row(image.family)


def installed(names: Iterable[str], held: frozenset[str]) -> Mapping[str, int]:
    """Kilobytes of packages and of what they depend on, without those `held`; unknown names are left out."""
    found: dict[str, int] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found or name in held:
            continue
        package = _package(name)
        if package is not None:
            found[name] = package[0]
            waiting += package[1]
    return found


def libraries(name: str) -> tuple[str, ...]:
    """What a -dev package brings for programs; a metapackage brings what its -dev packages do."""
    level: tuple[str, ...] = (name,)
    for _ in range(_DEPTH):
        depends = tuple(other for each in level for other in _depends(each))
        own = tuple(other for other in depends if "-dev" not in other)
        if own:
            return own
        level = depends
    return ()


def is_leaner(suite: str | None) -> bool:
    """Whether an old release is about a third smaller than the one that sizes are of."""
    return suite is not None and suite in table("packages/suites.toml")["leaner"].split()


def is_sized(name: str) -> bool:
    """Whether the size of a package is known."""
    return _package(name) is not None


def _depends(name: str) -> tuple[str, ...]:
    package = _package(name)
    return package[1] if package is not None else ()


@lru_cache(maxsize=4096)
def _package(name: str) -> tuple[int, tuple[str, ...]] | None:
    line = sorted_line_of("packages/debian_sizes.txt", name)
    if line is None:
        return None
    kilobytes, _, depends = line.partition("\t")
    return int(kilobytes), tuple(depends.split())


@lru_cache(maxsize=256)
def _row(name: str) -> Holding | None:
    line = sorted_line_of("base_images/sizes.txt", name)
    if line is None:
        return None
    kilobytes, _, words = line.partition("\t")
    own = frozenset(words.split())
    for word in own:
        if word.startswith("=") and (base := _row(word[1:])) is not None:
            own = own - {word} | base.packages
    return Holding(int(kilobytes), own)
