"""Archives that forges make of a repository: what the directory in them is called."""

from __future__ import annotations

import re
from functools import cache

from converter.knowledge.tables import table

_CUT_COMMIT = re.compile(r"[0-9a-f]{7,39}")
"""A commit cut short, of which the directory has the full name; a version is that rarely without a dot."""


@cache
def _addresses() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(raw["address"]) for raw in table("forges.toml")["archives"])


def top_directory(address: str) -> str | None:
    """The directory in the archive of an address: the repository and the tag, without the `v` of a version."""
    for pattern in _addresses():
        if (match := pattern.search(address)) and not _CUT_COMMIT.fullmatch(match["ref"]):
            return f"{match['name']}-{re.sub(r'^v(?=[0-9])', '', match['ref']).replace('/', '-')}"
    return None
