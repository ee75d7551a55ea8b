"""Makes the table of the libraries that -dev packages bring: `data/packages/debian_libraries.txt`.

The libraries of the same source package that a -dev package depends on, directly or through other -dev packages of
that source; a package without any, as a metapackage, takes those of the -dev packages that it depends on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tests.knowledge.rebuild.packages_index import Index, Package

CODES = ("bu", "bo", "tr", "si")
_NO_LIBRARY = re.compile(r"gcc-.*-base|.*-(data|common|bin|doc)")
_NUMBERED = re.compile(r"lib.*[0-9]")
_LIBRARIES = ("libs", "oldlibs")
_EVERYWHERE = ("libc6", "libgcc-s1")
_COMPILER = re.compile(r"libc6-dev|libstdc\+\+.*-dev|libgcc.*-dev")
_OTHER_LANGUAGES = ("golang", "rust", "haskell", "ocaml", "doc")


def head(month: str) -> str:
    """The comment at the head of the table; `month` is when sid was read."""
    return (
        "# The libraries that a -dev package of Debian brings, by suite: NAME<tab>LIBRARIES where all four agree, "
        "else SUITES=LIBRARIES;…\n"
        f"# bu bullseye, bo bookworm, tr trixie, si sid of {month}. Made from the Packages files: libraries of the "
        "same source package\n"
        "# that the -dev package depends on; a metapackage takes those of the -dev packages it depends on.\n"
    )


def libraries(index: Index) -> Mapping[str, tuple[str, ...]]:
    """The libraries of each -dev package of one suite, also under the names that it provides."""
    found: dict[str, tuple[str, ...]] = {}
    for name, package in index.packages.items():
        if package.section not in _OTHER_LANGUAGES and _is_dev(package):
            found[name] = _brought(index, package)
    for name, providers in index.providers.items():
        package = index.packages[providers[-1]]
        if name.endswith("-dev") and _is_dev(package) and package.section not in _OTHER_LANGUAGES:
            found.setdefault(name, _brought(index, package))
    return found


def lines(suites: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Iterator[str]:
    """The lines of the table, from the libraries of each suite by its code."""
    for name in sorted({name for found in suites.values() for name in found}):
        by_value: dict[str, list[str]] = {}
        for code in CODES:
            if name in suites.get(code, {}):
                by_value.setdefault(" ".join(suites[code][name]), []).append(code)
        if len(by_value) == 1 and next(iter(by_value.values())) == list(CODES):
            yield f"{name}\t{next(iter(by_value))}"
        else:
            parts = (f"{','.join(codes)}={value}" for value, codes in by_value.items())
            yield f"{name}\t{';'.join(parts)}"


def _brought(index: Index, package: Package) -> tuple[str, ...]:
    found = list(_of_source(index, package))
    others = [index.packages[name] for name in index.depends(package.name)]
    if not found:
        for other in others:
            if _is_dev(other) and not _COMPILER.fullmatch(other.name):
                found += _of_source(index, other)
    if not found:
        found = [other.name for other in others if other.section in _LIBRARIES and _is_library(other)]
    return tuple(name for name in dict.fromkeys(found) if name not in _EVERYWHERE)


def _of_source(index: Index, package: Package) -> Iterator[str]:
    """The libraries of its source that it leads to, through -dev packages of that source."""
    waiting, seen = [package.name], {package.name}
    while waiting:
        for name in index.depends(waiting.pop()):
            other = index.packages[name]
            if other.source == package.source and name not in seen:
                seen.add(name)
                if _is_dev(other):
                    waiting.append(name)
                elif _is_library(other):
                    yield name


def _is_library(package: Package) -> bool:
    """By section, or by a name like that of a library where the section tells the field: science, sound."""
    numbered = package.section != "devel" and _NUMBERED.match(package.name) is not None
    return (package.section in _LIBRARIES or numbered) and not _NO_LIBRARY.fullmatch(package.name)


def _is_dev(package: Package) -> bool:
    return package.name.endswith("-dev") or package.section == "libdevel"


def read(text: str) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The table taken apart again: libraries by package, by the suite's code."""
    found: dict[str, dict[str, tuple[str, ...]]] = {code: {} for code in CODES}
    for line in text.splitlines():
        name, tab, value = line.partition("\t")
        if line.startswith("#") or not tab:
            continue
        for part in value.split(";"):
            codes, equals, libraries = part.partition("=")
            for code in codes.split(",") if equals else CODES:
                found[code][name] = tuple((libraries if equals else value).split())
    return found
