"""What authors say of packages in their own words: the names of virtual groups, and comments."""

from __future__ import annotations

from converter.knowledge.tables import matches, table


def is_lasting_group(name: str) -> bool:
    """Whether the name of a group says that what is in it is for the container: `.persistent-deps`, `.php-rundeps`."""
    return _fits(name, "groups", "lasting")


def is_build_group(name: str) -> bool:
    """Whether the name of a group says that what is in it is for the build: `.build-deps`."""
    return _fits(name, "groups", "build")


def speaks_of_lasting(comment: str) -> bool:
    """Whether a comment says that the packages below it are for the container: `# persistent / runtime deps`."""
    return _fits(comment, "comments", "lasting") and not _fits(comment, "comments", "build")


def _fits(text: str, section: str, key: str) -> bool:
    return any(matches(text.lower(), pattern) for pattern in table("packages/words.toml")[section][key])
