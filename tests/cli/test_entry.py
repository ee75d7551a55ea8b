"""The way in, and what a terminal gets to see."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from converter import __version__
from converter.__main__ import main
from converter.outcome import Converted
from tests.cli.conftest import Answer, Converter


@pytest.mark.parametrize("arguments", [["--version"], ["-V"], ["--debug"], ["codes", "MS000"]])
def test_main(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["multistage", *arguments])
    if arguments == ["--debug"]:
        with pytest.raises(SystemExit) as stop:
            main()
        assert stop.value.code == 2
        return
    code = main()
    out = capsys.readouterr().out
    assert (code, out) == ((0, f"multistage {__version__}\n") if "codes" not in arguments else (2, ""))


def test_an_interrupt_is_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(argv: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("converter.cli.main.run", interrupted)
    monkeypatch.setattr(sys, "argv", ["multistage", "codes"])
    assert main() == 130
    assert capsys.readouterr().err == "multistage: interrupted\n"


def test_a_terminal_gets_no_control_characters(
    converter: Converter,
    command: Callable[..., Answer],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "Dockerfile").write_bytes(b"FROM unchanged\r\nLABEL x=\x1b[2J\n")
    plain = command("convert", tmp_path / "Dockerfile")
    assert plain.out == "FROM unchanged\r\nLABEL x=\x1b[2J\n"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    shown = command("convert", tmp_path / "Dockerfile", "--color", "never")
    assert shown.out == "FROM unchanged\nLABEL x=\\x1b[2J\n"


def test_the_stand_in_is_what_these_tests_run(converter: Converter) -> None:
    outcome = converter("FROM converted", context=None, options=None, name="x")
    assert isinstance(outcome, Converted)
