"""The one door to Dockerfiles: text to typed instructions, or an InputError that says what is wrong."""

from __future__ import annotations

from itertools import pairwise

from converter.diagnostics import Severity, diagnostic
from converter.dockerfile import directives
from converter.dockerfile.arguments import instruction
from converter.dockerfile.boundaries import boundaries
from converter.dockerfile.lines import BLANK, comment, content_end, join
from converter.dockerfile.model import AnyInstruction, Arg, Comment, Dockerfile, From, ShellText
from converter.dockerfile.problem import Problem
from converter.errors import InputError
from converter.span import SourceText, Span

LINE_LIMIT = 65_536
"""Bytes of one line, its end included, that BuildKit's scanner takes."""


def read(source: SourceText) -> Dockerfile:
    """The Dockerfile that a text is.

    InputError with MS101 where nothing but comments and ARG is in it, MS103 where it is no text, MS102 for
    anything else that BuildKit rejects.
    """
    text = source.text
    bounds = source.line_starts
    if bounds[-1] < len(text):
        bounds = (*bounds, len(text))
    whole = Span(0, 0)
    try:
        _check_text(text, bounds)
        found, escape = directives.read(text, bounds)
        parts = boundaries(text, bounds, escape)
        if not parts:
            raise _nothing(Span(0, 0))
        instructions: list[AnyInstruction] = []
        line_number = len(found)
        for part in parts:
            whole = Span(bounds[part.first], content_end(text, bounds[part.first], bounds[part.last + 1]))
            line, inner = join(text, bounds, part.first, part.command_last, escape)
            before = _comments(text, bounds, line_number, part.first)
            line_number = part.last + 1
            if line_number == len(bounds) - 1 and (end := _cut_off(text, line)):
                whole = Span(whole.start, end)
                line_number = source.line(end)
                inner = tuple(each for each in inner if each.span.end <= end)
            instructions.append(instruction(text, line, whole.end, escape, before, inner, part.heredocs))
        _check_stages(instructions)
    except Problem as problem:
        span = problem.span or whole
        raise InputError(
            diagnostic(problem.code, Severity.ERROR, problem.message, source, span, problem.help)
        ) from None
    return Dockerfile(
        source,
        found,
        escape,
        tuple(instructions),
        _comments(text, bounds, line_number, len(bounds) - 1),
    )


def _cut_off(text: str, line: ShellText) -> int | None:
    """Where the content of an instruction ends whose continuation runs into the end of the file, else None.

    The sign of that continuation is left out of the span: moved elsewhere it would swallow the next line.
    """
    _, source, length = line.pieces[-1]
    rest = text[source + length :].lstrip(" \t")
    if not rest or rest[0] in "\r\n" or not line.text.strip(BLANK):
        return None
    return source + len(text[source : source + length].rstrip(BLANK))


def _comments(text: str, bounds: tuple[int, ...], first: int, after: int) -> tuple[Comment, ...]:
    """The comment lines from line `first` up to, not including, line `after`."""
    out = []
    for number in range(first, after):
        start = bounds[number]
        end = content_end(text, start, bounds[number + 1])
        if text[start:end].lstrip(BLANK)[:1] == "#":
            out.append(comment(text, start, end))
    return tuple(out)


def _check_text(text: str, bounds: tuple[int, ...]) -> None:
    at = text.find("\0")
    if at >= 0:
        raise Problem(
            "this is not a text file: it holds a NUL character",
            "give the path of a Dockerfile",
            span=Span(at, at + 1),
            code="MS103",
        )
    if len(text) < LINE_LIMIT // 4:
        return
    for start, end in pairwise(bounds):
        if (end - start) * 4 < LINE_LIMIT:
            continue
        size = len(text[start:end].encode("utf-8", "surrogatepass"))
        if size > LINE_LIMIT - (text[end - 1] != "\n"):
            raise Problem(
                f"the line is longer than {LINE_LIMIT - 1} bytes, which BuildKit does not read",
                "break it with continuation lines",
                span=Span(start, end),
            )


def _check_stages(instructions: list[AnyInstruction]) -> None:
    for each in instructions:
        if isinstance(each, From):
            return
        if not isinstance(each, Arg):
            raise Problem(
                f"{each.keyword.upper()} comes before the first FROM",
                "a Dockerfile starts with FROM; only ARG may come before it",
                span=each.span,
            )
    raise _nothing(instructions[-1].span)


def _nothing(span: Span) -> Problem:
    return Problem(
        "there is no FROM instruction",
        "a Dockerfile names its base image: FROM image",
        span=span,
        code="MS101",
    )
