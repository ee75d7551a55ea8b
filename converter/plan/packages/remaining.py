"""What stays of a package that leaves, as far as the base of the final stage has not got it itself."""

from __future__ import annotations

import re

from converter.knowledge.images import BaseImage, Kind
from converter.knowledge.package_kinds import CERTIFICATES
from converter.knowledge.packages import (
    is_only_in_older_releases,
    part_in_old_release,
    programs,
    runtime_part,
    tool_class,
)

_PYTHON = re.compile(r"py(?:thon)?([23]?)(?:-setuptools|-pkg-resources|-distutils)?")
"""The distribution's interpreter, with what it needs to start installed programs."""


def remaining(final_base: BaseImage, manager: str, name: str, suite: str | None) -> tuple[str, ...] | None:
    """The packages that replace `name` in the final stage: () for nothing, None if it cannot be told."""
    if is_surplus(final_base, manager, name):
        return ()
    parts = runtime_part(manager, name, suite)
    if suite is None and (not _is_newest(final_base) or is_only_in_older_releases(manager, name)):
        parts = part_in_old_release(manager, name, final_base.oldest_suite) or parts
    return parts and tuple(part for part in parts if not _is_there(final_base, manager, part))


def _is_newest(base: BaseImage) -> bool:
    """Whether a tag that names no release stands for a new one, whenever it is built."""
    moving = base.kind is Kind.OS or not any(c.isdigit() for c in base.tag)  # latest, slim
    return base.suite is None and base.is_known and moving


def is_surplus(final_base: BaseImage, manager: str, name: str) -> bool:
    """Whether a package brings a second Python of the version that the base has."""
    return "python" in tool_class(manager, name) and _is_python(final_base, name.removesuffix("-pip"))


def _is_there(final_base: BaseImage, manager: str, part: str) -> bool:
    """Whether the base has a JRE, certificates or a Python of its own: for programs one is as good as another."""
    if part == CERTIFICATES:
        return final_base.certificates
    if "java" in final_base.languages and "java" in programs(manager, part):
        return True
    return _is_python(final_base, part)


def _is_python(final_base: BaseImage, name: str) -> bool:
    """Whether a name stands for Python in the version that the base brings."""
    found = _PYTHON.fullmatch(name)
    if found is None or "python" not in final_base.languages:
        return False
    return found[1] in ("", (final_base.version or "3")[0])
