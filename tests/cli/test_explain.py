from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Answer, Converter

Command = Callable[..., Answer]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, converter: Converter) -> Path:
    """A folder with one Dockerfile for each outcome."""
    monkeypatch.chdir(tmp_path)
    for kind in ("converted", "unchanged", "refused", "invalid", "failed"):
        (tmp_path / kind).write_text(f"FROM {kind}\nRUN make all\nCMD x\n")
    return tmp_path


def test_it_prints_steps_and_copies_on_stdout(command: Command) -> None:
    answer = command("explain", "converted")
    assert (answer.code, answer.err) == (0, "")
    rows = answer.out.splitlines()
    assert rows[0].startswith("converted: converted: split into a builder stage on debian:bookworm and")
    assert rows[rows.index("Steps") + 1] == "    2 | build   make"
    assert rows[rows.index("Copied from the builder") + 3] == "    needed by CMD line 3 > /x"
    assert "  saves   about 312 MB (installed sizes of 38 packages)" in rows


@pytest.mark.parametrize(
    ("kind", "code", "first"),
    [
        ("unchanged", 0, "unchanged: note MS501: nothing to gain"),
        ("refused", 3, "refused:2:5: error MS401: a tool box"),
        ("invalid", 4, "invalid:1:1: error MS102: syntax error"),
        ("failed", 70, "failed: error MS601: self-check failed"),
        ("absent", 2, "absent: error MS105: there is no such file"),
    ],
)
def test_other_outcomes_are_explained_by_their_reason(
    command: Command, kind: str, code: int, first: str
) -> None:
    answer = command("explain", kind)
    assert (answer.code, answer.out.splitlines()[0]) == (code, first)


@pytest.mark.parametrize(
    ("form", "first", "edge"),
    [
        ("dot", "digraph multistage {", '  "s2" -> "/x" [label="writes"];'),
        ("mermaid", "flowchart LR", '  n0 -->|"writes"| n1'),
    ],
)
def test_the_graph(command: Command, form: str, first: str, edge: str) -> None:
    rows = command("explain", "converted", "--graph", form).out.splitlines()
    assert rows[0] == first
    assert edge in rows


def test_where_there_is_no_graph(command: Command) -> None:
    answer = command("explain", "refused", "--graph", "dot")
    assert (answer.code, answer.out, answer.err) == (
        2,
        "",
        "multistage: error: refused: there is no graph: a tool box\n",
    )


def test_json(command: Command) -> None:
    record = json.loads(command("explain", "converted", "--format", "json").out)
    assert [step["verdict"] for step in record["steps"]] == ["build"]


def test_nothing_is_written(command: Command, folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    command("explain", "converted")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
