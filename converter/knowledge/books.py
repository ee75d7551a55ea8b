"""Files in which a system keeps books on itself: package databases, caches, accounts."""

from __future__ import annotations

from functools import cache

from converter.knowledge.tables import table


def package_databases() -> tuple[str, ...]:
    """Files and trees that change where a package manager installs or removes something."""
    return tuple(table("books.toml")["databases"])


def is_book(path: str) -> bool:
    """Whether a path is one of the system's books, or what engines mount."""
    files, trees = _books()
    return path in files or any(path == tree or path.startswith(tree + "/") for tree in trees)


def own_files(accounts: bool) -> tuple[str, ...]:
    """Files that no image takes from another: the loader's cache, what engines mount, and those of accounts."""
    raw = table("books.toml")
    return (*raw["own"], *(raw["accounts"] if accounts else ()))


@cache
def _books() -> tuple[frozenset[str], tuple[str, ...]]:
    raw = table("books.toml")
    return frozenset(own_files(accounts=True)), tuple(raw["trees"])
