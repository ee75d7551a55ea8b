from __future__ import annotations

import io
import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from converter.directory_context import DirectoryContext
from converter.options import Options
from tests.cli.conftest import NEW, Answer, Converter

Command = Callable[..., Answer]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, converter: Converter) -> Path:
    """Each test runs in a folder with one Dockerfile for each outcome."""
    monkeypatch.chdir(tmp_path)
    for kind in ("converted", "unchanged", "refused", "invalid", "failed", "crash"):
        (tmp_path / kind).write_text(f"FROM {kind}\nRUN make all\nCMD x\n")
    return tmp_path


@pytest.mark.parametrize(
    ("kind", "code", "out", "err"),
    [
        ("converted", 0, NEW, "converted: converted"),
        ("unchanged", 0, "FROM unchanged\nRUN make all\nCMD x\n", "unchanged: note MS501: nothing to gain"),
        ("refused", 3, "", "refused:2:5: error MS401: a tool box"),
        ("invalid", 4, "", "invalid:1:1: error MS102: syntax error"),
        ("failed", 70, "", "failed: error MS601: self-check failed"),
        ("crash", 70, "", "crash: error MS690: a bug in this program: ZeroDivisionError: a bug"),
        ("absent", 2, "", "absent: error MS105: there is no such file"),
    ],
)
def test_outcomes(command: Command, kind: str, code: int, out: str, err: str) -> None:
    answer = command("convert", kind)
    assert (answer.code, answer.out) == (code, out)
    assert answer.err.splitlines()[0] == err


def test_the_default_is_the_dockerfile_here(command: Command, folder: Path) -> None:
    assert command("convert").err.splitlines()[0] == "Dockerfile: error MS105: there is no such file"
    (folder / "Dockerfile").write_text("FROM converted\n")
    assert command("convert").out == NEW


def test_the_report_names_what_happens(command: Command) -> None:
    assert command("convert", "converted").err == (
        "converted: converted\n"
        "  builder   debian:bookworm\n"
        "  final     debian:bookworm-slim\n"
        "  copied    /x\n"
        "  left out  gcc\n"
        "  saves     about 312 MB (installed sizes of 38 packages)\n"
    )
    assert command("convert", "refused").err == (
        "refused:2:5: error MS401: a tool box\n"
        "    2 | RUN make all\n"
        "      |     ^^^^\n"
        "  help: say what is run\n"
        "refused: refused\n"
    )


@pytest.mark.parametrize(
    ("data", "code", "err"),
    [
        (b"", 70, None),  # the stand-in's business: no outcome word in it
        (b"FROM converted\0", 4, "file: error MS103: not UTF-8 text, but binary data"),
        (b"\xff\xfeF\0R\0", 4, "file: error MS103: not UTF-8 text, but UTF-16 or UTF-32"),
        (b"\xfe\xff\0F", 4, "file: error MS103: not UTF-8 text, but UTF-16 or UTF-32"),
        (
            b"FROM converted" + b" " * (1 << 20),
            2,
            "file: error MS104: larger than 1,048,576 bytes, so it is not read",
        ),
    ],
)
def test_what_is_no_dockerfile(
    command: Command, folder: Path, data: bytes, code: int, err: str | None
) -> None:
    (folder / "file").write_bytes(data)
    answer = command("convert", "file")
    assert (answer.code, answer.out) == (code, "")
    if err is not None:
        assert answer.err.splitlines()[0] == err


def test_a_directory_is_no_file(command: Command, folder: Path) -> None:
    (folder / "app").mkdir()
    answer = command("convert", "app")
    assert (answer.code, answer.err.splitlines()[0]) == (2, "app: error MS105: it is a directory")
    (folder / "app" / "Dockerfile").write_text("FROM converted")
    assert "  help: name the file: app/Dockerfile\n" in command("convert", "app").err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(command: Command, folder: Path) -> None:
    (folder / "converted").chmod(0)
    answer = command("convert", "converted")
    assert (answer.code, answer.err.splitlines()[0]) == (
        2,
        "converted: error MS105: it cannot be read: permission denied",
    )


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfFROM unchanged\r\nRUN x\r\n",
        b"# caf\xe9\nFROM unchanged\n",
        b"FROM unchanged",
        "# ä→\u2028\nFROM unchanged\n".encode(),
    ],
)
def test_any_bytes_come_back(command: Command, folder: Path, data: bytes) -> None:
    (folder / "file").write_bytes(data)
    assert command("convert", "file").out.encode("utf-8", "surrogateescape") == data


