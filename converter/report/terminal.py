"""Styled lines in colour: the one module that imports rich, and only where colour is wanted."""

from __future__ import annotations

from typing import TextIO

from rich.console import Console
from rich.text import Text

from converter.report.lines import Line

STYLES = {
    "error": "bold red",
    "warning": "bold yellow",
    "note": "bold cyan",
    "help": "green",
    "place": "bold",
    "gutter": "blue",
    "caret": "bold green",
    "good": "bold green",
    "quiet": "dim",
    "title": "bold",
    "build": "yellow",
    "runtime": "green",
    "both": "cyan",
    "dropped": "dim",
}


def write_styled(lines: tuple[Line, ...], stream: TextIO) -> None:
    """Print the lines with ANSI colours, unwrapped."""
    console = Console(
        file=stream, force_terminal=True, color_system="standard", soft_wrap=True, highlight=False
    )
    for parts in lines:
        text = Text()
        for content, style in parts:
            text.append(content, STYLES.get(style, ""))
        text.rstrip()
        console.print(text)
