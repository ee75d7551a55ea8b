"""Libraries that are there in spite of the author's removal: managers leave what another package needs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from converter.knowledge.images import BaseImage
from converter.knowledge.installed_sizes import holding, installed
from converter.knowledge.package_kinds import FAMILIES
from converter.knowledge.packages import PackageKind, kind, runtime_part

HOLDING = (PackageKind.BUILD, PackageKind.VCS, PackageKind.USE)
"""Tools with libraries of their own, which no table knows; those of headers are known or listed anyway."""
_LIBRARY = re.compile(r"lib.+|.+-libs")
_MEASURED = "bookworm"
"""The release of which it is known what packages depend on; others differ little in what a tool loads."""


def may_hold_libraries(leaving: Sequence[tuple[str, str, bool]]) -> bool:
    """Whether a tool that only the split takes out may need a library that the author takes out.

    `leaving` are managers, packages, and whether the author removes them. `apk del libcurl` leaves it beside cmake, and
    programs may load it there.
    """
    names = [(manager, name, proven) for manager, name, proven in leaving if FAMILIES.get(manager) == "apk"]
    tools = any(kind(manager, name) in HOLDING for manager, name, proven in names if not proven)
    return tools and any(_is_library(manager, name) for manager, name, proven in names if proven)


def held_by_tools(
    leaving: Sequence[tuple[str, str, bool]], staying: Sequence[str], final: BaseImage
) -> frozenset[str]:
    """The `-dev` packages of Debian's family that the author takes out, and whose libraries a tool holds.

    `apt-get purge --auto-remove libcurl4-openssl-dev` leaves the library beside curl. It is lost where only the split
    takes curl out, unless what is `staying` needs it too.
    """
    names = [(name, proven) for manager, name, proven in leaving if FAMILIES.get(manager) == "apt"]
    removed = {name for name, proven in names if proven}
    tools = (
        {*installed([name], frozenset())}
        for name, proven in names
        if not proven and kind("apt", name) in HOLDING
    )
    # a tool that needs what is removed leaves with it
    held = {name for needed in tools if not needed & removed for name in needed}
    base = holding(final)
    there = installed(staying, frozenset()).keys() | (base.packages if base is not None else frozenset())
    return frozenset(
        name
        for name in removed
        if kind("apt", name) is PackageKind.DEVELOPMENT
        if (held - there).intersection(runtime_part("apt", name, _MEASURED) or ())
    )


def _is_library(manager: str, name: str) -> bool:
    """Whether it is a library to run with, by its name: libtool is a tool, and known as one."""
    return kind(manager, name) in (PackageKind.RUNTIME, PackageKind.UNKNOWN) and bool(
        _LIBRARY.fullmatch(name)
    )
