"""What BuildKit rejects, with code, line and help."""

from __future__ import annotations

import pytest

from converter.diagnostics import Diagnostic
from converter.dockerfile.reader import read
from converter.errors import InputError
from converter.span import SourceText


def rejection(text: str) -> Diagnostic:
    with pytest.raises(InputError) as caught:
        read(SourceText(text))
    return caught.value.diagnostic


@pytest.mark.parametrize(
    "text", ["", "\n \n", "# a comment\n", "\ufeff", "# syntax=x\n# escape=`\n", "ARG a=b\nARG c\n"]
)
def test_nothing_to_build(text: str) -> None:
    found = rejection(text)
    assert found.code == "MS101"
    assert found.help


@pytest.mark.parametrize("text", ["\0", "FROM a\nRUN x\0y\n", "\x7fELF\0\0\0FROM a\n"])
def test_no_text(text: str) -> None:
    assert rejection(text).code == "MS103"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("FROM a\nRNU x", 2, "unknown instruction RNU"),
        ("FROM a\nRUN a\n  && b", 3, "unknown instruction &&"),
        ("FROM a\ncomment x", 2, "unknown instruction comment"),
        ("FROM a\n\\\n", 2, "unknown instruction "),
        ("RUN x\nFROM a", 1, "RUN comes before the first FROM"),
        ("ARG a\nENV b=c\nFROM a", 2, "ENV comes before the first FROM"),
        ("FROM", 1, "FROM takes"),
        ("FROM a b", 1, "FROM takes"),
        ("FROM a on b", 1, "FROM takes"),
        ("FROM a AS 1b", 1, "1b cannot name a build stage"),
        ("FROM a\nRUN", 2, "RUN needs a command"),
        ("FROM a\nRUN []", 2, "RUN needs a command"),
        ("FROM a\nCMD [1]", 2, "strings only"),
        ('FROM a\nCOPY ["a", ["b"]] c', 2, "strings only"),
        ("FROM a\nCOPY a", 2, "COPY needs at least one source"),
        ("FROM a\nADD", 2, "ADD needs at least one source"),
        ("FROM a\nCOPY <<EOF\nEOF", 2, "COPY needs at least one source"),
        ("FROM a\nCOPY a <<EOF\nEOF", 2, "as its destination"),
        ("FROM a\nENV", 2, "ENV needs at least one argument"),
        ("FROM a\nENV a", 2, "ENV a has no value"),
        ("FROM a\nENV a=b \\\n c", 3, "no = in 'c'"),
        ("FROM a\nENV =b", 2, "without a name"),
        ("FROM a\nLABEL", 2, "LABEL needs at least one argument"),
        ("FROM a\nARG", 2, "ARG needs at least one argument"),
        ("FROM a\nARG =b", 2, "without a name"),
        ("FROM a\nWORKDIR ", 2, "WORKDIR needs an argument"),
        ("FROM a\nUSER", 2, "USER needs an argument"),
        ("FROM a\nSTOPSIGNAL", 2, "STOPSIGNAL needs an argument"),
        ("FROM a\nMAINTAINER", 2, "MAINTAINER needs an argument"),
        ("FROM a\nEXPOSE", 2, "EXPOSE needs at least one argument"),
        ("FROM a\nVOLUME", 2, "VOLUME needs at least one argument"),
        ('FROM a\nVOLUME [" "]', 2, "empty path"),
        ("FROM a\nSHELL bash", 2, "SHELL needs a JSON array"),
        ("FROM a\nSHELL []", 2, "SHELL needs a JSON array"),
        ("FROM a\nHEALTHCHECK", 2, "HEALTHCHECK takes NONE"),
        ("FROM a\nHEALTHCHECK curl x", 2, "HEALTHCHECK takes NONE"),
        ("FROM a\nHEALTHCHECK NONE x", 2, "HEALTHCHECK takes NONE"),
        ("FROM a\nHEALTHCHECK CMD", 2, "HEALTHCHECK CMD needs a command"),
        ("FROM a\nHEALTHCHECK CMD []", 2, "HEALTHCHECK CMD needs a command"),
        ("FROM a\nONBUILD", 2, "ONBUILD needs an instruction"),
        ("FROM a\nONBUILD ONBUILD RUN x", 2, "ONBUILD cannot be a trigger"),
        ("FROM a\nONBUILD from b", 2, "FROM cannot be a trigger"),
        ("FROM a\nONBUILD ENV a", 2, "ENV a has no value"),
        ("FROM a\nONBUILD ENV --x a", 2, "ENV a has no value"),
        ("FROM a\nONBUILD HEALTHCHECK x [1]", 2, "strings only"),
        ("FROM a\nRUN --chown=x y", 2, "RUN has no flag --chown"),
        ("FROM a\nCMD --x y", 2, "CMD has no flag --x"),
        ("FROM a\nRUN --mount x", 2, "--mount needs a value"),
        ("FROM a\nCOPY --from=a --from=b c d", 2, "--from twice"),
        ("FROM a\nCOPY --link=maybe c d", 2, "--link is true or false"),
        ("FROM a\nRUN cat <<EOF\nx\n", 2, "the here-document EOF is not closed"),
        ("FROM a\nRUN \\\n <<A <<B\nA\nB \n", 2, "the here-document B is not closed"),
        ("# escape=x\nFROM a", 1, "neither a backslash nor a backquote"),
        ("# escape=`\n# escape=`\nFROM a", 2, "only one escape"),
        ("# syntax=x\n# syntax=y\nFROM a", 2, "only one syntax"),
        ("FROM a\nRUN " + "x" * 65_533 + "\n", 2, "longer than 65535 bytes"),
    ],
)
def test_where_and_why(text: str, line: int, message: str) -> None:
    found = rejection(text)
    assert found.code in ("MS102", "MS101")
    assert found.line == line
    assert message in found.message


def test_the_message_names_the_place() -> None:
    with pytest.raises(InputError, match="line 2: unknown instruction RNU"):
        read(SourceText("FROM a\nRNU x"))


def test_help_suggests_the_nearest_keyword() -> None:
    assert rejection("FROM a\nENTRYPONT x").help == ("did you mean ENTRYPOINT?",)


def test_a_fault_in_a_part_is_shown_there() -> None:
    found = rejection("FROM a\nCOPY --form=x \\\n a b")
    assert (found.line, found.column, found.end_line, found.end_column) == (2, 6, 2, 14)


@pytest.mark.parametrize(
    "text",
    ["FROM a\nRUN " + "x" * 65_531, "FROM a\nRUN " + "x" * 65_531 + "\n", "FROM a\nRUN " + "é" * 32_765],
)
def test_the_longest_line_that_is_read(text: str) -> None:
    assert len(read(SourceText(text)).instructions) == 2
