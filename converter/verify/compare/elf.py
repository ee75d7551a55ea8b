"""Level 5: every program and library of the conversion finds what the dynamic linker wants for it.

Programs are followed to the libraries they load, so that an RPATH of the program counts for them (ld.so(8)).
A library that no program names is a plugin: it is loaded by one whose libraries are there already, so a name that
exists anywhere in the image may be enough.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from msgspec import Struct

from converter.verify.compare.finding import error, judged, note, warning
from converter.verify.compare.pair import Pair
from converter.verify.compare.places import is_application, is_optional
from converter.verify.differences import Difference, Lack, LacksPath, Level
from converter.verify.images.lookup import Tree, own_rpath
from converter.verify.images.model import Elf, Entry, Kind

_LEVEL = Level.ELF
_MOST_FILES = 200_000
_MUSL_PARTS = ("libc.so", "libc.musl-")


class _Unmet(Struct, frozen=True):
    """What one file wants and does not find: a library, or versions of one that was found.

    `program` is the program that loads the file, "" where none does.
    """

    path: str
    library: str
    program: str
    found: str = ""
    versions: tuple[str, ...] = ()


def compare_elf(pair: Pair) -> Iterator[Difference]:
    """Interpreters, libraries, versions; what the original lacks as well is left out."""
    yield from _interpreters(pair)
    yield from _opened(pair)
    known = {(unmet.path, unmet.library, unmet.versions) for unmet in _unmet(pair.original)}
    names = _library_names(pair.converted)
    before = _library_names(pair.original)
    for unmet in _unmet(pair.converted):
        if (unmet.path, unmet.library, unmet.versions) not in known:
            yield _difference(unmet, pair, names, before)


def _opened(pair: Pair) -> Iterator[Difference]:
    """Libraries that a program or library of the image's own names in its text, to load them itself (dlopen)."""
    for path, entry in pair.converted.entries.items():
        elf = entry.content
        if not isinstance(elf, Elf) or path in pair.owned or path not in pair.original.entries:
            continue
        for name in elf.opens:
            found = pair.original.library(name, path, (), elf)
            if found is not None and pair.converted.library(name, path, (), elf) is None:
                yield warning(
                    _LEVEL,
                    path,
                    f"{path} names {name}, which is missing: it may load it while it runs",
                    "Install the package that has the library in the final stage.",
                    lacks=(LacksPath(found),),
                )


def _interpreters(pair: Pair) -> Iterator[Difference]:
    for path, entry in pair.converted.entries.items():
        elf = entry.content
        if not isinstance(elf, Elf):
            continue
        if elf.problem:
            earlier = pair.original.entries.get(path)
            if earlier is None or earlier.content != elf:
                yield warning(_LEVEL, path, f"{path} is an ELF file that cannot be read: {elf.problem}")
        elif elf.interpreter and not pair.converted.exists(elf.interpreter):
            earlier = pair.original.entries.get(path)
            if earlier is None or pair.original.exists(elf.interpreter):
                yield error(
                    _LEVEL,
                    path,
                    f"{path} is started by {elf.interpreter}, which is missing",
                    "Take a final base with the builder's C library (glibc or musl), or link the program statically.",
                )


def _unmet(tree: Tree) -> Iterator[_Unmet]:
    """What is not found, for each file once: programs with all they load, then what no program loads."""
    seen: set[str] = set()
    files = [(path, entry) for path, entry in tree.entries.items() if _is_dynamic(entry)]
    programs = [(path, entry) for path, entry in files if _elf(entry).interpreter]
    for path, entry in (*programs, *files):
        yield from _closure(path, entry, tree, seen)


def _closure(path: str, entry: Entry, tree: Tree, seen: set[str]) -> Iterator[_Unmet]:
    program = path if _elf(entry).interpreter else ""
    pending: list[tuple[str, Entry, tuple[str, ...]]] = [(path, entry, ())]
    while pending and len(seen) < _MOST_FILES:
        current, found, chain = pending.pop()
        if current in seen:
            continue
        seen.add(current)
        elf = _elf(found)
        required = dict(elf.required)
        below = (*own_rpath(elf, posixpath.dirname(current)), *chain)
        for name in elf.needed:
            real = tree.library(name, current, chain, elf)
            if real is None:
                if not (tree.musl(elf) and name.startswith(_MUSL_PARTS)):  # the linker itself
                    yield _Unmet(current, name, program)
                continue
            library = tree.entries[real]
            defined = _elf(library).defined
            missing = tuple(version for version in required.get(name, ()) if version not in defined)
            if missing and defined:
                yield _Unmet(current, name, program, real, missing)
            pending.append((real, library, tuple(dict.fromkeys(below))))


def _difference(unmet: _Unmet, pair: Pair, names: frozenset[str], before: frozenset[str]) -> Difference:
    matters = bool(unmet.program) or is_application(unmet.path, pair)
    if unmet.versions:
        return judged(
            matters or unmet.path not in pair.owned_after,
            _LEVEL,
            unmet.path,
            f"{unmet.path} needs {', '.join(unmet.versions)} of {unmet.library}, which {unmet.found} does not have",
            "Take a final base of the same distribution and release as the builder.",
        )
    elsewhere = unmet.library in names
    where = ", though it lies elsewhere in the image" if elsewhere else ""
    help = "Install the package that has the library in the final stage, or copy it and run ldconfig."
    if unmet.library not in before and unmet.path in pair.original.entries:
        where += "; the original lacks it as well"
        matters = False
    if is_optional(unmet.path):
        return note(
            _LEVEL, unmet.path, f"{unmet.path}, an optional part, needs {unmet.library}, which is missing"
        )
    return judged(
        matters and (not elsewhere or bool(unmet.program)),
        _LEVEL,
        unmet.path,
        f"{unmet.path} needs {unmet.library}, which the dynamic linker does not find{where}",
        help,
        lacks=_in_original(unmet, pair),
    )


def _in_original(unmet: _Unmet, pair: Pair) -> tuple[Lack, ...]:
    """The library that the same file finds in the original."""
    entry = pair.original.entries.get(unmet.path)
    found = None if entry is None else pair.original.library(unmet.library, unmet.path, (), _elf(entry))
    return () if found is None else (LacksPath(found),)


def _library_names(tree: Tree) -> frozenset[str]:
    """The file names of all that can be loaded, links to it included, and the names libraries give themselves."""
    names = set()
    for path, entry in tree.entries.items():
        if entry.kind is Kind.LINK:
            if ".so" in path and tree.exists(path):
                names.add(posixpath.basename(path))
        elif isinstance(entry.content, Elf):
            names.add(posixpath.basename(path))
            names.add(entry.content.soname)
    return frozenset(names)


def _is_dynamic(entry: Entry) -> bool:
    return isinstance(entry.content, Elf) and bool(entry.content.needed)


def _elf(entry: Entry) -> Elf:
    return entry.content if isinstance(entry.content, Elf) else Elf()
