"""`multistage batch` with the real conversion."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import converter.convert  # noqa: F401, tests replace what is in it
from converter.cli.main import run
from converter.errors import UsageError

SQUEEZED = """FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
COPY hello.c /src/
RUN gcc -o /usr/local/bin/hello /src/hello.c
CMD ["hello"]
"""

FILES = {
    "a/Dockerfile": SQUEEZED,
    "b/Dockerfile": 'FROM debian:bookworm\nCOPY x /x\nCMD ["/x"]\n',
    "c/Dockerfile": "FROM debian:bookworm\nONBUILD RUN make\n",
    "d/Dockerfile": "FORM debian:bookworm\n",
    "e/Dockerfile": "FROM a AS b\nFROM b\n",
}


@dataclass
class Answer:
    """What the command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Answer]:
    """A folder `repo` with a file for each outcome, and the command run beside it."""
    for name, text in FILES.items():
        path = tmp_path / "repo" / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Answer:
        capfd.readouterr()
        code = run(["batch", *arguments])
        return Answer(code, *capfd.readouterr())

    return call


def records(path: str) -> list[dict[str, Any]]:
    return [json.loads(row) for row in Path(path).read_text().splitlines()]


EXPECTED = [
    ("repo/a/Dockerfile", "converted"),
    ("repo/b/Dockerfile", "unchanged"),
    ("repo/c/Dockerfile", "refused"),
    ("repo/d/Dockerfile", "invalid"),
    ("repo/e/Dockerfile", "unchanged"),
]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_report_has_a_line_for_each_file(batch: Callable[..., Answer], jobs: str) -> None:
    answer = batch("repo", "--report", "report.jsonl", "--jobs", jobs, "--no-context")
    found = records("report.jsonl")
    assert (answer.code, answer.out) == (0, "")
    assert [(record["file"], record["outcome"]) for record in found] == EXPECTED
    assert all(isinstance(record["seconds"], float) and record["seconds"] > 0 for record in found)
    assert all((record["outcome"] == "converted") == (record["code"] is None) for record in found)
    assert not Path("report.jsonl.partial").exists()


def test_the_table_counts_outcomes_and_reasons(batch: Callable[..., Answer]) -> None:
    rows = batch("repo", "--report", "report.jsonl", "--jobs", "1").err.splitlines()
    assert rows[0].startswith("5 files in ")
    assert re.fullmatch(r"  converted +1 +20\.0 %  about \d+ MB saved", rows[1])
    assert rows[2].split() == ["unchanged", "2", "40.0", "%"]
    assert "    MS120         1  Already multi-stage  (as repo/e/Dockerfile)" in rows
    assert "    MS122         1  The file holds or inherits ONBUILD triggers  (as repo/c/Dockerfile)" in rows
    assert "    MS102         1  Syntax error  (as repo/d/Dockerfile)" in rows
    assert "next look at the conversions with --diff, and take them over with --write" in rows


def test_without_a_report_each_file_is_a_line(batch: Callable[..., Answer]) -> None:
    rows = batch("repo", "--jobs", "1").out.splitlines()
    assert [row.split(": ")[0] for row in rows] == [file for file, _ in EXPECTED]
    assert rows[0].split(": ")[1] == "converted"
    assert rows[2].startswith("repo/c/Dockerfile: refused MS122: ")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_verbose_reports_each_file_and_step(batch: Callable[..., Answer], jobs: str) -> None:
    said = batch("repo", "-v", "--jobs", jobs, "--report", "report.jsonl", "--no-context").err
    assert "repo/a/Dockerfile: converted" in said
    assert "MS520: builds with gcc" in said
    assert "repo/c/Dockerfile:2:1: error MS122" in said
    assert "MS520" not in batch("repo", "--jobs", jobs, "--no-context").err


def test_quiet_says_nothing(batch: Callable[..., Answer]) -> None:
    answer = batch("repo", "-q", "--jobs", "1")
    assert (answer.out, answer.err) == ("", "")


