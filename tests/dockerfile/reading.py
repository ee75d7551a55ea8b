"""Short ways to read a text in tests."""

from __future__ import annotations

from typing import TypeVar

from converter.dockerfile.model import AnyInstruction, Dockerfile, ShellForm, ShellText
from converter.dockerfile.reader import read
from converter.span import SourceText

Kind = TypeVar("Kind")


def dockerfile(text: str) -> Dockerfile:
    """The Dockerfile that a text is."""
    return read(SourceText(text))


def only(text: str, kind: type[Kind]) -> Kind:
    """The one instruction of a kind."""
    (found,) = (each for each in dockerfile(text).instructions if isinstance(each, kind))
    return found


def after_from(text: str) -> AnyInstruction:
    """The instruction that `text` is, read in a file with a FROM line before it."""
    return dockerfile("FROM a\n" + text).instructions[1]


def script(instruction: AnyInstruction) -> ShellText:
    """The shell text of an instruction in shell form."""
    form = getattr(instruction, "form", None)
    assert isinstance(form, ShellForm)
    return form.script


def mapped(text: str, shell: ShellText) -> bool:
    """Whether a shell text and its map agree with the source, without gaps."""
    offset = 0
    for at, start, length in shell.pieces:
        if at != offset or text[start : start + length] != shell.text[at : at + length]:
            return False
        offset += length
    return offset == len(shell.text)
