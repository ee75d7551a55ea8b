from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from converter.batch import executors
from converter.batch.discovery import Found
from converter.batch.executors import default_jobs, execute
from converter.batch.work import Job, work
from converter.outcome import Converted

T = TypeVar("T")


@pytest.fixture
def files(tmp_path: Path) -> tuple[Found, ...]:
    """Forty files, every third of which no builder accepts."""
    found = []
    for number in range(40):
        path = tmp_path / f"{number:02}.Dockerfile"
        path.write_text("BROKEN\n" if number % 3 == 0 else "FROM debian\nRUN true\n")
        found.append(Found(str(path), str(tmp_path)))
    return tuple(found)


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_the_files_order_whoever_does_the_work(files: tuple[Found, ...], jobs: int) -> None:
    results = list(execute(files, Job(), jobs))
    assert [done.file for done in results] == [found.path for found in files]
    assert [done.kind for done in results] == ["invalid" if at % 3 == 0 else "unchanged" for at in range(40)]


@pytest.mark.skipif(sys.platform != "linux", reason="the stand-in reaches the workers by being forked")
def test_a_process_that_dies_takes_no_other_file_with_it(
    files: tuple[Found, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    victims = {files[7].path, files[30].path}
    parent = os.getpid()

    def deadly(job: Job, chunk: tuple[Found, ...]) -> tuple[object, ...]:
        assert os.getpid() != parent
        if any(found.path in victims for found in chunk):
            os.kill(os.getpid(), signal.SIGKILL)
        return tuple(work(job, chunk))

    deadly.__module__, deadly.__qualname__ = (
        executors.__name__,
        "work_off",
    )  # as it is found by name in a worker
    monkeypatch.setattr(executors, "work_off", deadly)
    results = list(execute(files, Job(), 2))
    assert [done.file for done in results] == [found.path for found in files]
    dead = {done.file: (done.kind, done.code) for done in results if done.kind == "failed"}
    assert dead == dict.fromkeys(sorted(victims), ("failed", "MS690"))


def test_a_bug_in_one_file_is_its_own(files: tuple[Found, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    def buggy(text: str, **_: object) -> Converted:
        raise NotImplementedError("never seen")

    monkeypatch.setattr(sys.modules["converter.convert"], "convert", buggy)
    results = list(execute(files[:3], Job(record=True), 1))
    assert [(done.kind, done.code) for done in results] == [("failed", "MS690")] * 3


def test_there_is_a_job_for_each_processor() -> None:
    assert 1 <= default_jobs() <= (os.cpu_count() or 1)


@pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
def test_workers_end_with_a_parent_that_is_killed(files: tuple[Found, ...], tmp_path: Path) -> None:
    slow = "import time; from converter.batch import work; work.run = lambda *_: time.sleep(60)"
    code = f"{slow}; from converter.cli.main import run; run(['batch', {str(tmp_path)!r}, '-j', '2'])"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    parent = subprocess.Popen((sys.executable, "-c", code), env=environment)
    try:
        workers = _until(lambda: _children(parent.pid))
    finally:
        parent.kill()
        parent.wait()
    assert _until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _until(found: Callable[[], T]) -> T:
    deadline = time.monotonic() + 30
    while not (value := found()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return value
