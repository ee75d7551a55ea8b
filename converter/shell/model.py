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
    """`$name` or `${name op argument}`; `operator` is '' for the plain form, else as written (`:-`, `#`…).

    Three operators have names: `length` (`${#x}`), `indirect` (`${!x}`) and `bad` (no shell understands it;
    `name` is then the text between the braces). `name` keeps an array subscript: `x[1]`, `x[@]`. The argument
    of `/` holds pattern and replacement, that of `:` offset and length.
    """

    name: str
    operator: str = ""
    argument: Word | None = None
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Substitution:
    """`$(…)`, backquotes or `<(…)` (`process`); the script inside is read too."""

    script: Script
    quoted: bool = False
    process: bool = False


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

    `target` is None for a here-document, whose text is `heredoc` (None elsewhere; '' where the text ends
    before it). `body` is that text as a word: with its expansions, or one literal where the delimiter is
    quoted. The span covers operator and target or delimiter; the body, which stands further on, has its own.
    """

    operator: str
    descriptor: int | None
    target: Word | None
    heredoc: str | None
    span: Span
    body: Word | None = None


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
    """A member of a list with the operator that follows it: `&&`, `||`, `;`, `&`, newline, or '' at the end.

    The last member has `;` or `&` where the author wrote one, never a newline.
    """

    command: Command
    operator: str


@dataclass(frozen=True, slots=True)
class Script:
    """A list of commands, flat: `a && b ; c` is three items. Also what a group, a body or `$( )` holds.

    The span runs from the first command to the end of the last one, without an operator after it.
    """

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
    """`for variable in words` and `select`; `words` is None for the positional parameters.

    `arithmetic` is what stands in `for ((…))`, whose `variable` is ''.
    """

    span: Span
    variable: str
    words: tuple[Word, ...] | None
    body: Script
    redirects: tuple[Redirect, ...] = ()
    arithmetic: str = ""


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
