"""Comments that speak to the converter."""

from __future__ import annotations

import pytest

from converter.dockerfile.pragmas import FilePragmas, Pragmas, pragmas
from tests.dockerfile.reading import dockerfile


def said(text: str) -> FilePragmas:
    return pragmas(dockerfile(text))


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# multistage: keep", Pragmas(keep=True)),
        ("#multistage:build", Pragmas(build=True)),
        ("  #  Multistage : KEEP  ", Pragmas(keep=True)),
        ("# multistage: keep # because of the plugin", Pragmas(keep=True)),
        ("# multistage: writes=/opt/x,/etc/y", Pragmas(writes=("/opt/x", "/etc/y"))),
        ("# multistage: writes = /opt/x , /etc/y # both", Pragmas(writes=("/opt/x", "/etc/y"))),
        (
            "# multistage: keep\n# multistage: writes=/a\n# multistage: writes=/b",
            Pragmas(keep=True, writes=("/a", "/b")),
        ),
        ("# multistage: build\n# another comment\n", Pragmas(build=True)),
    ],
)
def test_about_the_next_instruction(comment: str, expected: Pragmas) -> None:
    found = said(f"FROM a\n{comment}\nRUN x\nRUN y\n")
    assert found == FilePragmas(Pragmas(), {1: expected}, ())


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# multistage: skip-file", Pragmas(skip_file=True)),
        ("# multistage: run=/usr/local/bin/x,/y", Pragmas(run=("/usr/local/bin/x", "/y"))),
        ("# multistage: keep-path=/opt/x", Pragmas(keep_paths=("/opt/x",))),
    ],
)
@pytest.mark.parametrize(
    "frame", ["{}\nFROM a\nRUN x", "FROM a\n{}\nRUN x", "FROM a\nRUN x \\\n{}\n y", "FROM a\nRUN x\n{}"]
)
def test_about_the_whole_file_wherever_they_stand(frame: str, comment: str, expected: Pragmas) -> None:
    assert said(frame.format(comment)) == FilePragmas(expected, {}, ())


@pytest.mark.parametrize(
    ("comment", "code", "message", "help"),
    [
        ("# multistage: kep", "MS110", "unknown pragma 'kep'", "did you mean keep?"),
        ("# multistage: keep-paths=/x", "MS110", "unknown pragma 'keep-paths'", "did you mean keep-path?"),
        ("# multistage: xyzzy", "MS110", "unknown pragma 'xyzzy'", "known are keep, build"),
        ("# multistage:", "MS110", "the pragma is empty", "known are"),
        ("# multistage: keep=/x", "MS111", "takes no value", "write keep alone"),
        ("# multistage: writes", "MS111", "names no path", "write writes=/a/path"),
        ("# multistage: writes=,", "MS111", "names no path", "write writes=/a/path"),
        ("# multistage: run=/x,y", "MS111", "y is no absolute path", "write run=/a/path"),
    ],
)
def test_what_is_wrong_is_said_and_ignored(comment: str, code: str, message: str, help: str) -> None:
    found = said(f"FROM a\n  {comment}\nRUN x\n")
    assert (found.file, found.instructions) == (Pragmas(), {})
    (warning,) = found.diagnostics
    assert (warning.code, warning.line, str(warning.severity)) == (code, 2, "warning")
    assert message in warning.message
    assert help in warning.help[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("FROM a\nRUN x \\\n# multistage: keep\n y", "stands inside an instruction"),
        ("FROM a\nRUN x\n# multistage: keep\n", "is followed by no instruction"),
    ],
)
def test_about_no_instruction(text: str, message: str) -> None:
    found = said(text)
    assert found.instructions == {}
    (warning,) = found.diagnostics
    assert (warning.code, warning.line) == ("MS110", 3)
    assert message in warning.message


@pytest.mark.parametrize(
    "comment",
    ["# a multistage: keep", "# multistage build", "# multi-stage: keep", "RUN echo '# multistage: keep'"],
)
def test_other_comments_say_nothing(comment: str) -> None:
    assert said(f"FROM a\n{comment}\nRUN x\n") == FilePragmas()
