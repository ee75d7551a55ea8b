"""How tests read shell text, by the door or one reader, and a short way to write down what came out."""

from __future__ import annotations

from typing import assert_never

from converter.dockerfile.model import ShellText
from converter.shell import bashlex_reader, tree_sitter_reader
from converter.shell.heredocs import mask
from converter.shell.model import (
    Arithmetic,
    Assignment,
    Case,
    Command,
    For,
    Function,
    Group,
    If,
    Literal,
    Opaque,
    Parameter,
    Part,
    Pipeline,
    Redirect,
    Script,
    Simple,
    Subshell,
    Substitution,
    Test,
    While,
    Word,
)
from converter.shell.reader import read


class Rejected(ValueError):
    """The first reader does not accept the text, or one inside it."""


def shell_text(text: str) -> ShellText:
    """A text that is its own source."""
    return ShellText(text, ((0, 0, len(text)),))


def door(text: str) -> Script:
    """What the door reads."""
    return read(shell_text(text))


def first(text: ShellText, depth: int = 0) -> Script:
    """What bashlex alone reads, inside substitutions too."""
    script = bashlex_reader.read(text, mask(text.text), first, depth)
    if script is None:
        raise Rejected(text.text)
    return script


def second(text: ShellText, depth: int = 0) -> Script:
    """What tree-sitter-bash alone reads, inside substitutions too."""
    return tree_sitter_reader.read(text, mask(text.text), second, depth)


def structure_alone(text: str) -> Script | None:
    """What tree-sitter-bash reads of the simplified text; substitutions are read by the door."""
    return tree_sitter_reader.read_structure(shell_text(text), mask(text), lambda inner, _: read(inner), 0)


def command(text: str) -> Command:
    """The only command of a text."""
    (item,) = door(text).items
    return item.command


def word(text: str) -> Word:
    """The word that stands behind `c` in `c text`."""
    simple = command("c " + text)
    assert isinstance(simple, Simple)
    (_, found) = simple.words
    return found


def outline(script: Script) -> str:
    """The structure of a script: simple commands in `[ ]`, everything else by its keyword."""
    written = []
    for item in script.items:
        operator = "" if item.operator == "" else f" {item.operator} ".replace("\n", "nl")
        written.append(_command(item.command) + operator)
    return "".join(written).rstrip()


def _command(node: Command) -> str:
    match node:
        case Simple(words=words, assignments=assignments, redirects=redirects):
            pieces = [
                *map(_assignment, assignments),
                *(each.text for each in words),
                *map(_redirect, redirects),
            ]
            return "[" + " ".join(pieces) + "]"
        case Pipeline(commands=commands, negated=negated):
            return ("! " if negated else "") + " | ".join(map(_command, commands))
        case Group(body=body, redirects=redirects):
            return _with("{ " + outline(body) + " }", redirects)
        case Subshell(body=body, redirects=redirects):
            return _with("( " + outline(body) + " )", redirects)
        case If(branches=branches, otherwise=otherwise, redirects=redirects):
            text = " elif ".join(f"{outline(condition)} then {outline(body)}" for condition, body in branches)
            rest = f" else {outline(otherwise)}" if otherwise else ""
            return _with(f"if {text}{rest} fi", redirects)
        case For(variable=variable, words=words, body=body, redirects=redirects, arithmetic=arithmetic):
            values = "" if words is None else " in" + "".join(" " + each.text for each in words)
            head = f"(({arithmetic}))" if arithmetic else variable + values
            return _with(f"for {head} do {outline(body)} done", redirects)
        case While(condition=condition, body=body, redirects=redirects):
            return _with(f"while {outline(condition)} do {outline(body)} done", redirects)
        case Case(subject=subject, branches=branches, redirects=redirects):
            text = " ".join(
                "|".join(each.text for each in patterns) + f") {outline(body)};"
                for patterns, body in branches
            )
            return _with(f"case {subject.text} in {text} esac", redirects)
        case Function(name=name, body=body):
            return f"{name}() {_command(body)}"
        case Test(text=text):
            return f"test<{text}>"
        case Opaque(text=text):
            return f"opaque<{text}>"
        case _:
            assert_never(node)


def _with(text: str, redirects: tuple[Redirect, ...]) -> str:
    return " ".join([text, *map(_redirect, redirects)])


def _assignment(node: Assignment) -> str:
    values = " ".join(each.text for each in node.values)
    return node.name + ("+=" if node.append else "=") + (f"({values})" if node.array else values)


def _redirect(node: Redirect) -> str:
    descriptor = "" if node.descriptor is None else str(node.descriptor)
    target = repr(node.heredoc) if node.target is None else node.target.text
    return descriptor + node.operator + target


def parts(found: Word) -> list[str]:
    """The parts of a word: literals as they are, quoted ones in double quotes, expansions with a `$`."""
    return [_part(part) for part in found.parts]


def _part(part: Part) -> str:
    match part:
        case Literal(text=text, quoted=quoted):
            return f'"{text}"' if quoted else text
        case Parameter(name=name, operator=operator, argument=argument, quoted=quoted):
            inner = "" if argument is None else " " + ",".join(parts(argument))
            text = "${" + " ".join(filter(None, (name, operator))) + inner + "}"
            return f'"{text}"' if quoted else text
        case Substitution(script=script, quoted=quoted, process=process):
            text = f"{'<' if process else '$'}({outline(script)})"
            return f'"{text}"' if quoted else text
        case Arithmetic(text=text):
            return f"$(({text}))"
        case _:
            assert_never(part)
