"""Our own shell AST: small, frozen, independent of the package that read it.

Spans point into the Dockerfile (through `ShellText.span`); here-document bodies too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from converter.span import Span


@dataclass(frozen=True, slots=True)
class Literal:
    """Plain text with quotes and escapes removed; unquoted text may be a pattern if it holds * ? [."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """`$name` or `${name op argument}`; `operator` is '' for the plain form, else as written (`:-`, `#`, `##`, `/`, `length`…)."""

    name: str
    operator: str = ""
    argument: Word | None = None
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Substitution:
    """`$(…)`, backquotes or `<(…)`; the script inside is read too."""

    script: Script
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`$((…))`, as text."""

    text: str


Part: TypeAlias = "Literal | Parameter | Substitution | Arithmetic"


@dataclass(frozen=True, slots=True)
class Word:
    """One shell word; `text` is the raw text as the shell saw it."""

    text: str
    span: Span
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name=value`, `name+=value` or `name=(a b)`."""

    name: str
    values: tuple[Word, ...]
    span: Span
    append: bool = False
    array: bool = False


@dataclass(frozen=True, slots=True)
class Redirect:
    """`operator` as written without the descriptor (`>`, `>>`, `<`, `<<`, `<<<`, `>&`, `&>`…).

    `target` is None for a here-document, whose text is `heredoc` (None elsewhere).
    """

    operator: str
    descriptor: int | None
    target: Word | None
    heredoc: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Simple:
    """A simple command; `words` may be empty (assignments or redirects alone)."""

    span: Span
    words: tuple[Word, ...]
    assignments: tuple[Assignment, ...] = ()
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Two or more commands joined by `|` or `|&`, or one negated by `!`."""

    span: Span
    commands: tuple[Command, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A member of a list with the operator that follows it: `&&`, `||`, `;`, `&`, newline, or '' at the end."""

    command: Command
    operator: str


@dataclass(frozen=True, slots=True)
class Script:
    """A list of commands, flat: `a && b ; c` is three items. Also what a group, a body or `$( )` holds."""

    span: Span
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """`{ …; }`."""

    span: Span
    body: Script
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class Subshell:
    """`( … )`."""

    span: Span
    body: Script
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class If:
    """`branches` are (condition, body) of if and elif; `otherwise` is the else part."""

    span: Span
    branches: tuple[tuple[Script, Script], ...]
    otherwise: Script | None
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class For:
    """`for variable in words`; `words` is None for the positional parameters, `arithmetic` for `for ((…))`."""

    span: Span
    variable: str
    words: tuple[Word, ...] | None
    body: Script
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class While:
    """`while` and `until`."""

    span: Span
    condition: Script
    body: Script
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """`case word in`; branches are (patterns, body)."""

    span: Span
    subject: Word
    branches: tuple[tuple[tuple[Word, ...], Script], ...]
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """A function definition."""

    span: Span
    name: str
    body: Command


@dataclass(frozen=True, slots=True)
class Test:
    """`[[ … ]]` or `(( … ))`: changes no file; words are kept for their substitutions."""

    span: Span
    text: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Opaque:
    """Shell text that no reader understands, with the reason."""

    span: Span
    text: str
    reason: str


Command: TypeAlias = (
    "Simple | Pipeline | Group | Subshell | If | For | While | Case | Function | Test | Opaque"
)
