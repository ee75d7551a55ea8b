"""`multistage convert --build` with a docker that is played: what its reports tell of the rounds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Answer
from tests.verify.playing import FakeDocker

Command = Callable[..., Answer]
BUILD = ("convert", "Dockerfile", "--build", "--log-dir", "logs", "--engine", "docker")
TEXT = """\
FROM debian:bookworm
RUN apt-get update && apt-get install -y gcc make libc6-dev
COPY . /src
RUN make -C /src && cp /src/app /usr/local/bin/app
CMD ["app"]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a Dockerfile, which is the working directory."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Dockerfile").write_text(TEXT)
    monkeypatch.chdir(folder)
    return folder


def test_json_carries_the_rounds(docker: FakeDocker, project: Path, command: Command) -> None:
    answer = command(*BUILD, "--format", "json", "-q")
    report = json.loads(answer.out)
    assert (answer.code, report["outcome"]) == (0, "converted")
    assert report["dockerfile"].startswith("FROM debian:bookworm AS builder\n")
    assert report["build"]["learned"] == []
    (found,) = report["build"]["rounds"]
    assert (found["added"], found["final_base"]) == ([], "debian:bookworm-slim")
    assert found["verification"]["verdict"] == "equal"
    assert found["verification"]["saved"] == {"bytes": 2000, "layers": 0}
    assert answer.err == ""
    assert docker.left == []


def test_without_building_there_are_no_rounds(project: Path, command: Command) -> None:
    assert json.loads(command("convert", "Dockerfile", "--format", "json").out)["build"] is None


def test_what_still_differs_is_told_with_its_round(
    docker: FakeDocker, project: Path, command: Command
) -> None:
    docker.replies(converted={"running": False, "exit": 3})
    answer = command(*BUILD, "--format", "json")
    report = json.loads(answer.out)
    assert (answer.code, report["outcome"], report["code"]) == (3, "refused", "MS732")
    assert report["dockerfile"] is None
    assert [each["verification"]["verdict"] for each in report["build"]["rounds"]] == ["different"]
    assert "round 1: different" in answer.err
    assert docker.left == []
