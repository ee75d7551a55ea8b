"""A batch on a real Dask cluster of two workers, one of which dies while it works."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from converter.batch.apart import work_apart
from converter.batch.cluster import execute_on
from converter.batch.discovery import Found
from converter.batch.executors import execute
from converter.batch.work import Done, Job
from converter.errors import UsageError

ROOT = str(Path(__file__).parents[2])


@pytest.fixture
def files(tmp_path: Path) -> tuple[Found, ...]:
    found = []
    for number in range(400):
        path = tmp_path / f"{number:03}.Dockerfile"
        path.write_text("BROKEN\n" if number % 3 == 0 else f"FROM debian\nRUN true {number}\n")
        found.append(Found(str(path), str(tmp_path)))
    return tuple(found)


class Cluster:
    """A scheduler and its workers, as processes that a test can kill."""

    def __init__(self, address: str, workers: list[subprocess.Popen[bytes]]) -> None:
        self.address = address
        self.workers = workers


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    environment = {**os.environ, "PYTHONPATH": ROOT, "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
    where = tmp_path / "scheduler.json"

    def start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = (sys.executable, "-m", "distributed.cli." + module, *arguments)
        return subprocess.Popen(
            command, env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    processes = [
        start(
            "dask_scheduler",
            "--scheduler-file",
            str(where),
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
        )
    ]
    try:
        while not where.exists() or not where.read_text().strip():
            assert processes[0].poll() is None
            time.sleep(0.05)
        import json

        address = json.loads(where.read_text())["address"]
        workers = [
            start("dask_worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard") for _ in range(2)
        ]
        processes += workers
        yield Cluster(address, workers)
    finally:
        for process in processes:
            process.kill()
            process.wait()


def plain(results: Iterator[Done]) -> list[tuple[str, str, str | None]]:
    return [(done.file, done.kind, done.code) for done in results]


def test_a_worker_that_is_killed_loses_no_file_and_doubles_none(
    cluster: Cluster, files: tuple[Found, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("converter.batch.cluster.CHUNK", 20)
    found = []
    for at, done in enumerate(execute_on(cluster.address, files, Job())):
        found.append((done.file, done.kind, done.code))
        if at == 45:
            cluster.workers[1].send_signal(signal.SIGKILL)
    assert cluster.workers[1].wait() == -signal.SIGKILL
    assert found == plain(execute(files, Job(), 1))


def test_no_scheduler(files: tuple[Found, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("converter.batch.cluster.SECONDS_TO_CONNECT", 0.2)
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        with pytest.raises(UsageError, match="no scheduler answers at"):
            list(execute_on(address, files, Job()))


def test_a_process_apart_that_dies_fails_one_file(
    files: tuple[Found, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = subprocess.run

    def deadly(command: tuple[str, ...], input: bytes, **options: object) -> object:
        if files[2].path.encode() in input:
            return subprocess.CompletedProcess(command, -9, b"")
        return real(command, input=input, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", deadly)
    results = work_apart(Job(), files[:4])
    assert [(done.kind, done.code) for done in results] == [
        ("invalid", "MS102"), ("unchanged", "MS501"), ("failed", "MS690"), ("invalid", "MS102"),
    ]  # fmt: skip
