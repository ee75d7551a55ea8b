"""Command substitutions whose output is known without running anything: echo, printf, basename, dirname.

A pipeline of one of these through cut, tr or a plain sed replacement is known too: that is how files take a
version apart. Everything else (nproc, uname, dpkg --print-architecture, curl…) stays HOLE, one each.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping

from converter.dockerfile.model import HOLE
from converter.shell.filters import filtered
from converter.shell.model import Command, Item, Literal, Pipeline, Redirect, Script, Simple, Word
from converter.shell.printing import printed

_NO_QUOTES = str.maketrans("", "", "\"'")

Words = Callable[[tuple[Word, ...]], tuple[str, ...]]
"""Expands the words of a command."""


def output(script: Script, expand: Words, variables: Mapping[str, str], dialect: str) -> str:
    """What `$(script)` becomes: the output without the line ends at its end, or HOLE."""
    if not script.items:
        return ""
    if len(script.items) > 1 or script.items[0].operator == "&":
        return HOLE
    command = script.items[0].command
    commands = command.commands if isinstance(command, Pipeline) and not command.negated else (command,)
    text: str | None = None
    for index, member in enumerate(commands):
        if not isinstance(member, Simple) or not _quiet(member) or member.assignments:
            return HOLE
        words = expand(member.words)
        if not words:
            return HOLE
        if index == 0:
            text = _first(words, variables, dialect)
        elif text is not None:
            text = None if HOLE in text else filtered(words, text)
        if text is None:
            return HOLE
    return HOLE if text is None else text.rstrip("\n")


def on_condition(script: Script) -> str:
    """What `$(command -v x > /dev/null && echo text || true)` prints if its condition holds, which prints nothing."""
    match script.items:
        case (
            Item(Simple(redirects=silencing), "&&"),
            Item(Simple(words=(Word(text="echo"), Word(parts=(Literal(text=text),))), redirects=()), _),
            *rest,
        ):
            otherwise = [_plain(item.command) for item in rest]
            return text if any(map(_silences, silencing)) and otherwise in ([], ["true"]) else ""
        case _:
            return ""


def _silences(redirect: Redirect) -> bool:
    """Whether standard output goes to /dev/null."""
    return (
        redirect.descriptor in (None, 1)
        and redirect.target is not None
        and redirect.target.text == "/dev/null"
    )


def _plain(command: Command) -> str:
    """The words of a command as they are written, or nothing for what is more than a command."""
    return " ".join(word.text for word in command.words) if isinstance(command, Simple) else ""


def command_line(words: Iterable[str]) -> str:
    """The name under which `variables` may hold what a command prints: its words, quotes and `;` left out."""
    return re.sub(r"[\s;]+", " ", " ".join(words).translate(_NO_QUOTES)).strip()


def _quiet(command: Simple) -> bool:
    """Whether standard output still goes to the substitution."""
    return all(each.descriptor == 2 and each.operator in (">", ">>") for each in command.redirects)


def _first(words: tuple[str, ...], variables: Mapping[str, str], dialect: str) -> str | None:
    name, *arguments = words
    if name in ("echo", "printf"):
        return printed(name, arguments, dialect)
    if name == "pwd" and not arguments:
        return variables.get("PWD")
    if name == "mktemp":
        return _temporary(arguments, variables)
    if any(HOLE in argument for argument in arguments):
        return None
    if name == "basename" and arguments and not arguments[0].startswith("-") and len(arguments) <= 2:
        base = posixpath.basename(arguments[0].rstrip("/")) or "/"
        suffix = arguments[1] if len(arguments) == 2 else ""
        return base[: -len(suffix)] if suffix and base.endswith(suffix) and base != suffix else base
    if name == "dirname" and len(arguments) == 1 and not arguments[0].startswith("-"):
        stripped = arguments[0].rstrip("/")
        directory = posixpath.dirname(stripped or "/")
        return directory or "."
    # one word alone could be the name of a variable: `$(VERSION)` runs a program, whatever was meant
    return variables.get(command_line(words)) if arguments else None


def _temporary(arguments: list[str], variables: Mapping[str, str]) -> str:
    """A name that `mktemp` makes: its directory is known, the end of the name is not."""
    directory: str | None = variables.get("TMPDIR") or "/tmp"
    template = ""
    inside = False
    for index, argument in enumerate(arguments):
        if argument == "-p" and index + 1 < len(arguments):
            directory, inside = arguments[index + 1], True
        elif argument.startswith("--tmpdir"):
            directory, inside = argument.partition("=")[2] or directory, True
        elif argument.startswith("-"):
            inside = inside or "t" in argument[1:2]
        elif index == 0 or arguments[index - 1] != "-p":
            template = argument
    name = f"{template.rstrip('X')}{HOLE}" if template else f"tmp.{HOLE}"
    return name if template and not inside else f"{directory}/{name}"
