"""A stand-in for the conversion, so that these tests see the command line alone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from converter.cli.main import run
from converter.diagnostics import Diagnostic, Severity
from converter.outcome import Converted, Failed, Invalid, Outcome, Refused, Unchanged
from converter.plan.model import (
    CopyReport,
    Estimate,
    GraphReport,
    NodeKind,
    PackageReport,
    Plan,
    StepReport,
    Verdict,
)
from tests.verify.playing import FakeDocker, installed

NEW = "FROM debian:bookworm AS builder\nRUN make\n\nFROM debian:bookworm-slim\nCOPY --from=builder /x /x\n"

PLAN = Plan(
    builder_base="debian:bookworm",
    final_base="debian:bookworm-slim",
    steps=(StepReport(2, 2, "make", Verdict.BUILD, "MS520", "a build tool", "convention"),),
    copies=(CopyReport("/x", "/x", None, ("CMD line 3 > /x",), "written by make", "convention"),),
    packages=PackageReport(("gcc", "tini"), ("tini",), (), False),
    estimate=Estimate(312_000_000, "installed sizes of 38 packages"),
    graph=GraphReport(
        (("s2", 'make "all"', NodeKind.BUILD), ("/x", "/x", NodeKind.PATH)), (("s2", "/x", "writes"),)
    ),
)

OUTCOMES: dict[str, Outcome] = {
    "converted": Converted(NEW, PLAN),
    "unchanged": Unchanged(Diagnostic("MS501", Severity.NOTE, "nothing to gain")),
    "refused": Refused(Diagnostic("MS401", Severity.ERROR, "a tool box", ("say what is run",), 2, 5, 2, 9)),
    "invalid": Invalid(Diagnostic("MS102", Severity.ERROR, "syntax error", (), 1, 1, 1, 5)),
    "failed": Failed(Diagnostic("MS601", Severity.ERROR, "self-check failed")),
}


@dataclass
class Converter:
    """The stand-in: the outcome that the file's text names, and what it was called with."""

    calls: list[tuple[str, object, object, str]]

    def __call__(self, text: str, *, context: object, options: object, name: str) -> Outcome:
        self.calls.append((text, context, options, name))
        for word, outcome in OUTCOMES.items():
            if word in text:
                return outcome
        raise ZeroDivisionError("a bug")


@pytest.fixture
def converter(monkeypatch: pytest.MonkeyPatch) -> Converter:
    """Replaces the conversion; the text `FROM converted` is converted, `FROM refused` refused, and so on."""
    stand_in = Converter([])
    module = ModuleType("converter.convert")
    module.convert = stand_in  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "converter.convert", module)
    return stand_in


@dataclass
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def command(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Answer]:
    """Runs the command line in this process; argparse's own exit counts as a code."""

    def call(*arguments: object) -> Answer:
        capfdbinary.readouterr()
        try:
            code = run([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        sys.stdout.flush()
        captured = capfdbinary.readouterr()
        return Answer(code, captured.out.decode("utf-8", "surrogateescape"), captured.err.decode())

    return call


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeDocker:
    """A docker that is played; no engine is needed."""
    return installed(tmp_path, monkeypatch)
