"""Ctrl-C and SIGTERM while things are made: they end the work, but never between making and noting."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class _Waiting:
    """How many callers hold interrupts back, and whether one came meanwhile. One a process, as signals are."""

    depth = 0
    interrupted = False


@contextmanager
def interruptible() -> Iterator[None]:
    """Let each of `SIGNALS` raise KeyboardInterrupt in here; afterwards they do what they did before.

    A signal that is ignored stays so. Outside the main thread nothing changes, since signals are its matter.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}
    heeded = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    for number in heeded:
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number in heeded:
            signal.signal(number, before[number])


@contextmanager
def held() -> Iterator[None]:
    """Keep interrupts for later: one that comes in here is raised at the end of the outermost `held`."""
    _Waiting.depth += 1
    try:
        yield
    finally:
        _Waiting.depth -= 1
        if _Waiting.depth == 0 and _Waiting.interrupted:
            _Waiting.interrupted = False
            raise KeyboardInterrupt


def _interrupt(number: int, frame: FrameType | None) -> None:
    if _Waiting.depth:
        _Waiting.interrupted = True
        return
    raise KeyboardInterrupt
