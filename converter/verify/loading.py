"""What the programs of a built original really load: where it is known whole, an image without a shell may be enough.

The dynamic linker's way is followed through the original's own files. A program that may load libraries or start
programs by names that nothing shows (dlopen, exec, a shell script) is left out: of it not all is known.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from msgspec import Struct

from converter.verify.images.lookup import Tree, own_rpath
from converter.verify.images.model import Elf

_C_LIBRARY = frozenset(
    """libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libresolv.so.2 libutil.so.1""".split()  # noqa: SIM905
)
"""Parts of glibc: they offer what loads and starts, and use it for what the program asks of them."""
_WHOLE = "GLIBC_2.34"
"""Since this version glibc has the name services `files` and `dns` in itself; before, it loads libraries for them."""
_DATA = ("/etc/mime.types", "/usr/share/mime/globs2")
"""Files that programs open by a fixed name and that bare images do not have."""
_MOST_FILES = 400


class Loading(Struct, frozen=True):
    """The facts of `Observed` that a bare base needs, as it names them."""

    starts: tuple[str, ...]
    programs: Mapping[str, tuple[str, ...]]
    links: tuple[str, ...]
    shared: frozenset[str]


def loading(tree: Tree, owned: Mapping[str, str]) -> Loading:
    """What is started and loaded; `owned` are the paths that packages of the distribution brought."""
    programs = {
        path: tuple(sorted(files))
        for path, entry in sorted(tree.entries.items())
        if isinstance(entry.content, Elf) and entry.mode & 0o111 and path not in owned
        if entry.content.machine and not entry.content.soname
        if (files := _files(path, entry.content, tree)) is not None
    }
    folders = {
        posixpath.dirname(entry.content.interpreter)
        for path, entry in tree.entries.items()
        if path in programs and isinstance(entry.content, Elf) and entry.content.interpreter
    }
    links = tuple(sorted({link for folder in folders for link in tree.links(folder)}))
    return Loading(_starts(tree), programs, links, frozenset(path for path in _DATA if tree.exists(path)))


def _starts(tree: Tree) -> tuple[str, ...]:
    """The programs of ENTRYPOINT, CMD and HEALTHCHECK; none where one is not found."""
    configuration = tree.image.configuration
    words = [configuration.entrypoint or configuration.cmd]
    check = configuration.healthcheck.test if configuration.healthcheck else ()
    if check[:1] == ("CMD-SHELL",):
        return ()
    if check[:1] == ("CMD",):
        words.append(check[1:])
    found = [tree.which(line[0], configuration.working_dir or "/") if line else None for line in words]
    return tuple(path for path in found if path) if all(found) else ()


def _files(path: str, elf: Elf, tree: Tree) -> tuple[str, ...] | None:
    """The interpreter and libraries of a program by the names that are looked for; None if more may be loaded."""
    if elf.reaches or elf.problem:
        return None
    found = {_in_real_folder(elf.interpreter, tree)} if elf.interpreter else set[str]()
    if elf.interpreter and not tree.exists(elf.interpreter):
        return None
    seen = {path}
    pending: list[tuple[str, Elf, tuple[str, ...]]] = [(path, elf, ())]
    while pending:
        current, loader, chain = pending.pop()
        below = (*own_rpath(loader, posixpath.dirname(current)), *chain)
        for name in loader.needed:
            real = tree.library(name, current, chain, loader)
            library = tree.entries[real].content if real is not None else None
            if real is None or not isinstance(library, Elf) or len(seen) > _MOST_FILES:
                return None
            if name == "libc.so.6" and _WHOLE not in library.defined:
                return None
            if library.reaches and name not in _C_LIBRARY and not _is_linker(name):
                return None
            if not _is_linker(name):
                found.add(_named(name, real, tree))
            if real not in seen:
                seen.add(real)
                pending.append((real, library, tuple(dict.fromkeys(below))))
    return tuple(found)


def _in_real_folder(path: str, tree: Tree) -> str:
    """The path without links among its folders; its last name may be one."""
    folder, _, name = path.rpartition("/")
    return f"{(tree.real(folder or '/') or folder).rstrip('/')}/{name}"


def _is_linker(name: str) -> bool:
    return name.startswith(("ld-linux", "ld64.so", "ld.so"))


def _named(name: str, real: str, tree: Tree) -> str:
    """The library under the name that is looked for: a link beside the file, or the file itself."""
    beside = posixpath.join(posixpath.dirname(real), posixpath.basename(name))
    return beside if tree.real(beside) == real else real
