"""What the container is started with: the last ENTRYPOINT, CMD and HEALTHCHECK, or those of the base image."""

from __future__ import annotations

import re

from msgspec import Struct

from converter.dockerfile.model import Cmd, Entrypoint, ExecForm, Form, Healthcheck
from converter.graph.model import Step
from converter.knowledge.images import BaseImage
from converter.span import SourceText

Labelled = tuple[Form, str]
"""A command and the instruction that it comes from, for explanations."""


class Start(Struct, frozen=True):
    """The commands that are started; `inherited` says that the file names none itself."""

    entrypoint: Labelled | None
    command: Labelled | None
    health: Labelled | None
    inherited: bool


def start_of(steps: tuple[Step, ...], base: BaseImage, source: SourceText) -> Start:
    """The commands of a stage.

    An ENTRYPOINT of the file leaves CMD of the base unused (source: the reference of Dockerfiles, "CMD").
    """
    entrypoint: Labelled | None = None
    command: Labelled | None = None
    health: Labelled | None = None
    for step in steps:
        match step.instruction:
            case Entrypoint(form=form):
                entrypoint = (form, f"ENTRYPOINT line {source.line(step.span.start)}")
            case Cmd(form=form):
                command = (form, f"CMD line {source.line(step.span.start)}")
            case Healthcheck(form=form):
                health = (form, f"HEALTHCHECK line {source.line(step.span.start)}") if form else None
            case _:
                pass
    inherited = entrypoint is None and command is None
    if entrypoint is None and base.entrypoint and not base.pass_through_entrypoint:
        entrypoint = (ExecForm(base.entrypoint, ()), "ENTRYPOINT of the base image")
    if command is None and (entrypoint is None or inherited) and base.cmd:
        command = (ExecForm(base.cmd, ()), "CMD of the base image")
    return Start(*_joined(entrypoint, command), health, inherited)


def _joined(entrypoint: Labelled | None, command: Labelled | None) -> tuple[Labelled | None, Labelled | None]:
    """`ENTRYPOINT ["sh", "-c"]` with CMD is one command: the text that the shell runs stands in CMD."""
    match entrypoint, command:
        case (ExecForm(words=(*_, last)) as first, label), (ExecForm() as second, _) if re.fullmatch(
            r"-\w*c", last
        ):
            return (ExecForm((*first.words, *second.words), ()), label), None
        case _:
            return entrypoint, command
