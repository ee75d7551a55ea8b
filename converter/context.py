"""The build context as a port: what COPY can see, read through the ignore file."""

from __future__ import annotations

from typing import Protocol


class Context(Protocol):
    """Read access to a build context; paths are relative, with `/`, without a leading slash.

    What the ignore file excludes, and a link that leads outside, counts as absent.
    """

    def read_text(self, path: str) -> str | None:
        """The text of a file, or None if it is absent, binary or larger than 1 MiB."""

    def exists(self, path: str) -> bool:
        """Whether a file or directory is there."""

    def is_directory(self, path: str) -> bool:
        """Whether it is a directory."""

    def list(self, path: str = "") -> tuple[str, ...]:
        """Names directly in a directory, sorted; empty if it is none."""

    def walk(self, path: str = "", limit: int = 10_000) -> tuple[str, ...]:
        """Relative paths of all files below, sorted, `limit` at most."""
