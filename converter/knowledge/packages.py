"""What is known of operating-system packages: their kind, programs, kind of work, and what remains of them.

The planner asks here which packages may leave the final stage and what must replace them. The facts are in
`data/packages`; managers are named as `PackageChange.manager` names them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from converter.knowledge.package_kinds import PackageKind, package_table
from converter.knowledge.runtime_parts import has_unnamed_library, part_in_old_release, runtime_part
from converter.knowledge.tables import generic, matches

__all__ = [
    "PackageKind",
    "brings_certificates",
    "data_directories",
    "dlopened",
    "has_unnamed_library",
    "is_only_in_older_releases",
    "kind",
    "linked_libraries",
    "needs_man_directory",
    "openmp_library",
    "part_in_old_release",
    "programs",
    "recommended_compilers",
    "recommends_compiler",
    "runtime_part",
    "served_programs",
    "speaks_tls",
    "tool_class",
]

_WORK_OF_KIND: dict[PackageKind, frozenset[str]] = {
    PackageKind.BUILD: frozenset({"compile"}),
    PackageKind.DEVELOPMENT: frozenset({"compile"}),
    PackageKind.VCS: frozenset({"vcs"}),
    PackageKind.DEBUG: frozenset({"debug"}),
    PackageKind.DOC: frozenset({"doc"}),
}
_OWN_WORK = frozenset(
    """compile debug doc erlang fetch go haskell java lua mono node ocaml packaging perl php python r
    repository ruby rust sign test unpack vcs""".split()  # noqa: SIM905
)
_OF_LIBRARY = re.compile(r"[\d.]*(?:-[a-z]+\d*)*-dev$")
"""What a package's name has behind that of its library: `libpng12-dev`, `libcurl4-openssl-dev`."""
_STANDS_ALONE = frozenset({"fetch", "sign", "repository", "doc", "node", "php", "lua", "java"})
"""Kinds of work that a build tool does instead of compiling, not besides."""


@lru_cache(maxsize=4096)
def kind(manager: str, name: str) -> PackageKind:
    """What a package is for; UNKNOWN where neither a table nor a rule for names says it."""
    known = package_table(manager)
    return known.kind(name) if known else PackageKind.UNKNOWN


@lru_cache(maxsize=4096)
def programs(manager: str, name: str) -> tuple[str, ...]:
    """The commands that a package brings; where the tables don't say, the package's own name."""
    known = package_table(manager)
    if known is None:
        return (name,)
    name = known.known_as(name)
    found = known.programs.get(name)
    if found is not None:
        return found
    plain, number = generic(name)
    found = known.programs.get(plain)
    if found is not None:
        return tuple(program.replace("#", number) for program in found)
    return () if kind(manager, name) is PackageKind.DEVELOPMENT else (name,)


def data_directories(manager: str, name: str) -> tuple[str, ...]:
    """The directories of a package that commands of others read by name (the time zones of tzdata)."""
    known = package_table(manager)
    return known.files.get(known.known_as(name), ()) if known else ()


def served_programs(manager: str, name: str) -> tuple[str, ...]:
    """Programs of other packages that work with what a package brings (certificates)."""
    known = package_table(manager)
    return known.served.get(known.known_as(name), ()) if known else ()


@lru_cache(maxsize=4096)
def dlopened(manager: str, name: str) -> tuple[str, ...]:
    """Patterns for installed packages that no program links to and that a package with headers stands for."""
    known = package_table(manager)
    return known.dlopened.get(known.known_as(name), ()) if known else ()


@lru_cache(maxsize=4096)
def linked_libraries(manager: str, name: str) -> tuple[str, ...]:
    """The libraries that a package with headers names for linkers: as a rule that which it is called after."""
    known = package_table(manager)
    if known is None or kind(manager, name) is not PackageKind.DEVELOPMENT:
        return ()
    return known.links.get(name) or (_OF_LIBRARY.sub("", name),)


@lru_cache(maxsize=4096)
def tool_class(manager: str, name: str) -> frozenset[str]:
    """The kinds of work that a package serves: compile, fetch, vcs, unpack, sign, node, python, java, doc, ….

    Empty for run-time and unknown packages. `repository` is the work on package sources and keys,
    `packaging` the making of packages.
    """
    known = package_table(manager)
    if known is None:
        return frozenset()
    name = known.known_as(name)
    plain, _ = generic(name)
    listed = known.work.get(name) or known.work.get(plain) or frozenset()
    by_kind = _WORK_OF_KIND.get(kind(manager, name), frozenset())
    if listed & _STANDS_ALONE:
        by_kind = frozenset()
    return listed | by_kind


def needs_man_directory(name: str) -> bool:
    """Whether a Debian package's installation fails where /usr/share/man/man1 is missing (slim images)."""
    known = package_table("apt")
    assert known is not None
    return name in known.man_directory or generic(name)[0] in known.man_directory


def openmp_library(manager: str) -> str | None:
    """The package with GCC's OpenMP library, which no -dev package names; None where it is not known."""
    known = package_table(manager)
    return known.features.get("openmp") if known else None


def is_only_in_older_releases(manager: str, name: str) -> bool:
    """Whether the newest releases lack a package, so that a file which installs it is not built with one of them."""
    known = package_table(manager)
    return known is not None and name in known.features.get("only_older", "").split()


def recommends_compiler(manager: str, name: str) -> bool:
    """Whether a package brings a compiler where its manager installs what it recommends."""
    known = package_table(manager)
    return known is not None and name in known.features.get("recommends_compiler", "").split()


@lru_cache(maxsize=4096)
def recommended_compilers(manager: str, name: str) -> tuple[str, ...]:
    """Packages that bring compilers, and that come with another where its manager installs what it recommends."""
    known = package_table(manager)
    found = known.recommended.items() if known else ()
    return next((names for pattern, names in found if matches(name, pattern)), ())


def brings_certificates(manager: str, name: str) -> bool:
    """Whether the certificates of authorities are installed along with a package."""
    known = package_table(manager)
    return known is not None and known.known_as(name) in known.features.get("certificates", "").split()


def speaks_tls(manager: str, name: str) -> bool:
    """Whether a package is, by a part of its name, one of those that look for certificates of authorities."""
    known = package_table(manager)
    return known is not None and any(part in name for part in known.features.get("tls", "").split())
