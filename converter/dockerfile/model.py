"""What a Dockerfile consists of: typed instructions with exact spans into the source text.

Everything here is plain frozen data; `reader.py` makes it, `state.py` replays it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct, field

from converter.span import SourceText, Span


class Comment(Struct, frozen=True):
    """A whole comment line outside any instruction; the span is the line without its end."""

    span: Span
    text: str


class Flag(Struct, frozen=True):
    """`--name=value` between keyword and arguments; `value` is None for a bare flag."""

    name: str
    value: str | None
    span: Span


class Word(Struct, frozen=True):
    """One argument as written (quotes, escapes and variables untouched)."""

    text: str
    span: Span


class Heredoc(Struct, frozen=True):
    """A here-document of RUN, COPY or ADD.

    `name` is the delimiter (for COPY also the file's name), `expand` is false for a quoted delimiter,
    `strip_tabs` is true for `<<-`. `body` spans the content lines without the closing delimiter line.
    """

    name: str
    content: str
    expand: bool
    strip_tabs: bool
    body: Span


class ShellText(Struct, frozen=True):
    """What BuildKit hands to the shell: continuations joined, comment lines and flags taken off.

    `pieces` maps it back: (offset in `text`, offset in the source, length), sorted, without gaps in `text`.
    """

    text: str
    pieces: tuple[tuple[int, int, int], ...]

    def span(self, start: int, end: int) -> Span:
        """The source span of `text[start:end]`; it includes whatever was dropped in between."""
        return Span(self._source(start, False), self._source(end, True))

    def _source(self, offset: int, closing: bool) -> int:
        if len(self.pieces) == 1:
            _, source, length = self.pieces[0]
            return source + min(offset, length)
        if not self.pieces:
            return 0
        index = max(bisect_right(self.pieces, offset, key=_piece_offset) - 1, 0)
        at, source, length = self.pieces[index]
        if closing and offset == at and index:
            at, source, length = self.pieces[index - 1]
        return source + min(offset - at, length)


def _piece_offset(piece: tuple[int, int, int]) -> int:
    return piece[0]


class ExecForm(Struct, frozen=True):
    """A JSON array of strings, decoded; `spans` are those of the quoted words."""

    words: tuple[str, ...]
    spans: tuple[Span, ...]


class ShellForm(Struct, frozen=True):
    """A command line for the shell in force; RUN with here-documents carries them in `heredocs`.

    `interpreter` is the first line (`#!…`) of a body that is run as a program of its own, not by the shell.
    """

    script: ShellText
    interpreter: str | None = None


Form: TypeAlias = ExecForm | ShellForm


class Instruction(Struct, frozen=True):
    """What all instructions share.

    `span` runs from the keyword to the end of the last line (its line end and here-document bodies:
    bodies and closing delimiters are included, the final line end is not). `comments` are the comment
    lines directly before it (no other instruction in between), `inner_comments` those inside its
    continuation lines. `keyword` is as the author wrote it.
    """

    span: Span
    keyword: str
    comments: tuple[Comment, ...] = ()
    inner_comments: tuple[Comment, ...] = ()
    flags: tuple[Flag, ...] = ()
    heredocs: tuple[Heredoc, ...] = ()

    def flag(self, name: str) -> str | None:
        """The value of a flag ('' if it is bare), or None where it is absent."""
        for flag in self.flags:
            if flag.name == name:
                return flag.value or ""
        return None


class From(Instruction, frozen=True, kw_only=True):
    """`FROM image AS name`; `name` is lower case as BuildKit compares it, `name_text` as written."""

    image: Word
    name: str | None = None
    name_text: str | None = None
    platform: str | None = None


class Run(Instruction, frozen=True, kw_only=True):
    """RUN in either form."""

    form: Form


class Cmd(Instruction, frozen=True, kw_only=True):
    """CMD in either form; no words at all resets it."""

    form: Form


class Entrypoint(Instruction, frozen=True, kw_only=True):
    """ENTRYPOINT in either form; no words at all resets it."""

    form: Form


class Healthcheck(Instruction, frozen=True, kw_only=True):
    """HEALTHCHECK; `form` is None for NONE."""

    form: Form | None


class Copy(Instruction, frozen=True, kw_only=True):
    """COPY; here-document sources are in `heredocs` and not in `sources`."""

    sources: tuple[Word, ...]
    destination: Word


class Add(Instruction, frozen=True, kw_only=True):
    """ADD; sources may be URLs or archives that unpack themselves."""

    sources: tuple[Word, ...]
    destination: Word


class Env(Instruction, frozen=True, kw_only=True):
    """ENV; pairs as written (values unexpanded, quotes kept), `legacy` for the `ENV KEY value` form."""

    pairs: tuple[tuple[Word, Word], ...]
    legacy: bool = False


class Arg(Instruction, frozen=True, kw_only=True):
    """ARG; the default is None where there is none."""

    pairs: tuple[tuple[Word, Word | None], ...]


class Label(Instruction, frozen=True, kw_only=True):
    """LABEL pairs."""

    pairs: tuple[tuple[Word, Word], ...]


class Maintainer(Instruction, frozen=True, kw_only=True):
    """MAINTAINER, deprecated but everywhere."""

    text: str


class Workdir(Instruction, frozen=True, kw_only=True):
    """WORKDIR."""

    path: Word


class User(Instruction, frozen=True, kw_only=True):
    """USER name[:group]."""

    name: Word


class Expose(Instruction, frozen=True, kw_only=True):
    """EXPOSE."""

    ports: tuple[Word, ...]


class Volume(Instruction, frozen=True, kw_only=True):
    """VOLUME in either form, as plain words."""

    paths: tuple[Word, ...]


class Stopsignal(Instruction, frozen=True, kw_only=True):
    """STOPSIGNAL."""

    signal: Word


class Shell(Instruction, frozen=True, kw_only=True):
    """SHELL, always an exec form."""

    words: tuple[str, ...]


class Onbuild(Instruction, frozen=True, kw_only=True):
    """ONBUILD with its child instruction; None where that cannot be used, which BuildKit finds only later."""

    child: AnyInstruction | None


AnyInstruction: TypeAlias = (
    From
    | Run
    | Cmd
    | Entrypoint
    | Healthcheck
    | Copy
    | Add
    | Env
    | Arg
    | Label
    | Maintainer
    | Workdir
    | User
    | Expose
    | Volume
    | Stopsignal
    | Shell
    | Onbuild
)


class Directive(Struct, frozen=True):
    """A parser directive (`syntax`, `escape`, `check`) at the top of the file."""

    name: str
    value: str
    span: Span


class Dockerfile(Struct, frozen=True):
    """A whole file: `instructions` in order, global ARGs and FROMs included."""

    source: SourceText
    directives: tuple[Directive, ...]
    escape: str
    instructions: tuple[AnyInstruction, ...]
    trailing_comments: tuple[Comment, ...] = ()

    @property
    def stages(self) -> tuple[From, ...]:
        """The FROM instructions, one a stage."""
        return tuple(i for i in self.instructions if isinstance(i, From))


class State(Struct, frozen=True):
    """What is in force before an instruction, after BuildKit's own expansion.

    `env` holds what ENV set and what the base image is known to set; `args` the ARGs in scope (value ''
    and a name in `unset_args` where no value is known at all). Values keep unknown pieces as HOLE.
    `workdir` is absolute, or None if it depends on something unknown. `shell` is the SHELL in force.
    `declared_workdir` is false as long as only the base image's own value holds.
    """

    env: Mapping[str, str] = field(default_factory=dict)
    args: Mapping[str, str] = field(default_factory=dict)
    unset_args: frozenset[str] = frozenset()
    workdir: str | None = "/"
    user: str = ""
    shell: tuple[str, ...] = ("/bin/sh", "-c")
    declared_workdir: bool = False


HOLE = "\ufffc"
"""Stands for an unknown piece of text inside an expanded value (a path, a word)."""
