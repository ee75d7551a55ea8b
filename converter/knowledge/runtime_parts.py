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

    `suite` is the release's name (bookworm, jammy) and matters for Debian's and Ubuntu's -dev packages
    only. A package that is itself needed at run time is replaced by itself.
    """
    known = package_table(manager)
    if known is None:
        return None
    kind = known.kind(name)
    listed = _listed(known, name)
    if FAMILIES[manager] == "apt" and kind is PackageKind.DEVELOPMENT:
        libraries = None if listed == () else debian_libraries(name, suite)
        if listed is None:
            return libraries
        return listed + tuple(library for library in libraries or () if library not in listed)
    if listed is not None:
        return listed
    match kind:
        case PackageKind.BUILD | PackageKind.VCS | PackageKind.DEBUG | PackageKind.DOC | PackageKind.USE:
            return ()
        case PackageKind.RUNTIME:
            return (name,)
        case PackageKind.DEVELOPMENT | PackageKind.UNKNOWN:
            return None


def _listed(known: PackageTable, name: str) -> tuple[str, ...] | None:
    found = known.runtime.get(name)
    if found is not None:
        return found
    plain, number = generic(name)
    found = known.runtime.get(plain)
    return None if found is None else tuple(part.replace("#", number) for part in found)
