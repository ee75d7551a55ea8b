"""A batch that was stopped at any point goes on, and nothing is lost or done twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from converter.batch.report_file import Report, recorded, report_file
from converter.cli.main import run
from converter.errors import UsageError

DOCKERFILE = """FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
COPY hello{number}.c /src/
RUN gcc -o /usr/local/bin/hello /src/hello{number}.c
CMD ["hello"]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for number in range(60):
        path = tmp_path / f"repo/{number:02}/Dockerfile"
        path.parent.mkdir(parents=True)
        path.write_text(DOCKERFILE.format(number=number))
    return tmp_path


def texts(folder: Path) -> list[str]:
    return [path.read_text() for path in sorted(folder.glob("repo/*/Dockerfile"))]


def records(name: str) -> list[dict[str, Any]]:
    return [{**json.loads(row), "seconds": 0} for row in Path(name).read_text().splitlines()]


def batch(*arguments: str) -> int:
    return run(["batch", "repo", "-q", "--no-context", *arguments])


def test_killed_and_resumed_is_as_if_never_killed(folder: Path) -> None:
    assert batch("--report", "whole.jsonl", "--jobs", "1") == 0
    whole = records("whole.jsonl")
    command = (
        sys.executable,
        "-m",
        "converter",
        "batch",
        "repo",
        "--write",
        "--no-context",
        "--report",
        "r.jsonl",
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    kills = 0
    for lines in (3, 20, 40):
        resume = ("--resume",) if kills else ()
        process = subprocess.Popen(
            (*command, *resume, "--jobs", "2"), env=environment, stderr=subprocess.DEVNULL
        )
        while process.poll() is None and _rows("r.jsonl.partial") < lines:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        kills += process.wait() == -signal.SIGKILL
    assert kills
    assert batch("--write", "--report", "r.jsonl", "--resume") == 0
    assert records("r.jsonl") == whole
    assert texts(folder) == [record["dockerfile"] for record in whole]
    assert not Path("r.jsonl.partial").exists()


def _rows(name: str) -> int:
    return Path(name).read_bytes().count(b"\n") if Path(name).exists() else 0


@pytest.mark.parametrize("is_replaced", [True, False])
def test_a_line_without_an_end_is_settled_by_its_file(folder: Path, is_replaced: bool) -> None:
    assert batch("--report", "r.jsonl") == 0
    whole = records("r.jsonl")
    rows = Path("r.jsonl").read_text().splitlines(keepends=True)
    Path("r.jsonl").unlink()
    for record in whole[: 7 + is_replaced]:
        Path(record["file"]).write_text(record["dockerfile"])
    Path("r.jsonl.partial").write_text("".join(rows[:7]) + rows[7].rstrip())
    assert [record["file"] for record in recorded("r.jsonl")] == [
        f"repo/{n:02}/Dockerfile" for n in range(7 + is_replaced)
    ]
    assert batch("--write", "--report", "r.jsonl", "--resume") == 0
    assert records("r.jsonl") == whole
    assert texts(folder) == [record["dockerfile"] for record in whole]


def test_a_torn_line_is_taken_back(folder: Path) -> None:
    assert batch("--report", "r.jsonl") == 0
    whole, text = records("r.jsonl"), Path("r.jsonl").read_text()
    Path("r.jsonl.partial").write_text(text[: len(text) // 2])
    assert batch("--report", "r.jsonl", "--resume") == 0
    assert records("r.jsonl") == whole


def test_a_whole_report_has_nothing_left_to_do(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert batch("--report", "r.jsonl") == 0
    before = Path("r.jsonl").read_text()
    assert run(["batch", "repo", "--no-context", "--report", "r.jsonl", "--resume"]) == 0
    assert Path("r.jsonl").read_text() == before
    assert capfd.readouterr().err.startswith("60 files in ")


def test_what_is_no_report_is_not_gone_on_with(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    Path("r.jsonl").write_text("old\n")
    assert batch("--report", "r.jsonl", "--resume") == 2
    assert "r.jsonl.partial:1: this is no line of a report" in capfd.readouterr().err
    assert Path("r.jsonl").read_text() == "old\n"


@pytest.mark.parametrize("arguments", [("--resume",), ("--resume", "--report", "-")])
def test_resume_needs_a_file(
    folder: Path, arguments: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    assert batch(*arguments) == 2
    assert "--resume needs a report in a file" in capfd.readouterr().err


def test_a_line_that_was_announced_gives_way_to_what_came_of_it(tmp_path: Path) -> None:
    with report_file(str(tmp_path / "r")) as report:
        report.add("one")
        report.announce("a longer announcement")
        report.add("two")
        report.announce("three")
        report.add("three")
    assert (tmp_path / "r").read_text() == "one\ntwo\nthree\n"


def test_a_stream_is_not_rewound(capfd: pytest.CaptureFixture[str]) -> None:
    report = Report(sys.stdout, rewinds=False)
    report.announce("one")
    report.add("two")
    assert capfd.readouterr().out == "two\n"


def test_a_report_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"), report_file(str(tmp_path / "a/b")):
        pass
