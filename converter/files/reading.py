"""A Dockerfile's bytes become text; what is no text, too large or unreadable becomes an outcome."""

from __future__ import annotations

import os
import sys

from msgspec import Struct

from converter.diagnostics import Diagnostic, Severity, diagnostic
from converter.outcome import Failed, Invalid
from converter.span import SourceText

MAX_BYTES = 1 << 20
"""Larger files are not read: the largest of 22,000 real Dockerfiles has 36 kB."""

STANDARD_INPUT = "-"

_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


class Unreadable(Struct, frozen=True):
    """A file that gave no text, and the outcome that this is."""

    source: SourceText
    outcome: Invalid | Failed


def read(path: str) -> SourceText | Unreadable:
    """The Dockerfile at a path, or of standard input for `-`."""
    name = "<stdin>" if path == STANDARD_INPUT else path
    try:
        data = _bytes(path)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        return Unreadable(SourceText("", name), Failed(_unreadable(path, error)))
    if len(data) > MAX_BYTES:
        reason = diagnostic("MS104", Severity.ERROR, f"larger than {MAX_BYTES:,} bytes, so it is not read")
        return Unreadable(SourceText("", name), Failed(reason))
    if data.startswith(_WIDE_MARKS) or b"\0" in data:
        kind = "UTF-16 or UTF-32" if data.startswith(_WIDE_MARKS) else "binary data"
        reason = diagnostic(
            "MS103", Severity.ERROR, f"not UTF-8 text, but {kind}", help=("save it as UTF-8",)
        )
        return Unreadable(SourceText("", name), Invalid(reason))
    return SourceText(decoded(data), name)


def decoded(data: bytes) -> str:
    """Bytes as text; what is no UTF-8 survives as lone surrogates, a byte order mark as a character."""
    return data.decode("utf-8", "surrogateescape")


def encoded(text: str) -> bytes:
    """The bytes that `decoded` got the text from; the same holds for any text made of its parts."""
    return text.encode("utf-8", "surrogateescape")


def _bytes(path: str) -> bytes:
    if path == STANDARD_INPUT:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with open(path, "rb") as file:
        return file.read(MAX_BYTES + 1)


def _unreadable(path: str, error: OSError | ValueError) -> Diagnostic:
    help: tuple[str, ...] = ()
    match error:
        case FileNotFoundError():
            message = "there is no such file"
        case IsADirectoryError():
            message = "it is a directory"
            inside = os.path.join(path, "Dockerfile")
            help = (f"name the file: {inside}",) if os.path.isfile(inside) else ()
            help += (f"or convert all in it: multistage batch {path}",) if help else ()
        case OSError(strerror=str(text)):
            message = f"it cannot be read: {text[:1].lower()}{text[1:]}"
        case _:
            message = f"it cannot be read: {error}"
    return diagnostic("MS105", Severity.ERROR, message, help=help)
