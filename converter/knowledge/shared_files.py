"""Files of the system that libraries open by a fixed name: who reads them, and which packages bring them."""

from __future__ import annotations

from collections.abc import Iterable

from converter.knowledge.installed_sizes import installed
from converter.knowledge.tables import table


def reads_mime_types(language: str) -> bool:
    """Whether programs of a language ask the system for the types of files."""
    return language in table("shared_files.toml")["mime_types"]["languages"]


def brings_mime_types(names: Iterable[str]) -> bool:
    """Whether packages, or what they depend on, bring the types of files."""
    return (
        not installed(names, frozenset())
        .keys()
        .isdisjoint(table("shared_files.toml")["mime_types"]["packages"])
    )
