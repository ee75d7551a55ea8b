"""Which physical lines belong to which instruction: found by dockerfile-parse behind the mask."""

from __future__ import annotations

from io import StringIO

from msgspec import Struct

from converter.dockerfile.mask import mask
from converter.dockerfile.model import Heredoc


class Boundary(Struct, frozen=True):
    """The lines of one instruction, counted from 0 and inclusive.

    `command_last` is the last line of the command itself, `last` that of the whole with its here-documents.
    """

    first: int
    command_last: int
    last: int
    heredocs: tuple[Heredoc, ...] = ()


def boundaries(text: str, bounds: tuple[int, ...], escape: str) -> tuple[Boundary, ...]:
    """The instructions of a file, in order; a Problem for a here-document that is not closed."""
    from dockerfile_parse import DockerfileParser
    from dockerfile_parse.constants import COMMENT_INSTRUCTION

    masked = mask(text, bounds, escape)
    parser = DockerfileParser(fileobj=StringIO(masked.text, newline="\n"), env_replace=False)
    out = []
    for entry in parser.structure:
        if entry["instruction"] == COMMENT_INSTRUCTION:
            continue
        first, last = entry["startline"], entry["endline"]
        command_last, documents = masked.heredocs.get(first, (last, ()))
        out.append(Boundary(first, command_last, last, documents))
    return tuple(out)
