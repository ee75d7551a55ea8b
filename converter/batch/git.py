"""What git says of the files of a batch: which it ignores, and which hold changes that nobody committed."""

from __future__ import annotations

import os
from collections.abc import Iterable

from msgspec import Struct
from pathspec import GitIgnoreSpec

from converter.errors import UsageError

IGNORE_FILE = ".gitignore"


class Ignored(Struct, frozen=True):
    """The ignore files that hold for a folder, the innermost last, each with the folder that it lies in."""

    rules: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def entering(self, folder: str) -> Ignored:
        """What holds one folder deeper."""
        rules = _rules(folder)
        return Ignored((*self.rules, (folder, rules))) if rules is not None else self

    def covers(self, path: str, is_folder: bool) -> bool:
        """Whether git ignores a path; the innermost file that says anything about it decides."""
        for folder, spec in reversed(self.rules):
            inside = os.path.relpath(path, folder).replace(os.sep, "/") + ("/" if is_folder else "")
            said = spec.check_file(inside).include
            if said is not None:
                return said
        return False


def ignored_above(folder: str) -> Ignored:
    """What the repository says of a folder before the folder itself is entered."""
    root = repository(folder)
    found = Ignored()
    if root is None:
        return found
    inside = os.path.relpath(os.path.realpath(folder), root)
    here = root
    for part in () if inside == "." else inside.split(os.sep):
        found = found.entering(here)
        here = os.path.join(here, part)
    # paths below are given as the user spelled the folder
    return Ignored(tuple((os.path.relpath(at, os.getcwd()), spec) for at, spec in found.rules))


def repository(folder: str) -> str | None:
    """The top folder of the repository that a folder lies in."""
    here = os.path.realpath(folder)
    while not os.path.exists(os.path.join(here, ".git")):
        above = os.path.dirname(here)
        if above == here:
            return None
        here = above
    return here


def uncommitted(paths: Iterable[str]) -> frozenset[str]:
    """Those of the paths whose content is in no commit; files outside any repository are none. Raises UsageError."""
    by_root: dict[str, list[str]] = {}
    roots: dict[str, str | None] = {}
    for path in paths:
        folder = os.path.dirname(os.path.realpath(path))
        root = roots[folder] if folder in roots else roots.setdefault(folder, repository(folder))
        if root is not None:
            by_root.setdefault(root, []).append(path)
    found: set[str] = set()
    for root, inside in by_root.items():
        changed = _changed(root)
        found |= {path for path in inside if os.path.relpath(os.path.realpath(path), root) in changed}
    return frozenset(found)


def _changed(root: str) -> frozenset[str]:
    """Paths from the top folder that git calls changed, staged or unknown to it."""
    import subprocess

    command = ("git", "-C", root, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames")
    try:
        answer = subprocess.run(command, capture_output=True, check=True, stdin=subprocess.DEVNULL)
    except OSError as error:
        raise UsageError(
            f"{root} is a git repository, but git does not run: {error.strerror}", _WAY_OUT
        ) from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UsageError(
            f"{root}: git status fails: {said[-1] if said else error.returncode}", _WAY_OUT
        ) from error
    rows = answer.stdout.decode("utf-8", "surrogateescape").split("\0")
    return frozenset(row[3:] for row in rows if row)


_WAY_OUT = "with --force files are written whether their present state is committed or not"


def _rules(folder: str) -> GitIgnoreSpec | None:
    try:
        with open(os.path.join(folder, IGNORE_FILE), encoding="utf-8", errors="surrogateescape") as file:
            return GitIgnoreSpec.from_lines(file.read().splitlines())
    except (OSError, ValueError):
        return None
