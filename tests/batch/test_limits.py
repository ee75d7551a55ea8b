from __future__ import annotations

import signal
import sys
import threading

import pytest

from converter.batch.limits import Limits, OutOfTime, limited

linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")


def test_a_loop_without_end_ends() -> None:
    with pytest.raises(OutOfTime), limited(Limits(seconds=0.05)):
        _forever()
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def _forever() -> None:
    while True:
        pass


def test_a_limit_that_is_not_reached_leaves_nothing() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with limited(Limits()):
        pass
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


@linux
def test_memory_is_bounded_and_free_again() -> None:
    with pytest.raises(MemoryError), limited(Limits(megabytes=50)):
        bytearray(500_000_000)
    assert len(bytearray(100_000_000)) == 100_000_000


def test_a_thread_has_no_limits_of_its_own() -> None:
    seen = []

    def work() -> None:
        with limited(Limits()):
            seen.append(signal.getitimer(signal.ITIMER_REAL)[0])

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [0]
