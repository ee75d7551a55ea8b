"""The real command line, run in this process: starting Python for each sample would take most of the time."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

from converter.cli.main import run


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the command: its exit code and what it wrote."""

    code: int
    stdout: str
    stderr: str


def multistage(*arguments: str) -> Run:
    """Run `multistage` with the arguments."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        code = run([*arguments])
    texts = []
    for stream in (out, err):
        stream.flush()
        buffer = stream.buffer
        assert isinstance(buffer, io.BytesIO)
        texts.append(buffer.getvalue().decode("utf-8"))
    return Run(code, *texts)
