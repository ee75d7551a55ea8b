"""Which Dockerfiles a list of files, folders and repositories holds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fnmatch import fnmatchcase

from msgspec import Struct

from converter.files.writing import inside

NAMES = ("Dockerfile", "Dockerfile.*", "*.Dockerfile", "*.dockerfile", "Containerfile", "Containerfile.*")
NOT_NAMES = ("*.dockerignore", "*.containerignore")
SKIPPED_FOLDERS = frozenset({".git", ".hg", ".svn", "node_modules"})


class Found(Struct, frozen=True, order=True):
    """A Dockerfile, and the folder that was given and led to it (its own where the file was given)."""

    path: str
    given: str


def discover(paths: tuple[str, ...]) -> tuple[Found, ...]:
    """All Dockerfiles in the order of the paths, within a folder sorted, each once.

    A path that is no folder is taken whatever its name, also where it does not exist: reading it says so.
    """
    found: dict[str, Found] = {}
    for path in paths:
        if os.path.isdir(path):
            for item in _below(path):
                found.setdefault(item.path, item)
        else:
            found.setdefault(path, Found(path, os.path.dirname(path) or "."))
    return tuple(found.values())


def is_dockerfile(name: str) -> bool:
    """Whether a file's name is one that Dockerfiles have."""
    return any(fnmatchcase(name, shape) for shape in NAMES) and not any(
        fnmatchcase(name, shape) for shape in NOT_NAMES
    )


def _below(folder: str) -> Iterator[Found]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        for name in sorted(names):
            path = os.path.normpath(os.path.join(here, name))
            if is_dockerfile(name) and os.path.isfile(path) and _stays_inside(path, folder):
                yield Found(path, folder)


def _stays_inside(path: str, folder: str) -> bool:
    return not os.path.islink(path) or inside(path, folder)
