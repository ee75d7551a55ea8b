"""Styled lines in colour: the one module that imports rich, and only where colour is wanted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.text import Text

from converter.report.lines import Line, printable

SECONDS_BETWEEN_DRAWINGS = 0.1

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


@contextmanager
def progress(total: int, stream: TextIO) -> Iterator[Callable[[], None]]:
    """A bar that is gone at the end; the function it gives counts one file.

    It draws when it counts, without a thread of its own: processes are forked meanwhile.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(file=stream, force_terminal=True)
    columns = BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as bar:
        task = bar.add_task("", total=total)
        drawn = 0.0

        def count() -> None:
            nonlocal drawn
            now = time.monotonic()
            bar.update(task, advance=1, refresh=now - drawn > SECONDS_BETWEEN_DRAWINGS)
            drawn = now if now - drawn > SECONDS_BETWEEN_DRAWINGS else drawn

        yield count


@contextmanager
def present_step(stream: TextIO) -> Iterator[Callable[[str], None]]:
    """A line with the step that is told last and the time that it takes; the steps before stay above it."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(file=stream, force_terminal=True)
    text = TextColumn("{task.description}", markup=False)
    with Progress(SpinnerColumn(), text, TimeElapsedColumn(), console=console) as steps:

        def show(step: str) -> None:
            for task in steps.task_ids:
                steps.update(task, total=1, completed=1)
            steps.add_task(printable(step), total=None)

        yield show
        for task in steps.task_ids:
            steps.update(task, total=1, completed=1)
