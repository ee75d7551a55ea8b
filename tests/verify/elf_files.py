"""Writes tiny ELF files: just what a dynamic linker and pyelftools read, nothing that runs."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

_BASE = 0x400000
_NEEDED, _STRTAB, _SONAME, _RPATH, _RUNPATH = 1, 5, 14, 15, 29


class _Strings:
    def __init__(self) -> None:
        self.content = b"\0"

    def add(self, text: str) -> int:
        offset = len(self.content)
        self.content += text.encode() + b"\0"
        return offset


def elf(
    needed: Sequence[str] = (),
    *,
    interpreter: str = "",
    soname: str = "",
    rpath: str = "",
    runpath: str = "",
    defined: Sequence[str] = (),
    required: Mapping[str, Sequence[str]] | None = None,
    machine: int = 62,
    dynamic: bool = True,
    padding: bytes = b"",
    uses: Sequence[str] = (),
    go_names: bytes = b"",
    texts: bytes = b"",
) -> bytes:
    """A 64-bit little-endian program (with an interpreter) or library; `machine` 62 is x86-64.

    `uses` are names of functions, `go_names` is the content of a Go program's table of them, `texts`
    are its constants.
    """
    strings = _Strings()
    for name in uses:
        strings.add(name)
    tags = [(_NEEDED, strings.add(name)) for name in needed]
    for tag, text in ((_SONAME, soname), (_RPATH, rpath), (_RUNPATH, runpath)):
        if text:
            tags.append((tag, strings.add(text)))
    definitions = _definitions(strings, defined)
    requirements = _requirements(strings, required or {})
    names = _Strings()
    chunks: list[bytes] = []
    offset = 64 + 56 * 3

    def place(content: bytes) -> int:
        nonlocal offset
        padded = content + b"\0" * (-len(content) % 8)
        chunks.append(padded)
        start, offset = offset, offset + len(padded)
        return start

    at_interpreter = place(interpreter.encode() + b"\0")
    at_strings = place(strings.content)
    tags.append((_STRTAB, _BASE + at_strings))
    table = b"".join(
        struct.pack("<qQ", tag, value) for tag, value in [*tags, (10, len(strings.content)), (0, 0)]
    )
    at_dynamic = place(table)
    at_definitions, at_requirements = place(definitions), place(requirements)
    sections = [
        (0, 0, 0, 0, 0, 0),
        (names.add(".dynstr"), 3, at_strings, len(strings.content), 0, 0),
        (names.add(".dynamic"), 6, at_dynamic, len(table), 1, 0),
        (names.add(".gnu.version_d"), 0x6FFFFFFD, at_definitions, len(definitions), 1, len(defined)),
        (names.add(".gnu.version_r"), 0x6FFFFFFE, at_requirements, len(requirements), 1, len(required or {})),
    ]
    sections = [section for section in sections if section[1] < 7 or section[3]]
    for name, content in ((".gopclntab", go_names), (".rodata", texts)):
        if content:
            sections.append((names.add(name), 1, place(content), len(content), 0, 0))
    shstrtab = names.add(".shstrtab")
    at_names = place(names.content)
    sections.append((shstrtab, 3, at_names, len(names.content), 0, 0))
    place(padding)
    headers = b"".join(
        struct.pack(
            "<IIQQQQIIQQ", name, kind, 0, _BASE + at if at else 0, at, size, link, info, 1, 16 * (kind == 6)
        )
        for name, kind, at, size, link, info in sections
    )
    at_headers = place(headers)
    end = offset
    segments = [(1, 0, end), (3, at_interpreter, len(interpreter) + 1), (2, at_dynamic, len(table))]
    if not interpreter:
        segments[1] = (0, 0, 0)
    if not dynamic:
        segments[2] = (0, 0, 0)
    programs = b"".join(
        struct.pack("<IIQQQQQQ", kind, 5, at, _BASE + at, _BASE + at, size, size, 8)
        for kind, at, size in segments
    )
    header = b"\x7fELF\x02\x01\x01" + b"\0" * 9
    header += struct.pack(
        "<HHIQQQIHHHHHH",
        3,
        machine,
        1,
        _BASE,
        64,
        at_headers,
        0,
        64,
        56,
        3,
        64,
        len(sections),
        len(sections) - 1,
    )
    return header + programs + b"".join(chunks)


def _definitions(strings: _Strings, names: Sequence[str]) -> bytes:
    content = b""
    for index, name in enumerate(names):
        following = 28 if index + 1 < len(names) else 0
        content += struct.pack("<HHHHIII", 1, 0, index + 2, 1, 0, 20, following)
        content += struct.pack("<II", strings.add(name), 0)
    return content


def _requirements(strings: _Strings, wanted: Mapping[str, Sequence[str]]) -> bytes:
    content = b""
    for index, (library, names) in enumerate(wanted.items()):
        size = 16 + 16 * len(names)
        following = size if index + 1 < len(wanted) else 0
        content += struct.pack("<HHIII", 1, len(names), strings.add(library), 16, following)
        for place, name in enumerate(names):
            next_one = 16 if place + 1 < len(names) else 0
            content += struct.pack("<IHHII", 0, 0, place + 2, strings.add(name), next_one)
    return content
