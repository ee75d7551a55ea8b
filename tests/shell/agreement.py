"""What the readers make of the shell RUNs of real Dockerfiles, and why they differ where they do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from converter.dockerfile import reader as dockerfiles
from converter.dockerfile.model import From, Onbuild, Run, Shell, ShellForm, ShellText
from converter.errors import InputError
from converter.shell import scanning
from converter.shell.dialects import is_shell
from converter.shell.model import Script
from converter.shell.reader import read
from converter.shell.walk import opaques, simple_commands
from converter.span import SourceText, Span
from tests.dockerfile import corpus
from tests.shell.reading import Rejected, first, second

EXPLAINED = {
    "subshells": "`((` before two words in a row: two subshells to bashlex and to dash, arithmetic to "
    "tree-sitter, an error when bash runs it",
}


@dataclass(frozen=True, slots=True)
class Body:
    """One shell RUN: which readers read it whole, and how they differ ('' where they do not)."""

    name: str
    text: ShellText
    read: bool
    first: bool
    second: bool
    difference: str = ""


def bodies(step: int) -> Iterator[tuple[str, ShellText]]:
    """The shell texts of the RUNs of every `step`-th file, those for other shells left out."""
    for name, text in corpus.files(step):
        try:
            found = dockerfiles.read(SourceText(text))
        except InputError:
            continue
        shell: tuple[str, ...] = ("/bin/sh", "-c")
        for instruction in found.instructions:
            inner = instruction.child if isinstance(instruction, Onbuild) else instruction
            if isinstance(inner, From):
                shell = ("/bin/sh", "-c")
            elif isinstance(inner, Shell):
                shell = inner.words
            elif isinstance(inner, Run) and isinstance(inner.form, ShellForm) and is_shell(shell):
                yield name, inner.form.script


def compare(name: str, text: ShellText) -> Body:
    """Read one text by the door and by each reader alone."""
    whole = not any(opaques(read(text)))
    one: Script | None = None
    with suppress(Rejected):
        one = first(text)
    two = second(text)
    both_read = one is not None, not any(opaques(two))
    difference = _difference(text.text, one, two) if one is not None and both_read[1] else ""
    return Body(name, text, whole, *both_read, difference)


def commands(script: Script) -> list[tuple[Span, list[str]]]:
    """Name and arguments of each simple command as written, with its span, in order."""
    return [(each.span, [word.text for word in each.words]) for each in simple_commands(script)]


def _difference(text: str, one: Script, two: Script) -> str:
    if commands(one) == commands(two):
        return "" if one == two else "structure"
    at = text.find("((")
    if at >= 0 and scanning.arithmetic_end(text, at + 2, len(text)) >= 0:
        return "subshells"
    return "commands"
