"""Laws of reading that hold for any text."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import FrameType

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from converter.dockerfile.expansion import expand, words
from converter.dockerfile.lines import BLANK, BYTE_ORDER_MARK
from converter.dockerfile.model import AnyInstruction, Dockerfile, Onbuild, ShellForm, ShellText, State
from converter.dockerfile.pragmas import pragmas
from converter.dockerfile.reader import read
from converter.dockerfile.state import states
from converter.errors import InputError
from converter.span import SourceText
from tests.dockerfile.reading import mapped
from tests.dockerfile.texts import dockerfiles

ANYTHING = st.text(st.characters(codec=None))


def parsed(text: str) -> Dockerfile | None:
    rejection = None
    try:
        return read(SourceText(text))
    except InputError as error:
        rejection = error.diagnostic
    assert rejection.code in ("MS101", "MS102", "MS103")
    assert rejection.message
    return None


@given(ANYTHING | ANYTHING.map(lambda text: "FROM a\nRUN " + text) | dockerfiles())
@example("FROM a\nRUN " + "[" * 100_000)
@example("FROM a\nCMD " + '["a",' * 50_000)
@example("FROM a\n" + "RUN <<E\n" * 2_000)
@example("FROM a\nRUN <<E " + "${a:-" * 5_000)
@example("FROM a\nENV a=" + "\\\n" * 20_000)
@example("FROM a\n" + "ONBUILD " * 20_000 + "RUN x")
@example("FROM a\nENV a=" + "\\" * 60_000)
@example("FROM a\nRUN \udcff\ud800")
def test_any_text_is_read_or_rejected(text: str) -> None:
    file = parsed(text)
    if file is not None:
        pragmas(file)
        found = states(file, lambda image: State())
        assert len(found) == len(file.instructions) + 1


@given(dockerfiles())
def test_between_the_instructions_there_is_nothing_but_comments_and_blanks(text: str) -> None:
    file = parsed(text)
    if file is None:
        return
    at = 0
    for span in [each.span for each in file.instructions]:
        assert at <= span.start < span.end <= len(text)
        assert only_lines_without_content(text[at : span.start], file.escape)
        assert span.of(text) == span.of(text).strip("\r\n")
        at = span.end
    assert only_lines_without_content(text[at:], file.escape)


def only_lines_without_content(between: str, escape: str) -> bool:
    lines = between.removeprefix(BYTE_ORDER_MARK).split("\n")
    shown = [line.strip(BLANK) for line in lines]
    return all(not line or line[0] == "#" or set(line) <= {escape, " ", "\t"} for line in shown)


@given(dockerfiles())
def test_every_part_points_to_its_text(text: str) -> None:
    file = parsed(text)
    if file is None:
        return
    for each in all_instructions(file):
        assert each.keyword.replace(file.escape, "") in each.span.of(text).replace(file.escape + "\n", "")
        for flag in each.flags:
            assert flag.span in each.span
            assert flag.span.of(text).startswith("--")
        for document in each.heredocs:
            assert document.body in each.span
        for shell in shell_texts(each):
            assert mapped(text, shell)
            for start in range(0, len(shell.text), 7):
                span = shell.span(start, len(shell.text))
                assert text[span.start] == shell.text[start]
                assert text[span.end - 1] == shell.text[-1]
        for comment in (*each.comments, *each.inner_comments):
            assert comment.span.of(text).strip(BLANK)[0] == "#"


def all_instructions(file: Dockerfile) -> Iterator[AnyInstruction]:
    for each in file.instructions:
        yield each
        if isinstance(each, Onbuild) and each.child is not None:
            yield each.child


def shell_texts(instruction: AnyInstruction) -> Iterator[ShellText]:
    form = getattr(instruction, "form", None)
    if isinstance(form, ShellForm):
        yield form.script


@given(st.text(alphabet="ab$x{}:-+?#%/\\'\" *`", max_size=40) | ANYTHING)
@settings(max_examples=300)
def test_any_text_expands(text: str) -> None:
    assert isinstance(expand(text, {"x": "a/b", "b": ""}.get), str)
    assert all(words(text, {"x": "a/b", "b": ""}.get))


@pytest.mark.parametrize(
    "build",
    [
        lambda lines: "FROM a\n" + "\n" * lines,
        lambda lines: "FROM a\nRUN x \\\n" + "# c\n" * lines + "y",
        lambda lines: "FROM a\nRUN x" + " \\\n y" * lines,
        lambda lines: "FROM a\nENV" + " a=b \\\n" * lines + " c=d",
        lambda lines: "FROM a\nRUN x <<E " + "'' \\\n" * lines + "\nE",
        lambda lines: "FROM a\n" + "RUN <<E\nE\n" * lines,
    ],
)
def test_work_grows_with_the_size_only(build: Callable[[int], str]) -> None:
    small, large = (calls(build(lines)) for lines in (500, 4_000))
    assert large < 12 * small  # 8 and a logarithm


def calls(text: str) -> int:
    """How many functions, also those of the interpreter, reading `text` calls: a measure that no load disturbs."""
    count = 0

    def counting(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        parsed(text)
    finally:
        sys.setprofile(before)
    return count