def test_json_lines_on_stdout(batch: Callable[..., Answer]) -> None:
    for arguments in (("--format", "json"), ("--report", "-")):
        answer = batch("repo", "--jobs", "1", *arguments)
        found = [json.loads(row) for row in answer.out.splitlines()]
        assert [(record["file"], record["outcome"]) for record in found] == EXPECTED


def test_workflow_commands(batch: Callable[..., Answer]) -> None:
    rows = batch("repo", "--format", "github", "--jobs", "1").out.splitlines()
    assert any(row.startswith("::notice file=repo/a/Dockerfile,title=multistage MS600") for row in rows)
    assert any(row.startswith("::error file=repo/d/Dockerfile,title=multistage MS102,line=1") for row in rows)


@pytest.mark.parametrize(
    ("fail_on", "paths", "code"),
    [
        ("refused", ["repo"], 3),
        ("invalid", ["repo"], 4),
        ("convertible", ["repo"], 1),
        ("convertible,refused,invalid", ["repo"], 4),
        ("refused,invalid", ["repo/a", "repo/b"], 0),
        ("convertible", ["repo/b", "repo/c"], 0),
    ],
)
def test_fail_on(batch: Callable[..., Answer], fail_on: str, paths: list[str], code: int) -> None:
    assert batch(*paths, "-q", "--jobs", "1", "--fail-on", fail_on).code == code


def test_nothing_is_overwritten_unless_asked(batch: Callable[..., Answer]) -> None:
    batch("repo", "-q", "--jobs", "1")
    assert {name: Path("repo", name).read_text() for name in FILES} == FILES
    batch("repo", "-q", "--jobs", "1", "--write")
    now = {name: Path("repo", name).read_text() for name in FILES}
    assert [name for name in FILES if now[name] != FILES[name]] == ["a/Dockerfile"]
    assert " AS builder" in now["a/Dockerfile"]


def test_a_file_that_cannot_be_written_is_reported(batch: Callable[..., Answer]) -> None:
    Path("repo/a/Dockerfile").chmod(0o444)
    answer = batch("repo/a", "repo/b", "--jobs", "1", "--write")
    assert answer.code == 0
    assert "repo/a/Dockerfile: failed MS107: " in answer.out
    assert "repo/b/Dockerfile: unchanged" in answer.out


def test_files_that_cannot_be_read_stop_nothing(batch: Callable[..., Answer]) -> None:
    Path("repo/b/Dockerfile").write_bytes(b"\0")
    answer = batch("absent", "repo/a", "repo/b", "--jobs", "1")
    assert answer.code == 0
    kinds = [row.split(": ")[1] for row in answer.out.splitlines()]
    assert kinds == ["failed MS105", "converted", "invalid MS103"]


def test_each_file_has_the_settings_nearest_to_it(batch: Callable[..., Answer]) -> None:
    Path("repo/a/multistage.toml").write_text('final-base = "same"\n')
    Path("repo/b/multistage.toml").write_text('final-bse = "same"\n')
    batch("repo", "--report", "report.jsonl", "--jobs", "1")
    found = {record["file"]: record for record in records("report.jsonl")}
    assert found["repo/a/Dockerfile"]["final_base"] == "debian:bookworm"
    assert (found["repo/b/Dockerfile"]["outcome"], found["repo/b/Dockerfile"]["code"]) == ("failed", "MS106")
    batch("repo", "--report", "report.jsonl", "--jobs", "1", "--no-config")
    found = {record["file"]: record for record in records("report.jsonl")}
    assert found["repo/a/Dockerfile"]["final_base"] == "debian:bookworm-slim"
    assert found["repo/b/Dockerfile"]["outcome"] == "unchanged"


def test_the_same_bytes_for_any_number_of_jobs(batch: Callable[..., Answer]) -> None:
    paths = [f"repo/{name}" for name in FILES] * 1 + ["repo"]
    texts = []
    for jobs in ("1", "2"):
        batch(*paths, "--report", "report.jsonl", "--jobs", jobs)
        texts.append([{**record, "seconds": 0} for record in records("report.jsonl")])
    assert texts[0] == texts[1]


