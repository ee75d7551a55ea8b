"""Our own shell AST: small, frozen, independent of the package that read it.

Spans point into the Dockerfile (through `ShellText.span`); here-document bodies too.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from converter.span import Span


class Literal(Struct, frozen=True):
    """Plain text with quotes and escapes removed; unquoted text may be a pattern if it holds * ? [."""

    text: str
    quoted: bool = False


class Parameter(Struct, frozen=True):
    """`$name` or `${name op argument}`; `operator` is '' for the plain form, else as written (`:-`, `#`…).

    Three operators have names: `length` (`${#x}`), `indirect` (`${!x}`) and `bad` (no shell understands it;
    `name` is then the text between the braces). `name` keeps an array subscript: `x[1]`, `x[@]`. The argument
    of `/` holds pattern and replacement, that of `:` offset and length.
    """

    name: str
    operator: str = ""
    argument: Word | None = None
    quoted: bool = False


class Substitution(Struct, frozen=True):
    """`$(…)`, backquotes or `<(…)` (`process`); the script inside is read too."""

    script: Script
    quoted: bool = False
    process: bool = False


class Arithmetic(Struct, frozen=True):
    """`$((…))`, as text."""

    text: str


Part: TypeAlias = "Literal | Parameter | Substitution | Arithmetic"


class Word(Struct, frozen=True):
    """One shell word; `text` is the raw text as the shell saw it."""

    text: str
    span: Span
    parts: tuple[Part, ...]


class Assignment(Struct, frozen=True):
    """`name=value`, `name+=value` or `name=(a b)`."""

    name: str
    values: tuple[Word, ...]
    span: Span
    append: bool = False
    array: bool = False


class Redirect(Struct, frozen=True):
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


class Simple(Struct, frozen=True):
    """A simple command; `words` may be empty (assignments or redirects alone)."""

    span: Span
    words: tuple[Word, ...]
    assignments: tuple[Assignment, ...] = ()
    redirects: tuple[Redirect, ...] = ()


class Pipeline(Struct, frozen=True):
    """Two or more commands joined by `|` or `|&`, or one negated by `!`."""

    span: Span
    commands: tuple[Command, ...]
    negated: bool = False


class Item(Struct, frozen=True):
    """A member of a list with the operator that follows it: `&&`, `||`, `;`, `&`, newline, or '' at the end.

    The last member has `;` or `&` where the author wrote one, never a newline.
    """

    command: Command
    operator: str


class Script(Struct, frozen=True):
    """A list of commands, flat: `a && b ; c` is three items. Also what a group, a body or `$( )` holds.

    The span runs from the first command to the end of the last one, without an operator after it.
    """

    span: Span
    items: tuple[Item, ...]


class Group(Struct, frozen=True):
    """`{ …; }`."""

    span: Span
    body: Script
    redirects: tuple[Redirect, ...] = ()


class Subshell(Struct, frozen=True):
    """`( … )`."""

    span: Span
    body: Script
    redirects: tuple[Redirect, ...] = ()


class If(Struct, frozen=True):
    """`branches` are (condition, body) of if and elif; `otherwise` is the else part."""

    span: Span
    branches: tuple[tuple[Script, Script], ...]
    otherwise: Script | None
    redirects: tuple[Redirect, ...] = ()


class For(Struct, frozen=True):
    """`for variable in words` and `select`; `words` is None for the positional parameters.

    `arithmetic` is what stands in `for ((…))`, whose `variable` is ''.
    """

    span: Span
    variable: str
    words: tuple[Word, ...] | None
    body: Script
    redirects: tuple[Redirect, ...] = ()
    arithmetic: str = ""


class While(Struct, frozen=True):
    """`while` and `until`."""

    span: Span
    condition: Script
    body: Script
    redirects: tuple[Redirect, ...] = ()


class Case(Struct, frozen=True):
    """`case word in`; branches are (patterns, body)."""

    span: Span
    subject: Word
    branches: tuple[tuple[tuple[Word, ...], Script], ...]
    redirects: tuple[Redirect, ...] = ()


class Function(Struct, frozen=True):
    """A function definition."""

    span: Span
    name: str
    body: Command


class Test(Struct, frozen=True):
    """`[[ … ]]` or `(( … ))`: changes no file; words are kept for their substitutions."""

    span: Span
    text: str
    words: tuple[Word, ...] = ()


class Opaque(Struct, frozen=True):
    """Shell text that no reader understands, with the reason."""

    span: Span
    text: str
    reason: str


Command: TypeAlias = (
    "Simple | Pipeline | Group | Subshell | If | For | While | Case | Function | Test | Opaque"
)
