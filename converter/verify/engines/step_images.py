"""Images that a builder without a cache of its own leaves for each step: told by its log, to be removed.

docker's legacy builder and podman keep them as nameless images. Of a final stage they go with its image, those
of other stages stay.
"""

from __future__ import annotations

import re
from itertools import pairwise

from converter.verify.engines.process import MAX_LOG

_IMAGE = re.compile(r"(?: --->|-->) (?P<id>[0-9a-f]{11,12})")
_NOT_MADE = re.compile(r" ---> Using cache|--> Using cache [0-9a-f]+|Step \d+/\d+ : FROM .*", re.IGNORECASE)


def made_by_steps(log: str) -> list[str]:
    """Ids of images that a build made, in order: not those of FROM, and not those that it found in its cache."""
    try:
        with open(log, encoding="utf-8", errors="replace") as file:
            rows = file.read(MAX_LOG).splitlines()
    except FileNotFoundError:
        return []
    return [
        found["id"]
        for before, row in pairwise(("", *rows))
        if (found := _IMAGE.fullmatch(row)) and not _NOT_MADE.fullmatch(before)
    ]
