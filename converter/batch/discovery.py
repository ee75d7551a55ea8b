"""Which Dockerfiles a list of files, folders and repositories holds."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from msgspec import Struct
from msgspec.structs import replace

from converter.batch.compose import contexts, is_compose_file
from converter.batch.git import ignored_above
from converter.files.writing import inside

NAMES = ("Dockerfile", "Dockerfile.*", "*.Dockerfile", "*.dockerfile", "Containerfile", "Containerfile.*")
NOT_NAMES = ("*.dockerignore", "*.containerignore")
VENDORED = frozenset(
    {
        ".git", ".hg", ".svn", ".tox", ".venv", "bower_components", "node_modules", "site-packages", "third_party",
        "third-party", "vendor", "venv",
    }
)  # fmt: skip
"""Folders that hold what others wrote, or git's own files."""


class Found(Struct, frozen=True, order=True):
    """A Dockerfile, and the folder that was given and led to it (its own where the file was given).

    `context` is the build context that a compose file names. `uncommitted` is whether its present state is in
    no commit.
    """

    path: str
    given: str
    context: str | None = None
    uncommitted: bool = False


def discover(paths: Iterable[str]) -> tuple[Found, ...]:
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


def _below(folder: str) -> tuple[Found, ...]:
    found: list[Found] = []
    built: dict[str, set[str]] = {}
    for path in _files(folder):
        name = os.path.basename(path)
        if is_compose_file(name):
            for dockerfile, context in contexts(path):
                built.setdefault(dockerfile, set()).add(context)
        elif os.path.isfile(path) and (not os.path.islink(path) or inside(path, folder)):
            found.append(Found(path, folder))
    return tuple(replace(item, context=_context(built.get(item.path, set()), folder)) for item in found)


def _context(said: set[str], folder: str) -> str | None:
    """The one context that compose files agree on, if it is or lies in the given folder."""
    if len(said) != 1:
        return None
    (context,) = said
    plain = os.path.normpath(folder)
    is_given = context == plain and os.path.isdir(context)
    return context if is_given or (os.path.isdir(context) and inside(context, folder)) else None


def _files(folder: str) -> Iterator[str]:
    """Dockerfiles and compose files below a folder, sorted; symlinks to folders are not followed."""
    ignored = {os.path.normpath(folder): ignored_above(folder)}
    for here, folders, names in os.walk(folder):
        holds = ignored.pop(os.path.normpath(here)).entering(os.path.normpath(here))
        folders[:] = sorted(
            name
            for name in folders
            if name not in VENDORED
            and not os.path.islink(os.path.join(here, name))
            and not holds.covers(os.path.normpath(os.path.join(here, name)), is_folder=True)
        )
        ignored |= {os.path.normpath(os.path.join(here, name)): holds for name in folders}
        for name in sorted(names):
            path = os.path.normpath(os.path.join(here, name))
            if (is_dockerfile(name) or is_compose_file(name)) and not holds.covers(path, is_folder=False):
                yield path