def test_a_report_that_cannot_be_written_is_an_error(batch: Callable[..., Answer]) -> None:
    answer = batch("repo", "--report", "absent/report.jsonl")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("multistage: error: absent/report.jsonl")


def test_an_old_report_is_kept_until_the_new_one_is_whole(
    batch: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("report.jsonl").write_text("old\n")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("converter.cli.batch._show", interrupted)
    answer = batch("repo", "--report", "report.jsonl", "--jobs", "1")
    assert answer.code == 130
    assert answer.err == (
        "multistage: interrupted after 1 of 5 files; their lines are in report.jsonl.partial, "
        "and --resume goes on from there\n"
    )
    assert Path("report.jsonl").read_text() == "old\n"
    assert len(records("report.jsonl.partial")) == 1


def test_a_diff_of_each_converted_file(batch: Callable[..., Answer]) -> None:
    answer = batch("repo", "--diff", "--no-context", "--jobs", "2")
    assert answer.out.startswith("--- repo/a/Dockerfile\n+++ repo/a/Dockerfile\n")
    assert answer.out.count("--- ") == 1
    assert Path("repo/a/Dockerfile").read_text() == SQUEEZED
    assert batch("repo", "--diff", "--report", "-").code == 2
    with pytest.raises(SystemExit, match="2"):
        batch("repo", "--diff", "--write")


def test_a_list_of_files_on_standard_input(
    batch: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = io.TextIOWrapper(io.BytesIO(b"repo/b/Dockerfile\n\nrepo/a\r\n"))
    monkeypatch.setattr("sys.stdin", names)
    rows = batch("-", "--jobs", "1").out.splitlines()
    assert [row.split(":")[0] for row in rows] == ["repo/b/Dockerfile", "repo/a/Dockerfile"]


def test_uncommitted_changes_are_not_overwritten(batch: Callable[..., Answer]) -> None:
    subprocess.run(("git", "init", "-q", "repo"), check=True)
    refused = batch("repo/a", "--write", "--no-context", "--report", "r.jsonl")
    assert (records("r.jsonl")[0]["outcome"], records("r.jsonl")[0]["code"]) == ("refused", "MS109")
    assert refused.code == 0
    assert Path("repo/a/Dockerfile").read_text() == SQUEEZED
    batch("repo/a", "--write", "--force", "--no-context", "--report", "r.jsonl")
    assert Path("repo/a/Dockerfile").read_text() == records("r.jsonl")[0]["dockerfile"] != SQUEEZED


def test_a_disk_that_fills_up_is_told_of_the_file(
    batch: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise UsageError("repo/a/Dockerfile: cannot be written: no space left on device")

    monkeypatch.setattr("converter.files.writing.replace", full)
    batch("repo/a", "repo/b", "--write", "--no-context", "--report", "r.jsonl", "--jobs", "1")
    assert [(r["outcome"], r["code"]) for r in records("r.jsonl")] == [
        ("failed", "MS107"),
        ("unchanged", "MS403"),
    ]


@pytest.mark.parametrize(("limit", "value"), [("--time-limit", "1"), ("--memory-limit", "30")])
def test_a_file_without_end_holds_up_no_other(
    batch: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch, limit: str, value: str
) -> None:
    real = sys.modules["converter.convert"].convert

    def greedy(text: str, **options: object) -> object:
        taken = []
        while text == SQUEEZED:
            taken.append(bytes(10_000_000) if limit == "--memory-limit" else None)
        return real(text, **options)

    monkeypatch.setattr(sys.modules["converter.convert"], "convert", greedy)
    rows = batch("repo/a", "repo/b", "--jobs", "1", limit, value).out.splitlines()
    assert [row.split(": ")[1] for row in rows] == ["failed MS108", "unchanged MS501"]
