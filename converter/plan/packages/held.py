"""Libraries that are there in spite of the author's removal: apk leaves what another package needs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from converter.knowledge.package_kinds import FAMILIES
from converter.knowledge.packages import PackageKind, kind

HOLDING = (PackageKind.BUILD, PackageKind.VCS, PackageKind.USE)
"""Tools with libraries of their own, which no table knows; those of headers are known or listed anyway."""
_LIBRARY = re.compile(r"lib.+|.+-libs")


def may_hold_libraries(leaving: Sequence[tuple[str, str, bool]]) -> bool:
    """Whether a tool that only the split takes out may need a library that the author takes out.

    `leaving` are managers, packages, and whether the author removes them. `apk del libcurl` leaves it beside cmake, and
    programs may load it there.
    """
    names = [(manager, name, proven) for manager, name, proven in leaving if FAMILIES.get(manager) == "apk"]
    tools = any(kind(manager, name) in HOLDING for manager, name, proven in names if not proven)
    return tools and any(_is_library(manager, name) for manager, name, proven in names if proven)


def _is_library(manager: str, name: str) -> bool:
    """Whether it is a library to run with, by its name: libtool is a tool, and known as one."""
    return kind(manager, name) in (PackageKind.RUNTIME, PackageKind.UNKNOWN) and bool(
        _LIBRARY.fullmatch(name)
    )
