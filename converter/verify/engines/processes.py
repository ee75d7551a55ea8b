"""Processor time of a container's processes, from the table that `top` prints."""

from __future__ import annotations

import re

_CLOCK = re.compile(r"\s*\d+\s+(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+)\s*")
"""As ps(1) writes it: [DD-]hh:mm:ss."""
_UNITS = re.compile(r"\s*\d+\s+(?:([\d.]+)h)?(?:([\d.]+)m)?(?:([\d.]+)s)?\s*")
"""As podman writes it: 1h2m3.4s."""


def processor_seconds(table: str) -> int:
    """The whole seconds of each row, summed; rows that are none count nothing."""
    return sum(map(_seconds, table.splitlines()))


def _seconds(row: str) -> int:
    if found := _CLOCK.fullmatch(row):
        days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if found := _UNITS.fullmatch(row):
        hour, minute, second = (float(part or 0) for part in found.groups())
        return int(hour * 3600 + minute * 60 + second)
    return 0
