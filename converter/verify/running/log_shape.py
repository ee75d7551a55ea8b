"""The shape of a log: its lines without what differs from start to start."""

from __future__ import annotations

import re
from collections.abc import Iterable

MAX_LINES = 500

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_NAMES_OF_DAYS = r"\b(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\b"
_NAMES_OF_MONTHS = (
    r"\b(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:tember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b"
)
_VOLATILE = re.compile(
    r"\b0x[0-9a-f]+\b"
    r"|\b(?=[0-9a-f-]*\d)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    r"|\b(?=[0-9a-f]*\d)[0-9a-f]{6,}\b"
    rf"|(?:{_NAMES_OF_DAYS},? ?)?(?:{_NAMES_OF_MONTHS})(?=[ /-]?\d)"
    r"|\d+(?:[.:,T/-]+\d+)*(?:(?<=\d)(?:ms|us|ns|s|Z)\b)?"
    r"|\b(?:AM|PM|UTC|GMT)\b",
    re.IGNORECASE,
)
_DAY_ALONE = re.compile(_NAMES_OF_DAYS + r"(?=,? #)")
_FAILURE = re.compile(
    r"error\b|\bfatal|\bfail|exception|traceback|panic|not found|no such|cannot|can't|unable to|denied"
    r"|undefined symbol|not available",
    re.IGNORECASE,
)


def shape(log: str, own_names: Iterable[str] = ()) -> tuple[str, ...]:
    """The different lines of a log, in order, with numbers, times and ids as `#`; own names as `*`."""
    for name in own_names:
        log = log.replace(name, "*") if name else log
    lines = (masked(row) for row in _ESCAPES.sub("", log).splitlines()[: MAX_LINES * 4])
    return tuple(dict.fromkeys(row for row in lines if row))[:MAX_LINES]


def masked(row: str) -> str:
    """A line without what changes from start to start."""
    return _DAY_ALONE.sub("#", _VOLATILE.sub("#", row)).strip()


def sounds_like_failure(row: str) -> bool:
    """Whether a line tells of something that went wrong."""
    return bool(_FAILURE.search(row))
