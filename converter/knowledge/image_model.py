"""What is known of a base image, as plain data: `images.py` makes it, the plan chooses with it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field


class Kind(StrEnum):
    """What an image is for."""

    OS = "os"
    LANGUAGE = "language"  # its interpreter or virtual machine runs the result
    TOOLCHAIN = "toolchain"  # it only builds
    SERVICE = "service"  # it starts a server of its own
    UNKNOWN = "unknown"


class BaseImage(Struct, frozen=True):
    """One base image as far as it is known; defaults mean that nothing is known.

    `repository` is lower case without the default registry. `family` is debian, ubuntu, alpine, rpm, arch,
    busybox, scratch, distroless, windows or unknown. `suite` is the release (bookworm, jammy, 3.18; ol8 for
    Oracle Linux), None where the tag floats or is not known; `oldest_suite` is one that it is not older than.
    `version` is X.Y of the tag, or X where the image's series are whole numbers (node, gcc, openjdk). Values of `env`
    that differ by version are HOLE.
    `build_libraries`: it brings -dev packages of its own, so that programs built in it may load libraries
    that a slim image lacks. `own_libraries` are directories of libraries newer than the distribution's.
    `reads` is what its own service reads. `homes` are those of accounts that have another than
    /home/NAME. `has` and `lacks` are commands (both empty: not known). `is_known`: a table
    has the repository; else the defaults are what most images have.
    """

    reference: str
    repository: str = ""
    tag: str = ""
    digest: str = ""
    family: str = "unknown"
    suite: str | None = None
    oldest_suite: str | None = None
    kind: Kind = Kind.UNKNOWN
    slim: bool = False
    languages: tuple[str, ...] = ()
    version: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    entrypoint: tuple[str, ...] = ()
    cmd: tuple[str, ...] = ()
    user: str = ""
    workdir: str = "/"
    stopsignal: str = ""
    volumes: tuple[str, ...] = ()
    expose: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    homes: Mapping[str, str] = field(default_factory=dict)
    usr_local_empty: bool = False
    certificates: bool = False
    tzdata: bool = False
    netbase: bool = False
    mime_types: bool = False
    onbuild: bool = False
    build_libraries: bool = False
    own_libraries: tuple[str, ...] = ()
    pass_through_entrypoint: bool = False
    reads: tuple[str, ...] = ()
    has: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    is_known: bool = False


class BaseChoice(Struct, frozen=True):
    """Images for both stages; `note` says why they differ from the author's.

    `other_distribution`: the final image is of another distribution or release than the builder, so it is fit
    only for what needs nothing of either (a pure jar, no OS package kept).
    """

    builder: str
    final: str
    note: str = ""
    other_distribution: bool = False
