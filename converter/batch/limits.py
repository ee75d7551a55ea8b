"""Limits of one file's conversion: none holds up the rest, or eats the machine's memory."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from msgspec import Struct

MEGABYTE = 1_000_000


class Limits(Struct, frozen=True):
    """Seconds that one file may take, and megabytes that it may need beside what the process has."""

    seconds: float = 60.0
    megabytes: int = 1000


class OutOfTime(BaseException):
    """A file took too long. No Exception, so that nothing but the limit's owner catches it."""


@contextmanager
def limited(limits: Limits) -> Iterator[None]:
    """Raises OutOfTime or MemoryError inside where a limit is passed.

    Without effect outside the main thread and where the system has no such signals or limits.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, _out_of_time)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)
    memory = _lower(limits.megabytes * MEGABYTE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if memory is not None:
            _set(*memory)


def _out_of_time(number: int, frame: FrameType | None) -> None:
    raise OutOfTime


def _lower(more: int) -> tuple[int, int] | None:
    """Let the process grow by so many bytes only; returns the limits before, None where nothing is limited."""
    if sys.platform != "linux":
        return None
    import resource

    with open("/proc/self/statm", encoding="ascii") as file:
        now = int(file.read().split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY and soft <= now + more:
        return None
    _set(now + more, hard)
    return soft, hard


def _set(soft: int, hard: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
