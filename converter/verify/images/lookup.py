"""Finding things in an image as its kernel, shell and dynamic linker would: links, PATH, library directories."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from converter.knowledge.search_path import DEFAULT_PATH
from converter.verify.images.model import Elf, Entry, Image, Kind, Text

_MOST_LINKS = 40
"""As Linux: path resolution fails with ELOOP after 40 symbolic links."""
_PLACES = ("/lib", "/usr/lib", "/lib64", "/usr/lib64")
_MUSL_PLACES = ("/lib", "/usr/local/lib", "/usr/lib")
_TRIPLETS = {
    "X86_64/64": "x86_64-linux-gnu",
    "AARCH64/64": "aarch64-linux-gnu",
    "ARM/32": "arm-linux-gnueabihf",
    "386/32": "i386-linux-gnu",
    "RISCV/64": "riscv64-linux-gnu",
    "PPC64/64": "powerpc64le-linux-gnu",
    "S390/64": "s390x-linux-gnu",
}


class Tree:
    """An image with look-ups. Paths are absolute; what does not exist is None."""

    def __init__(self, image: Image) -> None:
        self.image = image
        self.entries: Mapping[str, Entry] = image.entries
        self._real: dict[str, str | None] = {"/": "/"}

    def real(self, path: str) -> str | None:
        """The path without links in it, or None if it leads nowhere or in circles."""
        known = self._real.get(path, "")
        if known != "":
            return known
        found = self._resolve(path)
        self._real[path] = found
        return found

    def _resolve(self, path: str) -> str | None:
        pending = [part for part in path.split("/") if part and part != "."][::-1]
        links, current = 0, ""
        while pending:
            part = pending.pop()
            if part == "..":
                current = current.rpartition("/")[0]
                continue
            entry = self.entries.get(f"{current}/{part}")
            if entry is None:
                return None
            if entry.kind is not Kind.LINK:
                current = f"{current}/{part}"
                if pending and entry.kind is not Kind.DIRECTORY:
                    return None
                continue
            links += 1
            if links > _MOST_LINKS:
                return None
            if entry.target.startswith("/"):
                current = ""
            pending += [piece for piece in entry.target.split("/") if piece and piece != "."][::-1]
        return current or "/"

    def links(self, path: str) -> tuple[str, ...]:
        """The links on the way to where a path leads, in the order in which they are met."""
        found: list[str] = []
        pending = [part for part in path.split("/") if part and part != "."][::-1]
        current = ""
        while pending and len(found) <= _MOST_LINKS:
            part = pending.pop()
            if part == "..":
                current = current.rpartition("/")[0]
                continue
            current = f"{current}/{part}"
            entry = self.entries.get(current)
            if entry is not None and entry.kind is Kind.LINK:
                found.append(current)
                pending += [piece for piece in entry.target.split("/") if piece and piece != "."][::-1]
                current = "" if entry.target.startswith("/") else current.rpartition("/")[0]
        return tuple(found)

    def entry(self, path: str) -> Entry | None:
        """What a path leads to; None for the root too, which has no entry."""
        real = self.real(path)
        return None if real is None else self.entries.get(real)

    def exists(self, path: str) -> bool:
        """Whether a path leads somewhere."""
        return self.real(path) is not None

    def is_directory(self, path: str) -> bool:
        """Whether it leads to a directory."""
        real = self.real(path)
        return real == "/" or (real is not None and self.entries[real].kind is Kind.DIRECTORY)

    def which(self, command: str, directory: str = "/") -> str | None:
        """The real path of a command: on the image's PATH, or from `directory` if it has a slash."""
        if "/" in command:
            return self._program(posixpath.join(directory, command))
        for place in self.search_path:
            if found := self._program(f"{place.rstrip('/')}/{command}"):
                return found
        return None

    def _program(self, path: str) -> str | None:
        real = self.real(path)
        if real is None or real == "/":
            return None
        entry = self.entries[real]
        return real if entry.kind is Kind.FILE and entry.mode & 0o111 else None

    @cached_property
    def search_path(self) -> tuple[str, ...]:
        """The directories of PATH."""
        path = self.image.configuration.env.get("PATH", DEFAULT_PATH)
        return tuple(part for part in path.split(":") if part.startswith("/"))

    def text(self, path: str) -> str:
        """The kept text of a file, "" where none is kept."""
        entry = self.entry(path)
        return entry.content.text if entry and isinstance(entry.content, Text) else ""

    @cached_property
    def children(self) -> dict[str, list[str]]:
        """The names in each directory, sorted."""
        found: dict[str, list[str]] = {}
        for path in self.entries:
            directory, _, name = path.rpartition("/")
            found.setdefault(directory or "/", []).append(name)
        return found

    def library(self, name: str, loader: str, chain: tuple[str, ...], elf: Elf) -> str | None:
        """The real path of a NEEDED library.

        `loader` is the real path of the file that needs it; `chain` the RPATH directories of the files that
        loaded this one, which count unless it has a RUNPATH (ld.so(8)).
        """
        if "/" in name:
            return self.real(posixpath.join(posixpath.dirname(loader), name))
        for place in self.library_places(loader, chain, elf):
            real = self.real(f"{place.rstrip('/')}/{name}")
            if real is None or real == "/":
                continue
            found = self.entries[real].content
            if isinstance(found, Elf) and found.machine == elf.machine:
                return real
        return None

    def library_places(self, loader: str, chain: tuple[str, ...], elf: Elf) -> Iterator[str]:
        """Where the dynamic linker looks for what a file needs, in its order."""
        directory = posixpath.dirname(loader)
        if not elf.runpath:
            yield from own_rpath(elf, directory)
            yield from chain
        yield from self._library_path
        yield from (_with_origin(place, directory) for place in elf.runpath)
        if self.musl(elf):
            yield from self._musl_places
            return
        yield from self._configured
        triplet = _TRIPLETS.get(elf.machine)
        if triplet:
            yield f"/lib/{triplet}"
            yield f"/usr/lib/{triplet}"
        yield from _PLACES

    def musl(self, elf: Elf) -> bool:
        """Whether a file is for musl's dynamic linker rather than glibc's."""
        if elf.interpreter:
            return "ld-musl" in elf.interpreter
        return any(name.startswith("libc.musl") or name == "libc.so" for name in elf.needed) or (
            bool(self._musl_linker) and "libc.so.6" not in elf.needed
        )

    @cached_property
    def _musl_linker(self) -> bool:
        return any(name.startswith("ld-musl-") for name in self.children.get("/lib", []))

    @cached_property
    def _library_path(self) -> tuple[str, ...]:
        value = self.image.configuration.env.get("LD_LIBRARY_PATH", "")
        return tuple(part for part in re.split("[:;]", value) if part.startswith("/"))

    @cached_property
    def _musl_places(self) -> tuple[str, ...]:
        for name in self.children.get("/etc", []):
            if name.startswith("ld-musl-") and name.endswith(".path"):
                return tuple(re.split(r"[:\n]", self.text(f"/etc/{name}").strip()))
        return _MUSL_PLACES

    @cached_property
    def _configured(self) -> tuple[str, ...]:
        """Directories of /etc/ld.so.conf and of the files it includes; one level of includes, as all systems have."""
        lines = self.text("/etc/ld.so.conf").splitlines()
        included = self.children.get("/etc/ld.so.conf.d", [])
        if any(line.startswith("include") for line in lines):
            for name in included:
                lines += self.text(f"/etc/ld.so.conf.d/{name}").splitlines()
        return tuple(line.strip() for line in lines if line.strip().startswith("/"))


def own_rpath(elf: Elf, directory: str) -> tuple[str, ...]:
    """The RPATH of a file in a directory, its `$ORIGIN` put in."""
    return tuple(_with_origin(place, directory) for place in elf.rpath)


def _with_origin(place: str, directory: str) -> str:
    return re.sub(r"\$(?:ORIGIN|\{ORIGIN\})", lambda _: directory, place)
