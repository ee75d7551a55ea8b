"""Comparison of our reading with BuildKit's own parser (the package `dockerfile`)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import dockerfile as buildkit

from converter.dockerfile import heredocs
from converter.dockerfile.lines import BLANK
from converter.dockerfile.model import (
    Add,
    AnyInstruction,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    ExecForm,
    Expose,
    Form,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
)
from converter.dockerfile.reader import read
from converter.errors import InputError
from converter.span import SourceText


@dataclass
class Comparison:
    """What came out for one file; `differences` are (kind, line, theirs, ours)."""

    instructions: int = 0
    agreeing: int = 0
    spans: int = 0
    rejected: bool = False
    same_verdict: bool = True
    differences: list[tuple[str, int, object, object]] = field(default_factory=list)


def referee(text: str) -> tuple[buildkit.Command, ...] | str:
    """The commands that BuildKit reads, or its message."""
    try:
        return tuple(buildkit.parse_string(text))
    except buildkit.GoParseError as error:
        return str(error)


def compare(text: str) -> Comparison:
    """Our reading beside the referee's."""
    out = Comparison()
    theirs = referee(text)
    source = SourceText(text)
    try:
        ours = read(source)
    except InputError as error:
        out.rejected = True
        if not isinstance(theirs, str):
            out.same_verdict = False
            out.differences.append(
                ("rejected by us", error.diagnostic.line or 0, None, error.diagnostic.message)
            )
        return out
    if isinstance(theirs, str):
        out.same_verdict = False
        out.differences.append(("accepted by us", 0, theirs, None))
        return out
    out.instructions = len(theirs)
    if len(ours.instructions) != len(theirs):
        out.differences.append(("count", 0, len(theirs), len(ours.instructions)))
        return out
    for command, instruction in zip(theirs, ours.instructions, strict=True):
        if _same_lines(source, ours.escape, command, instruction):
            out.spans += 1
        else:
            theirs_lines = (command.start_line, command.end_line)
            ours_lines = (source.line(instruction.span.start), source.line(instruction.span.end))
            out.differences.append(("lines", command.start_line, theirs_lines, ours_lines))
        wrong = [part for part in _parts(text, command, instruction) if part[1] != part[2]]
        out.differences += [(kind, command.start_line, their, our) for kind, their, our in wrong]
        out.agreeing += not wrong
    return out


def _same_lines(
    source: SourceText, escape: str, command: buildkit.Command, instruction: AnyInstruction
) -> bool:
    """Whether both see the same first and last line.

    Two differences are meant. Lines with nothing but the continuation sign may come before the keyword: our
    span starts with the keyword. Where the file ends inside a continuation, BuildKit counts the empty and
    comment lines up to the end as the instruction's; our span ends with its content.
    """
    first = source.line(instruction.span.start)
    before = [source.line_text(line).strip(BLANK) for line in range(command.start_line, first)]
    if before and (before[0] != escape or any(line.strip(escape) and line[0] != "#" for line in before)):
        return False
    if command.start_line > first:
        return False
    if source.line(instruction.span.end) == command.end_line:
        return True
    return source.text[instruction.span.end :].lstrip().startswith(escape)


def _parts(
    text: str, command: buildkit.Command, instruction: AnyInstruction
) -> list[tuple[str, object, object]]:
    """What is compared of one instruction: (kind, theirs, ours)."""
    shown = instruction.child if isinstance(instruction, Onbuild) else instruction
    parts: list[tuple[str, object, object]] = [
        ("keyword", command.cmd.upper(), instruction.keyword.upper()),
        (
            "flags",
            tuple(map(_unmangled, command.flags)),
            tuple(_flag(f.name, f.value) for f in instruction.flags),
        ),
    ]
    if shown is None:
        return parts
    if isinstance(instruction, Onbuild):
        parts.append(("child", (command.sub_cmd or "").upper(), shown.keyword.upper()))
        if shown.flags or shown.heredocs:  # the referee leaves these of the child out
            return parts
    parts.append(
        (
            "here-documents",
            tuple((document.name, document.content) for document in command.heredocs),
            tuple((document.name, document.body.of(text)) for document in instruction.heredocs),
        )
    )
    value = tuple(command.value)
    if isinstance(shown, From) and len(value) == 3:
        value = (value[0], value[2])
    if isinstance(shown, Copy | Add) and shown.heredocs:
        value = tuple(word for word in value if not heredocs.is_marker(word))
    if isinstance(shown, Run) and shown.heredocs:
        value = (_script(value[0], command, shown),)
    parts.append(("value", value, _value(shown)))
    form = _form(shown)
    if form is not None and not isinstance(instruction, Onbuild):
        parts.append(("form", command.json, isinstance(form, ExecForm)))
    return parts


def _script(line: str, command: buildkit.Command, run: Run) -> str:
    """What BuildKit makes of a RUN with here-documents: the body, or everything for the shell to read."""
    first = run.heredocs[0]
    if re.fullmatch(r"""[0-9]*<<-?(?:[^\s"'<]+|"[^"]*"|'[^']*')""", line):
        body: str = command.heredocs[0].content
        return re.sub(r"(?m)^\t+", "", body) if first.strip_tabs else body
    return line + "".join("\n" + document.content + document.name for document in command.heredocs)


def _unmangled(flag: str) -> str:
    """A flag as written; the referee reads flags byte by byte."""
    try:
        return flag.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return flag


def _flag(name: str, value: str | None) -> str:
    return f"--{name}" if value is None else f"--{name}={value}"


def _form(instruction: AnyInstruction) -> Form | None:
    match instruction:
        case Run() | Cmd() | Entrypoint() | Healthcheck():
            return instruction.form
        case _:
            return None


def _form_value(form: Form) -> tuple[str, ...]:
    if isinstance(form, ExecForm):
        return form.words
    return (form.script.text,) if form.script.text else ()


def _value(instruction: AnyInstruction) -> tuple[str, ...]:
    """The arguments as the referee lists them."""
    match instruction:
        case From():
            names = () if instruction.name_text is None else (instruction.name_text,)
            return (instruction.image.text, *names)
        case Run() | Cmd() | Entrypoint():
            return _form_value(instruction.form) or ("",) * len(instruction.heredocs)
        case Healthcheck():
            return ("NONE",) if instruction.form is None else ("CMD", *_form_value(instruction.form))
        case Copy() | Add():
            return tuple(word.text for word in (*instruction.sources, instruction.destination))
        case Env() | Label():
            return tuple(word.text for pair in instruction.pairs for word in pair)
        case Arg():
            return tuple(
                name.text if default is None else f"{name.text}={default.text}"
                for name, default in instruction.pairs
            )
        case Maintainer():
            return (instruction.text,)
        case Workdir():
            return (instruction.path.text,)
        case User():
            return (instruction.name.text,)
        case Stopsignal():
            return (instruction.signal.text,)
        case Expose():
            return tuple(word.text for word in instruction.ports)
        case Volume():
            return tuple(word.text for word in instruction.paths)
        case Shell():
            return instruction.words
        case Onbuild():
            return ()