class Stdin:
    """Standard input with bytes in it."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def test_standard_input(command: Command, converter: Converter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(b"FROM converted\n"))
    answer = command("convert", "-")
    assert (answer.code, answer.out) == (0, NEW)
    assert answer.err.startswith("<stdin>: converted\n")
    assert converter.calls == [("FROM converted\n", None, Options(), "<stdin>")]


def test_the_context_is_the_dockerfile_s_folder(command: Command, converter: Converter, folder: Path) -> None:
    (folder / "app").mkdir()
    (folder / "app" / "file").write_text("FROM converted")
    command("convert", "app/file")
    command("convert", "app/file", "--context", ".")
    command("convert", "app/file", "--no-context")
    contexts = [context for _, context, _, _ in converter.calls]
    assert [isinstance(context, DirectoryContext) for context in contexts] == [True, True, False]
    assert isinstance(contexts[0], DirectoryContext)
    assert isinstance(contexts[1], DirectoryContext)
    assert contexts[0].list() == ("file",)
    assert "app" in contexts[1].list()


def test_options_reach_the_conversion(
    command: Command, converter: Converter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FROM_OUTSIDE", "set")
    command(
        "convert", "converted", "--final-base", "slim", "--strict", "--optimize", "strip,prune-dev",
        "--build-arg", "A=1=2", "--build-arg", "FROM_OUTSIDE", "--build-arg", "NOT_SET",
        "--build-arg", "EMPTY=",
    )  # fmt: skip
    expected = Options(
        final_base="slim",
        build_args=(("A", "1=2"), ("FROM_OUTSIDE", "set"), ("EMPTY", "")),
        optimize=frozenset({"strip", "prune-dev"}),
        strict=True,
    )
    assert [options for _, _, options, _ in converter.calls] == [expected]


# Where the product goes


def test_output_to_a_file(command: Command, folder: Path) -> None:
    answer = command("convert", "converted", "-o", "new")
    assert (answer.code, answer.out, (folder / "new").read_text()) == (0, "", NEW)
    assert stat.S_IMODE((folder / "new").stat().st_mode) == 0o666 & ~_umask()
    assert (folder / "converted").read_text().startswith("FROM converted")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_output_of_an_unchanged_file_is_the_original(command: Command, folder: Path) -> None:
    command("convert", "unchanged", "-o", "new")
    assert (folder / "new").read_bytes() == (folder / "unchanged").read_bytes()


@pytest.mark.parametrize("kind", ["refused", "invalid", "failed", "absent"])
def test_no_file_is_written_without_a_product(command: Command, folder: Path, kind: str) -> None:
    command("convert", kind, "-o", "new")
    assert not (folder / "new").exists()


def test_output_to_standard_output(command: Command) -> None:
    assert command("convert", "converted", "-o", "-").out == NEW


def test_output_to_a_device(command: Command) -> None:
    assert command("convert", "converted", "-o", "/dev/null").code == 0
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_output_into_a_folder_that_is_not_there(command: Command) -> None:
    answer = command("convert", "converted", "-o", "absent/new")
    assert (answer.code, answer.err) == (
        2,
        "multistage: error: absent/new: cannot be written: no such file or directory\n",
    )


def test_write_replaces_the_file_and_keeps_its_mode(command: Command, folder: Path) -> None:
    (folder / "converted").chmod(0o640)
    answer = command("convert", "converted", "--write")
    assert (answer.code, answer.out, (folder / "converted").read_text()) == (0, "", NEW)
    assert stat.S_IMODE((folder / "converted").stat().st_mode) == 0o640
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["converted", "unchanged", "refused", "invalid", "failed", "crash"]
    )


@pytest.mark.parametrize("kind", ["unchanged", "refused", "invalid", "failed"])
def test_write_leaves_other_outcomes_alone(command: Command, folder: Path, kind: str) -> None:
    before = (folder / kind).stat()
    assert command("convert", kind, "--write").out == ""
    assert (folder / kind).stat() == before


def test_write_does_not_touch_a_read_only_file(command: Command, folder: Path) -> None:
    (folder / "converted").chmod(0o444)
    answer = command("convert", "converted", "--write")
    assert (answer.code, answer.err) == (
        2,
        "multistage: error: converted: cannot be written: it is read-only\n",
    )
    assert (folder / "converted").read_text().startswith("FROM converted")


def test_write_follows_a_symlink_inside_the_folder_only(command: Command, folder: Path) -> None:
    (folder / "app").mkdir()
    (folder / "app" / "inside").symlink_to("real")
    (folder / "app" / "real").write_text("FROM converted\n")
    (folder / "app" / "outside").symlink_to("../converted")
    assert command("convert", "app/inside", "--write").code == 0
    assert (folder / "app" / "inside").is_symlink()
    assert (folder / "app" / "real").read_text() == NEW
    answer = command("convert", "app/outside", "--write")
    assert answer.code == 2
    assert "a symlink to" in answer.err
    assert (folder / "converted").read_text().startswith("FROM converted")


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    names = sorted(path.name for path in folder.iterdir())
    with pytest.raises(KeyboardInterrupt):
        command("convert", "converted", "--write")
    assert sorted(path.name for path in folder.iterdir()) == names
    assert (folder / "converted").read_text().startswith("FROM converted")


def test_write_needs_a_file(command: Command) -> None:
    answer = command("convert", "-", "--write")
    assert answer.code == 2
    assert answer.err.startswith("multistage: error: --write needs a file, not standard input\n")


def test_diff(command: Command) -> None:
    answer = command("convert", "converted", "--diff")
    assert answer.code == 0
    assert answer.out.startswith("--- converted\n+++ converted\n@@ -1,3 +1,5 @@\n-FROM converted\n")
    assert command("convert", "unchanged", "--diff").out == ""


@pytest.mark.parametrize(
    ("kind", "code", "err"),
    [
        ("converted", 1, ""),
        ("unchanged", 0, ""),
        ("refused", 3, "refused:2:5: error MS401: a tool box"),
        ("invalid", 4, "invalid:1:1: error MS102: syntax error"),
    ],
)
def test_check_prints_only_what_stops_a_conversion(command: Command, kind: str, code: int, err: str) -> None:
    answer = command("convert", kind, "--check")
    assert (answer.code, answer.out) == (code, "")
    assert (answer.err.splitlines() or [""])[0] == err


# Forms of the report


def test_json_goes_to_stdout_and_holds_the_dockerfile(command: Command) -> None:
    answer = command("convert", "converted", "--format", "json")
    record: dict[str, Any] = json.loads(answer.out)
    assert answer.err == ""
    assert (record["outcome"], record["dockerfile"], record["file"]) == ("converted", NEW, "converted")


@pytest.mark.parametrize("kind", ["unchanged", "refused", "invalid", "failed", "absent"])
def test_json_of_other_outcomes(command: Command, kind: str) -> None:
    record = json.loads(command("convert", kind, "--format", "json").out)
    assert record["dockerfile"] is None
    assert record["code"].startswith("MS")


def test_json_beside_a_written_file(command: Command, folder: Path) -> None:
    record = json.loads(command("convert", "converted", "--format", "json", "--write").out)
    assert record["dockerfile"] == (folder / "converted").read_text() == NEW


def test_sarif_goes_to_stdout(command: Command) -> None:
    log = json.loads(command("convert", "refused", "--format", "sarif").out)
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["MS401"]


def test_github_goes_to_stderr(command: Command) -> None:
    answer = command("convert", "converted", "--format", "github")
    assert answer.out == NEW
    assert answer.err.startswith("::notice file=converted,title=multistage MS600,line=1::can be split into")


def test_a_diff_and_a_document_cannot_share_stdout(command: Command) -> None:
    answer = command("convert", "converted", "--diff", "--format", "json")
    assert (answer.code, answer.out) == (2, "")


def test_quiet_and_verbose(command: Command) -> None:
    assert command("convert", "converted", "-q").err == ""
    assert command("convert", "unchanged", "-q").err == ""
    assert command("convert", "refused", "-q").err.startswith("refused:2:5: error MS401")
    assert "    2 | build   make\n" in command("convert", "converted", "-v").err


@pytest.mark.parametrize(
    ("arguments", "environment", "colored"),
    [
        ([], {}, False),
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        ([], {"MULTISTAGE_COLOR": "always"}, True),
    ],
)
def test_color(
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    environment: dict[str, str],
    colored: bool,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    answer = command("convert", "refused", *arguments)
    assert ("\x1b[" in answer.err) is colored
    assert "a tool box" in answer.err


# Settings


def test_a_config_file_is_found_going_up(command: Command, converter: Converter, folder: Path) -> None:
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "file").write_text("FROM converted")
    (folder / "multistage.toml").write_text('final-base = "slim"\nstrict = true\n')
    (folder / "a" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    command("convert", "a/b/file")
    command("convert", "a/b/file", "--no-config")
    (folder / "a" / "pyproject.toml").write_text("[tool.multistage]\nfinal-base = 'same'\n")
    command("convert", "a/b/file")
    assert [options for _, _, options, _ in converter.calls] == [
        Options(final_base="slim", strict=True),
        Options(),
        Options(final_base="same"),
    ]


def test_flags_beat_variables_which_beat_the_file(
    command: Command, converter: Converter, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "multistage.toml").write_text('final-base = "slim"\n[build-args]\nA = "file"\nB = "file"\n')
    monkeypatch.setenv("MULTISTAGE_FINAL_BASE", "same")
    monkeypatch.setenv("MULTISTAGE_BUILD_ARGS", "B=variable C='two words'")
    command("convert", "converted")
    command("convert", "converted", "--final-base", "scratch", "--build-arg", "C=flag")
    first, second = (options for _, _, options, _ in converter.calls)
    assert isinstance(first, Options)
    assert isinstance(second, Options)
    assert (first.final_base, dict(first.build_args)) == (
        "same",
        {"A": "file", "B": "variable", "C": "two words"},
    )
    assert (second.final_base, dict(second.build_args)) == (
        "scratch",
        {"A": "file", "B": "variable", "C": "flag"},
    )


def test_a_bad_config_is_one_line(command: Command, folder: Path) -> None:
    (folder / "multistage.toml").write_text('final_base = "slim"\n')
    answer = command("convert", "converted")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.splitlines() == [
        f"multistage: error: {folder}/multistage.toml: unknown key 'final_base'",
        "  help: did you mean 'final-base'?",
    ]


@pytest.mark.parametrize(
    ("arguments", "err"),
    [
        ([], "the following arguments are required: VERB"),
        (["convrt"], "invalid choice: 'convrt'"),
        (["convert", "--final"], "unrecognized arguments: --final"),
        (["convert", "x", "--optimize", "everything"], "unknown: everything (choose from strip, prune-dev)"),
        (["convert", "x", "--write", "--check"], "not allowed with"),
        (["convert", "x", "--context", "absent"], "--context absent: there is no such folder"),
        (["convert", "x", "--build-arg", "=1"], "--build-arg =1: a name is missing before ="),
        (
            ["convert", "x", "--config", "absent.toml"],
            "absent.toml: cannot be read: no such file or directory",
        ),
        (["convert", "x", "--format", "yaml"], "invalid choice: 'yaml'"),
        (["batch", "--jobs", "0", "x"], "must be a whole number above 0"),
        (["codes", "MS3O1"], "there is no code MS3O1"),
    ],
)
def test_wrong_usage(command: Command, arguments: list[str], err: str) -> None:
    answer = command(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert err in answer.err


def test_control_characters_are_not_printed_raw(command: Command, folder: Path) -> None:
    (folder / "refused").write_text("FROM refused\nRUN \x1b[31m\t\u202e x\n")
    answer = command("convert", "refused")
    assert "\x1b" not in answer.err
    assert "\u202e" not in answer.err
    assert "    2 | RUN \\x1b[31m    \\u202e x\n" in answer.err


def test_where_a_bug_is_can_be_logged(command: Command, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        assert command("convert", "crash", "--debug").code == 70
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [ZeroDivisionError]


def test_a_bug_of_the_command_line_itself(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("converter.cli.convert.of_outcome", lambda outcome, check: 1 // 0)
    answer = command("convert", "unchanged", "-q", "--check")
    assert (answer.code, answer.out) == (70, "")
    assert answer.err.startswith("multistage: internal error: ZeroDivisionError")
    assert "Traceback" not in answer.err
    assert "Traceback" in command("convert", "unchanged", "-q", "--check", "--debug").err
