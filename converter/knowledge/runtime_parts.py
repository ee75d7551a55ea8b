"""What must stay in the final stage of a package that leaves it: the libraries of a -dev package, the JRE of a JDK.

"What leaves is replaced by the run-time part it brought".
"""

from __future__ import annotations

from functools import lru_cache

from converter.knowledge.package_kinds import FAMILIES, PackageKind, PackageTable, package_table
from converter.knowledge.suites import debian_libraries
from converter.knowledge.tables import generic


@lru_cache(maxsize=4096)
def runtime_part(manager: str, name: str, suite: str | None) -> tuple[str, ...] | None:
    """The packages that replace `name`: () for nothing, None if it cannot be told.

    `suite` is the release's name (bookworm, jammy) or number and matters for Debian's and Ubuntu's -dev packages,
    and for names that changed with a release. A package that is itself needed at run time is replaced by itself.
    """
    known = package_table(manager)
    if known is None:
        return None
    name = known.known_as(name)
    kind = known.kind(name)
    key, number = _listed(known, name)
    listed = known.runtime.get(key) if key is not None else None
    listed = known.runtime_in.get(suite or "", {}).get(name, listed)
    if listed is not None:
        listed = tuple(part.replace("#", number) for part in listed)
        if suite is not None:
            listed = tuple(_named_in(known, part, suite) for part in listed)
        elif kind is PackageKind.DEVELOPMENT and _is_renamed(known, listed):
            return None  # programs say which they load
    if FAMILIES[manager] == "apt" and kind is PackageKind.DEVELOPMENT:
        if listed is None:
            return debian_libraries(name, suite) if key is None else None
        if _embeds(known, name):
            return listed + tuple(part for part in debian_libraries(name, suite) or () if part not in listed)
    if key is not None:
        return listed
    match kind:
        case PackageKind.BUILD | PackageKind.VCS | PackageKind.DEBUG | PackageKind.DOC | PackageKind.USE:
            return ()
        case PackageKind.RUNTIME:
            return (name,)
        case PackageKind.DEVELOPMENT | PackageKind.UNKNOWN:
            return None


def _is_renamed(known: PackageTable, parts: tuple[str, ...]) -> bool:
    return any(part in names for names in known.renamed.values() for part in parts)


def part_in_old_release(manager: str, name: str, suite: str | None) -> tuple[str, ...] | None:
    """What stays of a package in an old release that needs more of it; None where that is no other than ever.

    Of a release that is not known (None) it stays too: the packages are in all later ones.
    """
    known = package_table(manager)
    old = known.runtime_in.get(known.features.get("unknown_release", "")) if known is not None else None
    if known is None or old is None or (suite is not None and known.runtime_in.get(suite) is not old):
        return None
    return old.get(name)


def _named_in(known: PackageTable, name: str, suite: str) -> str:
    """What a package is called in a release; one without a number (`edge`) is the newest."""
    release = _number(suite)
    for since in sorted(known.renamed, key=_number, reverse=True):
        if name in known.renamed[since] and (not release or release >= _number(since)):
            return known.renamed[since][name]
    return name


def _number(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split(".") if part.isdigit())


def has_unnamed_library(manager: str, name: str, suite: str | None) -> bool:
    """Whether programs may load an interpreter as a library whose package has another name in each release."""
    known = package_table(manager)
    return known is not None and _embeds(known, name) and debian_libraries(name, suite) is None


def _embeds(known: PackageTable, name: str) -> bool:
    """Whether programs load the interpreter as a library that the interpreter's own package does not bring."""
    embedding = known.features.get("embedding", "").split()
    return name in embedding or generic(name)[0] in embedding


def _listed(known: PackageTable, name: str) -> tuple[str | None, str]:
    """The key that the table of run-time parts has the package under, and the number that # stands for."""
    plain, number = generic(name)
    if name in known.runtime:
        return name, ""
    return (plain, number) if plain in known.runtime else (None, "")
