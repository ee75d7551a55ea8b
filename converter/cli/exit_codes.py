"""Every exit code of the command, and what leads to it."""

from __future__ import annotations

from enum import IntEnum
from typing import assert_never

from converter.outcome import Converted, Failed, Invalid, Outcome, Refused, Unchanged


class ExitCode(IntEnum):
    """What the command tells the shell."""

    OK = 0
    AVAILABLE = 1
    USAGE = 2
    REFUSED = 3
    INVALID = 4
    DIFFERENT = 5
    BUG = 70
    INTERRUPTED = 130
    BROKEN_PIPE = 141


FILE_ERRORS = frozenset({"MS104", "MS105", "MS106", "MS107"})
"""Reasons of a `failed` outcome that are the surroundings' fault, not this program's."""


def of_outcome(outcome: Outcome, check: bool = False) -> ExitCode:
    """The exit code for one file's outcome; `check` asks only whether a conversion is available."""
    match outcome:
        case Converted():
            return ExitCode.AVAILABLE if check else ExitCode.OK
        case Unchanged():
            return ExitCode.OK
        case Refused():
            return ExitCode.REFUSED
        case Invalid():
            return ExitCode.INVALID
        case Failed(reason=reason):
            return ExitCode.USAGE if reason.code in FILE_ERRORS else ExitCode.BUG
        case _:
            assert_never(outcome)
