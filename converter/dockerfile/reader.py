"""The one door to Dockerfiles: text to typed instructions, or an InputError that says what BuildKit rejects."""

from __future__ import annotations

from converter.diagnostics import Diagnostic, Severity, diagnostic
from converter.dockerfile import directives
from converter.dockerfile.arguments import instruction
from converter.dockerfile.boundaries import boundaries
from converter.dockerfile.lines import BLANK, comment, content_end, join
from converter.dockerfile.model import AnyInstruction, Arg, Comment, Dockerfile, From
from converter.dockerfile.problem import Problem
from converter.errors import InputError
from converter.span import SourceText, Span

LINE_LIMIT = 65_536
"""Bytes of one line, its end included, that BuildKit's scanner takes."""


def read(source: SourceText) -> Dockerfile:
    """The Dockerfile that a text is.

    InputError with MS101 where it holds no instruction at all, MS102 where BuildKit rejects it.
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
            raise InputError(_empty(source))
        instructions: list[AnyInstruction] = []
        line_number = len(found)
        for part in parts:
            whole = Span(bounds[part.first], content_end(text, bounds[part.first], bounds[part.last + 1]))
            line, inner = join(text, bounds, part.first, part.command_last, escape)
            instructions.append(
                instruction(
                    text,
                    line,
                    whole.end,
                    escape,
                    comments=_comments(text, bounds, line_number, part.first),
                    inner_comments=inner,
                    documents=part.heredocs,
                )
            )
            line_number = part.last + 1
        _check_stages(instructions)
    except Problem as problem:
        span = whole if problem.start is None or problem.end is None else Span(problem.start, problem.end)
        raise InputError(
            diagnostic("MS102", Severity.ERROR, problem.message, source, span, problem.help)
        ) from None
    return Dockerfile(
        source,
        found,
        escape,
        tuple(instructions),
        _comments(text, bounds, line_number, len(bounds) - 1),
    )


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
            start=at,
            end=at + 1,
        )
    if len(text) < LINE_LIMIT // 4:
        return
    for start, end in zip(bounds, bounds[1:]):
        if (end - start) * 4 < LINE_LIMIT:
            continue
        size = len(text[start:end].encode("utf-8", "surrogatepass"))
        if size > LINE_LIMIT - (text[end - 1] != "\n"):
            raise Problem(
                f"the line is longer than {LINE_LIMIT - 1} bytes, which BuildKit does not read",
                "break it with continuation lines",
                start=start,
                end=end,
            )


def _check_stages(instructions: list[AnyInstruction]) -> None:
    for each in instructions:
        if isinstance(each, From):
            return
        if not isinstance(each, Arg):
            raise Problem(
                f"{each.keyword.upper()} comes before the first FROM",
                "a Dockerfile starts with FROM; only ARG may come before it",
                start=each.span.start,
                end=each.span.end,
            )
    last = instructions[-1].span
    raise Problem("there is no FROM", "name the base image: FROM image", start=last.start, end=last.end)


def _empty(source: SourceText) -> Diagnostic:
    return diagnostic(
        "MS101",
        Severity.ERROR,
        "there is no instruction in this file",
        source,
        Span(0, 0),
        ("a Dockerfile starts with FROM image",),
    )
