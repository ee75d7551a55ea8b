"""Here-documents: where they are announced, what they hold, what the shell gets of them."""

from __future__ import annotations

import pytest

from converter.dockerfile.model import Add, Copy, Heredoc, Onbuild, Run, ShellForm
from tests.dockerfile.reading import after_from, dockerfile, mapped, only, script


@pytest.mark.parametrize(
    ("announced", "name", "expand", "strip_tabs"),
    [
        ("<<EOF", "EOF", True, False),
        ("<<-EOF", "EOF", True, True),
        ("<<'EOF'", "EOF", False, False),
        ('<<"E F"', "E F", False, False),
        ("<<-'EOF'", "EOF", False, True),
        ('<<EO"F"', "EOF", False, False),
        ("3<<EOF", "EOF", True, False),
        ("<<a.txt", "a.txt", True, False),
    ],
)
def test_delimiters(announced: str, name: str, expand: bool, strip_tabs: bool) -> None:
    text = f"FROM a\nRUN cat {announced} > /x\n\tone\n  two\n{name}\nCMD y\n"
    (found,) = only(text, Run).heredocs
    assert (found.name, found.expand, found.strip_tabs) == (name, expand, strip_tabs)
    assert found.body.of(text) == "\tone\n  two\n"
    assert found.content == ("one\n  two\n" if strip_tabs else "\tone\n  two\n")
    assert len(dockerfile(text).instructions) == 3


@pytest.mark.parametrize(
    "line",
    [
        "RUN cat<<EOF",
        "RUN echo $((1<<2))",
        'RUN x <<< "EOF"',
        "RUN '<<EOF'",
        'RUN "a <<EOF b"',
        "RUN \\<<EOF",
        "RUN cat <<",
        "RUN cat << EOF",
        "RUN cat <<-",
        "RUN cat <<EOF it's",
        'CMD ["<<EOF"]',
        'COPY ["<<EOF", "/x"]',
        "CMD cat <<EOF",
        "ENTRYPOINT <<EOF",
        "RUN echo ${a[0]} <<EOF",
    ],
)
def test_what_announces_none(line: str) -> None:
    assert after_from(line).heredocs == ()


@pytest.mark.parametrize(
    ("text", "shell"),
    [
        ("RUN <<EOF\nset -e\nmake\nEOF", "set -e\nmake\n"),
        ("RUN --network=none <<'EOF'\nx $y\nEOF", "x $y\n"),
        ("RUN <<-EOF\n\t\tx\n\n\ty\tz\n\tEOF", "x\n\ny\tz\n"),
        ("RUN <<EOF\nEOF", ""),
        ("RUN <<EOF\n# a comment\n\nx \\\n  y\nEOF", "# a comment\n\nx \\\n  y\n"),
        ("RUN cat <<EOF > /x\nq\nEOF", "cat <<EOF > /x\nq\nEOF"),
        ("RUN <<EOF bash\nx\nEOF", "<<EOF bash\nx\nEOF"),
        ("RUN cat <<A <<-B\n1\nA\n\t2\n\tB", "cat <<A <<-B\n1\nA\n\t2\nB"),
        ("RUN x \\\n  # c\n <<E\nq\nE", "x  <<E\nq\nE"),
        ("RUN <<A <<B\n1\nA\n2\nB", "<<A <<B\n1\nA\n2\nB"),
        ("RUN <<EOF\r\nx\r\nEOF\r\n", "x\r\n"),
    ],
)
def test_what_the_shell_gets(text: str, shell: str) -> None:
    whole = "FROM a\n" + text
    found = script(after_from(text))
    assert found.text == shell
    assert mapped(whole, found)


def test_a_body_with_its_own_interpreter() -> None:
    found = after_from("RUN <<EOF\n#!/usr/bin/env python3\nprint('x')\nEOF")
    assert isinstance(found, Run)
    assert isinstance(found.form, ShellForm)
    assert found.form.interpreter == "#!/usr/bin/env python3"
    assert found.form.script.text == "#!/usr/bin/env python3\nprint('x')\n"
    shell = after_from("RUN cat <<EOF\n#!/bin/sh\nEOF")
    assert isinstance(shell, Run)
    assert isinstance(shell.form, ShellForm)
    assert shell.form.interpreter is None


def test_instructions_and_comments_inside_bodies_are_text() -> None:
    text = "FROM a\nRUN <<EOF\nFROM b\n# c\nRUN y \\\nEOF\nCMD z\n"
    file = dockerfile(text)
    assert [each.keyword for each in file.instructions] == ["FROM", "RUN", "CMD"]
    assert file.instructions[1].span.of(text) == "RUN <<EOF\nFROM b\n# c\nRUN y \\\nEOF"
    assert file.instructions[2].comments == ()


def test_spans_in_bodies_point_into_the_source() -> None:
    text = "FROM a\nRUN <<-EOF\n\tone\n\ttwo\n\tEOF\n"
    found = script(only(text, Run))
    assert found.span(4, 7).of(text) == "two"
    text = "FROM a\nRUN cat <<EOF >/x\nbody\nEOF\n"
    found = script(only(text, Run))
    assert found.span(14, 18).of(text) == "body"
    assert found.span(0, len(found.text)).of(text) == "cat <<EOF >/x\nbody\nEOF"


@pytest.mark.parametrize("kind", [Copy, Add])
def test_files_written_in_place(kind: type[Copy] | type[Add]) -> None:
    bodies = "echo $x\na.sh\n\tone\nc.txt\n"
    text = f"FROM a\n{kind.__name__.upper()} --chmod=755 <<a.sh b <<-'c.txt' /d/\n{bodies}CMD x\n"
    found = only(text, kind)
    assert [word.text for word in found.sources] == ["b"]
    assert found.destination.text == "/d/"
    assert [(each.name, each.content, each.expand) for each in found.heredocs] == [
        ("a.sh", "echo $x\n", True),
        ("c.txt", "one\n", False),
    ]


def test_a_quoted_name_with_a_blank_is_two_words_to_copy() -> None:
    found = after_from('COPY <<"a b" /c/\nx\na b')
    assert isinstance(found, Copy)
    assert [word.text for word in found.sources] == ['<<"a', 'b"']
    assert [each.name for each in found.heredocs] == ["a b"]


def test_onbuild_carries_them() -> None:
    text = "FROM a\nONBUILD RUN cat <<EOF\nx\nEOF\nCMD y\n"
    found = only(text, Onbuild)
    assert isinstance(found.child, Run)
    assert script(found.child).text == "cat <<EOF\nx\nEOF"
    assert (
        found.child.heredocs
        == found.heredocs
        == (Heredoc("EOF", "x\n", True, False, found.heredocs[0].body),)
    )


def test_an_empty_line_in_a_body_does_not_end_the_instruction_before_it() -> None:
    text = "FROM a\nRUN <<E\n\n\nE\nRUN b \\\n\n c\n"
    assert [script(each).text for each in dockerfile(text).instructions if isinstance(each, Run)] == [
        "\n\n",
        "b  c",
    ]
