"""Runs an engine's commands: with time limits, bounded output, and nothing left running on any way out."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import IO, BinaryIO

from msgspec import Struct

from converter.verify.errors import VerifyError
from converter.verify.interrupts import held

MAX_OUTPUT = 4 << 20
"""Bytes kept of each output of a command; what is beyond is read and dropped."""

MAX_LOG = 64 << 20
"""Bytes kept of a build's log."""

SECONDS_TO_END = 5.0
"""Time between asking a process to end and ending it."""

_SECONDS_BETWEEN_LOOKS = 0.1
_PART = 1 << 16


class Finished(Struct, frozen=True):
    """How a command ended; `timed_out` when it was ended by its time limit, `code` is then meaningless."""

    code: int
    out: str
    err: str
    timed_out: bool = False

    @property
    def output(self) -> str:
        """Both outputs, standard output first."""
        return self.out + self.err


class Missing(Exception):
    """The program is not installed."""


class Runner(Struct, frozen=True):
    """Starts commands in one environment. Each runs in a session of its own, so that Ctrl-C reaches us only."""

    environment: Mapping[str, str]

    def run(self, arguments: Sequence[str], seconds: float) -> Finished:
        """Run a command to its end or time limit. Raises Missing."""
        out, err = _Kept(MAX_OUTPUT), _Kept(MAX_OUTPUT)
        with self._started(arguments, subprocess.PIPE, subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            in_time = _pump(process, {process.stdout: out.take, process.stderr: err.take}, seconds)
        return Finished(process.returncode, out.text, err.text, not in_time)

    def log(self, arguments: Sequence[str], seconds: float, path: str) -> Finished:
        """Run a command whose outputs go to a file in the order of writing; `out` has the file's end."""
        kept = _Tail()
        with (
            open(path, "wb") as file,
            self._started(arguments, subprocess.PIPE, subprocess.STDOUT) as process,
        ):
            assert process.stdout is not None

            def take(part: bytes) -> None:
                kept.take(part)
                if (room := MAX_LOG - file.tell()) > 0:
                    file.write(part[:room])
                    file.flush()

            in_time = _pump(process, {process.stdout: take}, seconds)
        return Finished(process.returncode, kept.text, "", not in_time)

    @contextmanager
    def stream(
        self, arguments: Sequence[str], seconds: float, fault: Callable[[Finished], VerifyError]
    ) -> Iterator[BinaryIO]:
        """A command's standard output while it runs; who reads may stop before the end.

        Raises what `fault` makes of a command that failed or took too long, also where the reader failed for
        that very reason. Raises Missing.
        """
        with (
            tempfile.TemporaryFile() as errors,
            self._started(arguments, subprocess.PIPE, errors) as process,
            _ended_after(process, seconds) as out_of_time,
        ):
            assert process.stdout is not None
            ours = False

            def outcome() -> Finished:
                errors.seek(0)
                text = errors.read(MAX_OUTPUT).decode(errors="replace")
                return Finished(process.returncode, "", text, out_of_time.is_set())

            try:
                yield process.stdout  # type: ignore[misc]  # a BufferedReader
                ours = bool(process.stdout.read(1))
            except VerifyError as error:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(0.5)
                if process.returncode or out_of_time.is_set():
                    raise fault(outcome()) from error
                raise
            if not ours:
                process.wait()
                if process.returncode or out_of_time.is_set():
                    raise fault(outcome())

    @contextmanager
    def _started(
        self, arguments: Sequence[str], out: int | IO[bytes], err: int | IO[bytes]
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A running process that has ended when this is left."""
        process = None
        try:
            with held():
                process = subprocess.Popen(
                    arguments, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                    env=dict(self.environment), start_new_session=True,
                )  # fmt: skip
            yield process
        except (FileNotFoundError, PermissionError, NotADirectoryError) as error:
            if process is None:
                raise Missing(arguments[0]) from error
            raise
        finally:
            if process is not None:
                with held():
                    end(process)
                    for stream in (process.stdout, process.stderr):
                        if stream is not None:
                            stream.close()


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and those that it started, unless it has ended."""
    if process.poll() is not None:
        return
    for number, seconds in ((signal.SIGTERM, SECONDS_TO_END), (signal.SIGKILL, None)):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            return


@contextmanager
def _ended_after(process: subprocess.Popen[bytes], seconds: float) -> Iterator[threading.Event]:
    """End the process when the time is over; the event says that this happened."""
    over = threading.Event()

    def stop() -> None:
        over.set()
        end(process)

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield over
    finally:
        timer.cancel()


def _pump(
    process: subprocess.Popen[bytes], sinks: Mapping[IO[bytes], Callable[[bytes], None]], seconds: float
) -> bool:
    """Hand on what a process prints until it ends; False if it had to be ended because time was over."""
    deadline = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        for stream, sink in sinks.items():
            selector.register(stream, selectors.EVENT_READ, sink)
        ended = False
        while selector.get_map():
            ready = selector.select(_SECONDS_BETWEEN_LOOKS)
            for key, _ in ready:
                part = os.read(key.fd, _PART)
                if part:
                    key.data(part)
                else:
                    selector.unregister(key.fileobj)
            if ended and not ready:
                break  # a process in the background still holds the pipe open
            ended = process.poll() is not None
            if time.monotonic() > deadline:
                end(process)
                return False
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        end(process)
        return False
    return True


class _Kept:
    """The first bytes of an output."""

    def __init__(self, limit: int) -> None:
        self._parts = bytearray()
        self._limit = limit

    def take(self, part: bytes) -> None:
        self._parts += part[: self._limit - len(self._parts)]

    @property
    def text(self) -> str:
        return self._parts.decode(errors="replace")


class _Tail:
    """The last bytes of an output: enough to find the step that failed."""

    LIMIT = 1 << 18

    def __init__(self) -> None:
        self._parts = bytearray()

    def take(self, part: bytes) -> None:
        self._parts += part
        if len(self._parts) > 2 * self.LIMIT:
            del self._parts[: -self.LIMIT]

    @property
    def text(self) -> str:
        return self._parts[-self.LIMIT :].decode(errors="replace")
