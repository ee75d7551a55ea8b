from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from converter.catalogue import STAGES, catalogue
from converter.report.pages import all_pages
from tests.cli.conftest import Answer

Command = Callable[..., Answer]


def test_the_list_has_every_code_under_its_stage(command: Command) -> None:
    answer = command("codes")
    assert (answer.code, answer.err) == (0, "")
    rows = answer.out.splitlines()
    assert [row.split()[0] for row in rows if row.startswith("  ")] == [item.code for item in catalogue()]
    heads = [row for row in rows if row and not row.startswith(" ")]
    assert heads == [stage.capitalize() for stage in STAGES.values()]


@pytest.mark.parametrize("code", ["MS301", "ms301"])
def test_one_code_in_full(command: Command, code: str) -> None:
    rows = command("codes", code).out.splitlines()
    assert rows[0] == "MS301: Cannot tell what a command writes (effects, error)"
    assert "What to do" in rows
    assert "  FROM debian:bookworm" in rows
    assert max(len(row) for row in rows) <= 110


def test_a_code_that_no_dockerfile_shows(command: Command) -> None:
    assert "  `multistage convert no-such-file`" in command("codes", "MS105").out.splitlines()


@pytest.mark.parametrize(("code", "help"), [("MS3O1", "  help: did you mean MS301?\n"), ("x", "")])
def test_a_code_that_is_not_there(command: Command, code: str, help: str) -> None:
    answer = command("codes", code)
    assert (answer.code, answer.out, answer.err) == (
        2,
        "",
        f"multistage: error: there is no code {code}\n{help}",
    )


def test_pages_are_written_into_a_folder(command: Command, tmp_path: Path) -> None:
    assert command("codes", "--pages", tmp_path / "new" / "pages").code == 0
    assert {path.name: path.read_text() for path in (tmp_path / "new" / "pages").iterdir()} == all_pages()


def test_pages_where_no_folder_can_be(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = command("codes", "--pages", tmp_path / "file")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"multistage: error: {tmp_path}/file: ")
