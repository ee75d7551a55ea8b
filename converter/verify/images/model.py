"""Stand-in for the image reader's model, until both halves are merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Image:
    """What an archive held."""

    configuration: Mapping[str, object] = field(default_factory=dict)
    entries: Mapping[str, object] = field(default_factory=dict)
