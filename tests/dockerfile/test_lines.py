"""Continuations, comments, line ends and the escape sign, with spans that point into the original text."""

from __future__ import annotations

import pytest

from converter.dockerfile.model import Run
from tests.dockerfile.reading import after_from, dockerfile, mapped, only, script


@pytest.mark.parametrize(
    ("text", "shell"),
    [
        ("RUN a \\\n  b", "a   b"),
        ("RUN a\\\nb", "ab"),
        ("RUN a \\  \t\n  b", "a   b"),
        ("RUN a \\\r\n  b\r\n", "a   b"),
        ("RUN a \\\n# comment\n  # another\n  b", "a   b"),
        ("RUN a \\\n\n  \n\t\n  b", "a   b"),
        ("RUN a \\\n  b # no comment", "a   b # no comment"),
        ("RUN \\\n  a", "a"),
        ("RUN a \\\\", "a \\\\"),
        ("R\\\nUN a", "a"),
        ("RUN a \\", "a"),
        ("RUN a \\\n", "a"),
        ("RUN a \\\n\n# c\n", "a"),
        ("  RUN a", "a"),
        ("\tRUN\ta\t", "a"),
        ("RUN\\\n a", "a"),
        ("\\\nRUN a", "a"),
        ("RUN echo 'a \\\n b'", "echo 'a  b'"),
        ("RUN a; \\\n\u00a0\n b", "a;  b"),
        ("RUN a\u00a0b", "a\u00a0b"),
    ],
)
def test_what_the_shell_gets(text: str, shell: str) -> None:
    whole = "FROM a\n" + text
    found = script(after_from(text))
    assert found.text == shell
    assert mapped(whole, found)


@pytest.mark.parametrize(
    "text", ["RUN a \\\\\nCMD b", "RUN a \\\\ \nCMD b", "RUN a \\\\\\\nCMD b", "RUN a \\\x0b\nCMD b"]
)
def test_what_does_not_continue(text: str) -> None:
    assert len(dockerfile("FROM a\n" + text).instructions) == 3


def test_the_backquote_as_escape_sign() -> None:
    file = dockerfile('# escape=`\nFROM a\nRUN dir c:\\ `\n  && x\nRUN y \\\nENV p=`"q\n')
    assert file.escape == "`"
    assert [script(each).text for each in file.instructions if isinstance(each, Run)] == [
        "dir c:\\   && x",
        "y \\",
    ]


@pytest.mark.parametrize(
    ("top", "escape"),
    [
        ("# Escape = `\n", "`"),
        ("#syntax=x\n#escape=`\n", "`"),
        ("# check=skip=all\n# escape=`\n", "`"),
        ("\ufeff# escape=`\n", "`"),
        ("  # escape=`\r\n", "`"),
        ("# a comment\n# escape=`\n", "\\"),
        ("\n# escape=`\n", "\\"),
        ("# unknown=x\n# escape=`\n", "\\"),
        ("# syntax=\n# escape=`\n", "\\"),
        ("", "\\"),
    ],
)
def test_directives_stand_on_top(top: str, escape: str) -> None:
    file = dockerfile(top + "FROM a\nCMD b")
    assert file.escape == escape
    assert len(file.instructions) == 2
    assert (
        len(file.directives) == top.count("=") - top.count("skip=") if escape == "`" else not file.directives
    )


def test_a_byte_order_mark_belongs_to_no_instruction() -> None:
    text = "\ufeffFROM a\nCMD b"
    file = dockerfile(text)
    assert file.instructions[0].span.of(text) == "FROM a"
    assert file.instructions[0].keyword == "FROM"


def test_spans_of_lines_with_carriage_returns() -> None:
    text = "FROM a\r\nRUN x \\\r\n  # c\r\n  y\r\nCMD z\r\n"
    file = dockerfile(text)
    assert [each.span.of(text) for each in file.instructions] == [
        "FROM a",
        "RUN x \\\r\n  # c\r\n  y",
        "CMD z",
    ]
    (comment,) = file.instructions[1].inner_comments
    assert (comment.text, comment.span.of(text)) == ("c", "  # c")


def test_comments_belong_to_the_next_instruction() -> None:
    text = "FROM a\n# one\n\n  #two\n#\nRUN x \\\n # inside\n y\n# three\n"
    file = dockerfile(text)
    assert [comment.text for comment in file.instructions[1].comments] == ["one", "two", ""]
    assert [comment.text for comment in file.instructions[1].inner_comments] == ["inside"]
    assert [comment.text for comment in file.trailing_comments] == ["three"]


@pytest.mark.parametrize("rest", [" \\", " \\\n", " \\\n\n\n", " \\\n# late\n\n", " \\  \n"])
def test_a_continuation_into_the_end_of_the_file_is_left_out(rest: str) -> None:
    text = "FROM a\nRUN x" + rest
    file = dockerfile(text)
    assert file.instructions[1].span.of(text) == "RUN x"
    assert [comment.text for comment in file.trailing_comments] == (["late"] if "late" in rest else [])


def test_shell_text_spans_point_through_dropped_lines() -> None:
    text = "FROM a\nRUN --network=none one \\\n# c\n && two\\\nthree\n"
    found = script(only(text, Run))
    assert found.text == "one  && twothree"
    assert found.span(0, 3).of(text) == "one"
    assert found.span(8, 16).of(text) == "two\\\nthree"
    assert found.span(0, 7).of(text) == "one \\\n# c\n &&"
    assert found.span(11, 11).of(text) == ""


def test_a_line_that_only_looks_like_the_mark_of_a_comment() -> None:
    text = "FROM a\nRUN x \\\n  comment y\n"
    assert script(only(text, Run)).text == "x   comment y"
