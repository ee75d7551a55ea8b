"""The two streams: stdout carries only the product, stderr what is said about it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TextIO

from converter.files.reading import encoded
from converter.report.lines import Line, plain, printable


def use_color(choice: str | None, stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether to colour: what was asked for, else NO_COLOR, FORCE_COLOR, and whether it is a terminal."""
    if choice in ("always", "never"):
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return environment.get("TERM") != "dumb" and stream.isatty()


def say(lines: tuple[Line, ...], color: str | None, stream: TextIO | None = None) -> None:
    """Print styled lines, on stderr if nothing else is said."""
    stream = stream or sys.stderr
    if not lines:
        return
    if use_color(color, stream):
        from converter.report.terminal import write_styled

        write_styled(lines, stream)
    else:
        stream.write(plain(lines))


def product(text: str) -> None:
    """Write a file's text to stdout: its own bytes, or on a terminal without control characters."""
    if sys.stdout.isatty():
        shown = [printable(row.removesuffix("\r")) for row in text.split("\n")]
        sys.stdout.write("\n".join(shown))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(encoded(text))
    sys.stdout.buffer.flush()
