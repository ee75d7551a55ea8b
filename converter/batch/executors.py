"""Who does the work: this process, or several that share what was imported before they were forked.

Results come in the order of the files, whoever finishes first. A process that dies takes no other file
with it.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from converter.batch.discovery import Found
from converter.batch.work import Done, Job, died, work, work_off

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

Chunk: TypeAlias = tuple[Found, ...]

MAX_CHUNK = 32
CHUNKS_AHEAD = 4

_SECONDS_BETWEEN_LOOKS = 0.5

_WARM_UP = """
FROM debian:bookworm
RUN apt-get update && apt-get install -y gcc && case x in x) true;; esac
COPY x.c /src/
RUN gcc -o /usr/local/bin/x /src/x.c
CMD ["x"]
"""


def default_jobs() -> int:
    """As many processes as there are processors for this one."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def execute(found: tuple[Found, ...], job: Job, jobs: int) -> Iterator[Done]:
    """The results of all files in their order."""
    if jobs == 1 or len(found) < 2 * jobs:
        yield from work(job, found)
        return
    warm_up()
    gc.freeze()  # a collection in a worker would copy the memory that it shares
    size = max(1, min(MAX_CHUNK, len(found) // (jobs * CHUNKS_AHEAD)))
    waiting = deque(found[at : at + size] for at in range(0, len(found), size))
    while waiting:
        yield from _until_one_dies(waiting, job, jobs)
        if waiting:
            yield from _one_by_one(waiting.popleft(), job)


def warm_up() -> None:
    """Import everything that a conversion needs."""
    from converter.convert import convert

    convert(_WARM_UP)


def _until_one_dies(waiting: deque[Chunk], job: Job, jobs: int) -> Iterator[Done]:
    """Results of chunks from the left; a chunk is taken off once it is done, so a death leaves it there."""
    from concurrent.futures.process import BrokenProcessPool

    with _pool(jobs) as pool:
        sent: deque[Future[tuple[Done, ...]]] = deque()
        try:
            while waiting:
                while len(sent) < min(len(waiting), jobs * CHUNKS_AHEAD):
                    sent.append(pool.submit(work_off, job, waiting[len(sent)]))
                results = sent.popleft().result()
                waiting.popleft()
                yield from results
        except BrokenProcessPool:
            return
        finally:
            pool.shutdown(cancel_futures=True)


def _one_by_one(chunk: Chunk, job: Job) -> Iterator[Done]:
    """Each file of a chunk in a process of its own: the one that kills it is reported as failed."""
    from concurrent.futures.process import BrokenProcessPool

    for found in chunk:
        with _pool(1) as pool:
            try:
                yield from pool.submit(work_off, job, (found,)).result()
            except BrokenProcessPool:
                yield died(found, job)


def _pool(jobs: int) -> ProcessPoolExecutor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_start, initargs=(os.getpid(),))


def _start(parent: int) -> None:
    """A worker leaves Ctrl-C to its parent, ends with it, and imports what it did not inherit."""
    import threading

    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if "converter.convert" not in sys.modules:
        warm_up()


def _end_with(parent: int) -> None:
    """A parent that is killed cannot end its workers: they would wait for work for ever."""
    while os.getppid() == parent:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    os._exit(1)
