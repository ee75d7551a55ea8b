"""What `echo` and `printf` write, where every shell agrees about it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from converter.dockerfile.model import HOLE
from converter.shell.escapes import ansi_c

_DIRECTIVE = re.compile(r"%(?:%|([sdb]))")


def printed(name: str, arguments: Sequence[str], dialect: str) -> str | None:
    """The output of `echo` or `printf`, or None where it is not known.

    `echo` with a backslash is known only for bash without `-e`, and for dash: shells differ about it.
    """
    return _echo(arguments, dialect) if name == "echo" else _printf(arguments)


def _echo(arguments: Sequence[str], dialect: str) -> str | None:
    newline = "\n"
    escapes = dialect == "dash"
    index = 0
    while index < len(arguments) and re.fullmatch(r"-[neE]+", arguments[index]):
        newline = "" if "n" in arguments[index] else newline
        escapes = escapes or "e" in arguments[index]
        index += 1
    text = " ".join(arguments[index:])
    if "\\" in text:
        if escapes:
            return ansi_c(text) + newline
        if dialect != "bash":
            return None
    return text + newline


def _printf(arguments: Sequence[str]) -> str | None:
    if not arguments or arguments[0].startswith("-"):
        return None
    template, *values = arguments
    directives = _DIRECTIVE.findall(template)
    taken = sum(1 for directive in directives if directive)
    if "%" in _DIRECTIVE.sub("", template) or HOLE in template:
        return None
    template = ansi_c(template)
    if not taken:
        return _filled(template, iter(()))
    rounds = max(1, -(-len(values) // taken))
    supply = iter(values + [""] * (rounds * taken - len(values)))
    return "".join(_filled(template, supply) for _ in range(rounds))


def _filled(template: str, values: object) -> str:
    supply = values

    def value(match: re.Match[str]) -> str:
        if not match[1]:
            return "%"
        text = next(supply)  # type: ignore[call-overload]
        if match[1] == "d":
            return str(text or "0")
        return ansi_c(text) if match[1] == "b" else str(text)

    return _DIRECTIVE.sub(value, template)
