"""An image as it is compared: its configuration, and one entry for each path."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct, field


class Kind(StrEnum):
    """What lies at a path."""

    FILE = "file"
    DIRECTORY = "directory"
    LINK = "link"
    CHARACTER_DEVICE = "character device"
    BLOCK_DEVICE = "block device"
    PIPE = "pipe"


class Elf(Struct, frozen=True):
    """What the dynamic linker reads of a program or shared library.

    `interpreter` is "" for a library and for a static program; `defined` are the symbol versions it offers,
    `required` those it wants of each library. `reaches` says that it may load libraries or start programs
    that nothing here names; `opens` are names of libraries in its text, if it may load such. `problem` says why
    nothing could be read.
    """

    machine: str = ""
    interpreter: str = ""
    soname: str = ""
    needed: tuple[str, ...] = ()
    rpath: tuple[str, ...] = ()
    runpath: tuple[str, ...] = ()
    defined: tuple[str, ...] = ()
    required: tuple[tuple[str, tuple[str, ...]], ...] = ()
    reaches: bool = False
    opens: tuple[str, ...] = ()
    problem: str = ""


class Script(Struct, frozen=True):
    """A file that starts with `#!`: what follows on that line, and the text if it is kept ("" if not)."""

    line: str
    text: str = ""


class Text(Struct, frozen=True):
    """A small file whose text some level of the comparison reads."""

    text: str


class Names(Struct, frozen=True):
    """The packages or modules that a source file or a list of packages names, in one language's spelling."""

    language: str
    names: tuple[str, ...]


class Members(Struct, frozen=True):
    """An archive: a digest of what its members hold, which does not count the times that are written beside them."""

    digest: bytes


Content: TypeAlias = "Elf | Script | Text | Names | Members"


class Entry(Struct, frozen=True):
    """What lies at a path. `mode` are the twelve permission bits; `sha256` is b"" for all but files.

    `md5`, by which package data knows settings, is there for files below /etc only.
    """

    kind: Kind
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    size: int = 0
    target: str = ""
    sha256: bytes = b""
    md5: bytes = b""
    capabilities: bytes = b""
    content: Content | None = None


class Healthcheck(Struct, frozen=True):
    """HEALTHCHECK; times in nanoseconds as the image has them, 0 for the default."""

    test: tuple[str, ...] = ()
    interval: int = 0
    timeout: int = 0
    start_period: int = 0
    start_interval: int = 0
    retries: int = 0


class Configuration(Struct, frozen=True):
    """What an image promises besides its files. Absent values are empty."""

    cmd: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    user: str = ""
    working_dir: str = ""
    exposed_ports: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    healthcheck: Healthcheck | None = None
    stop_signal: str = ""
    on_build: tuple[str, ...] = ()
    shell: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    architecture: str = ""
    os: str = ""


class Image(Struct, frozen=True):
    """An image: absolute paths (no `/` at the end; the root itself is not among them) and what lies there.

    `unpacked` is the sum of the sizes of its files in bytes, `layers` the number of its layers.
    """

    configuration: Configuration
    entries: Mapping[str, Entry]
    layers: int = 0

    @property
    def unpacked(self) -> int:
        """Bytes of all files."""
        return sum(entry.size for entry in self.entries.values())
