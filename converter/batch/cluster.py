"""The same work on a Dask cluster, whose workers see the same files under the same names.

A worker that dies loses nothing: its chunk goes to another one. Nothing is written by workers, so a chunk that
is done a second time does no harm.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from converter.batch.apart import work_apart
from converter.batch.discovery import Found
from converter.batch.work import Done, Job, died
from converter.errors import UsageError

if TYPE_CHECKING:
    from distributed import Client, Future

CHUNK = 128
AHEAD = 4
"""Chunks that wait for each thread of the cluster: enough to keep it busy, and no more results than memory takes."""
SECONDS_TO_CONNECT = 20


def execute_on(address: str, found: tuple[Found, ...], job: Job) -> Iterator[Done]:
    """The results of all files in their order. Raises UsageError where there is no such cluster."""
    with _client(address) as client:
        threads = max(1, sum(client.nthreads().values()))
        size = max(1, min(CHUNK, len(found) // threads))
        waiting = deque(found[at : at + size] for at in range(0, len(found), size))
        sent: deque[tuple[tuple[Found, ...], Future[tuple[Done, ...]]]] = deque()
        while waiting or sent:
            while waiting and len(sent) < threads * AHEAD:
                chunk = waiting.popleft()
                # not pure: the same names do not mean the same files
                sent.append((chunk, client.submit(work_apart, job, chunk, pure=False)))
            yield from _results(*sent.popleft(), job)


def _results(chunk: tuple[Found, ...], future: Future[tuple[Done, ...]], job: Job) -> Iterator[Done]:
    from distributed import KilledWorker

    try:
        yield from future.result()
    except (
        KilledWorker
    ):  # one worker after the other died with it, though files are converted in processes apart
        yield from (died(item, job) for item in chunk)
    except (ImportError, AttributeError) as error:
        help = "install the same version on all workers: pip install 'dockerfile-multistage[dask]'"
        raise UsageError(f"a worker of the cluster lacks this program: {error}", help) from error


def _client(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError(
            "--scheduler needs Dask", "install it: pip install 'dockerfile-multistage[dask]'"
        ) from error
    try:
        return Client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UsageError(
            f"no scheduler answers at {address}: {reason}", "start one: dask scheduler"
        ) from error
