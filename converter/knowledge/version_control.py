"""What programs for version control do with what they are told about their user."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from converter.knowledge.tables import table


def commits(program: str, words: Iterable[str]) -> bool:
    """Whether a call needs to know who commits."""
    actions: Mapping[str, list[str]] = table("programs.toml")["committing"]
    return not {*words}.isdisjoint(actions.get(program, ()))
