"""What the dynamic linker reads of an ELF file: the one module that uses pyelftools."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any, cast

from converter.verify.images.model import Elf

MAGIC = b"\x7fELF"
_LOADABLE = (2, 3)  # ET_EXEC and ET_DYN; object files, core dumps and kernel modules are never loaded
_MANY = 20_000
_READS = 400_000
_BYTES = 64 << 20
_TRUSTING = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    OverflowError,
    RecursionError,
    MemoryError,
)
"""What pyelftools raises besides its own errors, since it trusts the numbers in a file."""


_REACHING = frozenset(
    b"""dlopen dlmopen system popen execl execlp execle execv execve execvp execvpe execveat fexecve posix_spawn
    posix_spawnp __libc_dlopen_mode iconv_open pthread_cancel pthread_exit backtrace""".split()
)
"""Functions of the C library that load a library or start a program: by a name of their caller, or libgcc_s."""
_LOADING = frozenset((b"dlopen", b"dlmopen"))
_LIBRARY_NAME = re.compile(rb"(?<![\w./+-])(?:lib[\w+-]{1,60}\.so(?:\.\d{1,4}){1,3})(?=\0)", re.ASCII)
_MOST_TEXT = 32 << 20
_MOST_NAMES = 64
_REACHING_GO = (b"\0syscall.forkExec\0", b"\0syscall.Exec\0")
"""The same in the table of function names of a Go program, which stays when its symbols are stripped."""
_GO_NAMES = 48 << 20


class _Bounded:
    """A file of which only so much is read: a damaged one may send its reader round and round."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._reads = _READS
        self._bytes = _BYTES
        self.tell = file.tell

    def read(self, size: int = -1) -> bytes:
        """As of a file; raises ValueError above the bounds."""
        content = self._file.read(min(size, self._bytes + 1) if size >= 0 else self._bytes + 1)
        self._reads -= 1
        self._bytes -= len(content)
        if self._reads < 0 or self._bytes < 0:
            raise ValueError("too much to read")
        return content

    def seek(self, offset: int, whence: int = 0) -> int:
        """As of a file."""
        return self._file.seek(offset, whence)


def is_loadable(head: bytes) -> bool:
    """Whether the first bytes are those of a program or shared library."""
    if len(head) < 18 or not head.startswith(MAGIC):
        return False
    order = "big" if head[5] == 2 else "little"
    return int.from_bytes(head[16:18], order) in _LOADABLE  # type: ignore[arg-type]


def read_elf(file: IO[bytes]) -> Elf:
    """The facts of a loadable ELF file that can be sought in. A damaged one has its `problem` and nothing else."""
    from elftools.common.exceptions import ELFError
    from elftools.construct import ConstructError

    try:
        return _facts(_Bounded(file))
    except (ELFError, ConstructError) as error:
        return Elf(problem=f"damaged: {error}"[:200] if str(error) else "damaged")
    except _TRUSTING:
        return Elf(problem="damaged")


def _facts(file: _Bounded) -> Elf:
    from elftools.elf.dynamic import DynamicSegment
    from elftools.elf.elffile import ELFFile
    from elftools.elf.segments import InterpSegment

    elf: Any = ELFFile(cast(IO[bytes], file))
    interpreter, tags = "", dict[str, list[str]]()
    if elf.num_segments() > _MANY or elf.num_sections() > _MANY:
        return Elf(problem="damaged: too many parts")
    for segment in elf.iter_segments():
        if isinstance(segment, InterpSegment):
            if segment["p_filesz"] > 4096:
                return Elf(problem="damaged: the interpreter's name is too long")
            interpreter = segment.get_interp_name()
        elif isinstance(segment, DynamicSegment):
            tags = _tags(segment)
    rpath = _split(tags.get("rpath", []))
    runpath = _split(tags.get("runpath", []))
    if not tags:
        return Elf(machine=_machine(elf), interpreter=interpreter, reaches=_reaches_from_go(elf))
    return Elf(
        machine=_machine(elf),
        interpreter=interpreter,
        soname=next(iter(tags.get("soname", [])), ""),
        needed=tuple(tags.get("needed", [])),
        rpath=rpath,
        runpath=runpath,
        defined=_defined(elf),
        required=_required(elf),
        reaches=_uses(elf, _REACHING) or (bool(interpreter) and _reaches_from_go(elf)),
        opens=_opens(elf, set(tags.get("needed", []))),
    )


def _machine(elf: Any) -> str:
    return f"{elf['e_machine']}/{elf.elfclass}".removeprefix("EM_")


def _tags(segment: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for count, tag in enumerate(segment.iter_tags()):
        if count > _MANY:
            break
        name = tag.entry.d_tag
        if name in ("DT_NEEDED", "DT_SONAME", "DT_RPATH", "DT_RUNPATH"):
            key = name.removeprefix("DT_").lower()
            found.setdefault(key, []).append(getattr(tag, key))
        else:
            found.setdefault("", [])
    return found


def _split(values: list[str]) -> tuple[str, ...]:
    return tuple(part for value in values for part in value.split(":") if part)


def _sections(elf: Any, kind: str) -> Iterator[Any]:
    for index in range(elf.num_sections()):
        if elf._get_section_header(index)["sh_type"] == kind:
            yield elf.get_section(index)


def _defined(elf: Any) -> tuple[str, ...]:
    """The versions that the library defines; the first name of each, since the others are its parents."""
    names: list[str] = []
    for section in _sections(elf, "SHT_GNU_verdef"):
        for definition, names_of in section.iter_versions():
            if len(names) > _MANY:
                return ()
            if not definition["vd_flags"] & 1:  # the base version is the library's own name
                names.append(next(names_of).name)
    return tuple(sorted(set(names)))


def _required(elf: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The versions that are wanted of each library; weak ones may be missing."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for section in _sections(elf, "SHT_GNU_verneed"):
        for need, versions in section.iter_versions():
            if len(found) > _MANY:
                return ()
            names = sorted(version.name for version in versions if not version["vna_flags"] & 2)
            found.append((need.name, tuple(names)))
    return tuple(sorted(found))


def _uses(elf: Any, functions: frozenset[bytes]) -> bool:
    """Whether it uses one of some functions; without its sections nobody knows."""
    if not elf.num_sections():
        return True
    tables = (section for section in _sections(elf, "SHT_STRTAB") if section.name == ".dynstr")
    return any(not functions.isdisjoint(table.data().split(b"\0")) for table in tables)


def _opens(elf: Any, needed: set[str]) -> tuple[str, ...]:
    """Names of libraries among the texts of a file that loads libraries by name, those it needs anyway left out."""
    if not _uses(elf, _LOADING):
        return ()
    for section in _sections(elf, "SHT_PROGBITS"):
        if section.name == ".rodata" and section["sh_size"] <= _MOST_TEXT:
            found = {match.decode("ascii") for match in _LIBRARY_NAME.findall(section.data())}
            return tuple(sorted(found - needed)[:_MOST_NAMES])
    return ()


def _reaches_from_go(elf: Any) -> bool:
    """The same for what a Go program does without the C library; a table that is too large to read may name it."""
    for section in _sections(elf, "SHT_PROGBITS"):
        if section.name.endswith("gopclntab"):
            return section["sh_size"] > _GO_NAMES or any(name in section.data() for name in _REACHING_GO)
    return False
