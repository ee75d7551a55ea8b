"""One chunk of files in one process: converted, written where asked, rendered as cheap text."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from converter import config
from converter.batch.discovery import Found
from converter.config import Settings
from converter.diagnostics import Diagnostic, Severity
from converter.errors import UsageError
from converter.files.conversion import run
from converter.files.reading import encoded
from converter.files.writing import replace
from converter.outcome import Converted, Failed
from converter.report.github import render as github
from converter.report.json import render as json_line
from converter.report.lines import Line
from converter.report.result import Result
from converter.report.text import VERBOSE, report_lines
from converter.span import SourceText


class Job(Struct, frozen=True):
    """What is done with every file; `nearest` asks for the config file nearest to each instead of `config`.

    `record` asks for JSON lines, `commands` for GitHub's workflow commands, `verdicts` for the whole text report
    with the verdict of each step.
    """

    above: Settings = Settings()
    config: Settings = Settings()
    nearest: bool = False
    write: bool = False
    record: bool = False
    commands: bool = False
    verdicts: bool = False


class Done(Struct, frozen=True):
    """One file's result as the parent process needs it; with what its Job asked for."""

    file: str
    kind: str
    code: str | None
    message: str
    record: str = ""
    commands: str = ""
    verdicts: tuple[Line, ...] = ()
    removed_bytes: int = 0


class _Configs(Struct):
    """Settings by folder, so that a folder's config file is read once."""

    job: Job
    known: dict[str, Settings | UsageError] = field(default_factory=dict)

    def of(self, path: str) -> Settings:
        folder = os.path.dirname(path) or "."
        if folder not in self.known:
            self.known[folder] = self._read(folder)
        found = self.known[folder]
        if isinstance(found, UsageError):
            raise found
        return found

    def _read(self, folder: str) -> Settings | UsageError:
        try:
            own = config.nearest(folder) if self.job.nearest else self.job.config
        except UsageError as error:
            return error
        return config.layered(self.job.above, own)


def work(job: Job, chunk: Iterable[Found]) -> Iterator[Done]:
    """Each file's result, in order; no file's fault stops the next."""
    configs = _Configs(job)
    for found in chunk:
        start = time.perf_counter()
        result = _result(found, job, configs)
        yield done(result, job, time.perf_counter() - start)


def work_off(job: Job, chunk: tuple[Found, ...]) -> tuple[Done, ...]:
    """The same as a value, for another process."""
    return tuple(work(job, chunk))


def failed(path: str, code: str, message: str, help: str = "") -> Result:
    """The result of a file that no conversion was possible for."""
    reason = Diagnostic(code, Severity.ERROR, message, (help,) if help else ())
    return Result(SourceText("", path), Failed(reason))


def done(result: Result, job: Job, seconds: float) -> Done:
    """A result in the form that the parent process needs."""
    reason, plan = result.reason, result.plan
    return Done(
        file=result.source.name,
        kind=result.kind,
        code=None if reason is None else reason.code,
        message=result.message,
        record=json_line(result, seconds) if job.record else "",
        commands=github(result) if job.commands else "",
        verdicts=report_lines(result, VERBOSE) if job.verdicts else (),
        removed_bytes=plan.estimate.removed_bytes if plan is not None and plan.estimate is not None else 0,
    )


def _result(found: Found, job: Job, configs: _Configs) -> Result:
    try:
        settings = configs.of(found.path)
    except UsageError as error:
        return failed(found.path, "MS106", error.message, error.help)
    result = run(found.path, settings)
    if job.write and isinstance(result.outcome, Converted):
        try:
            replace(found.path, encoded(result.outcome.dockerfile), within=found.given)
        except UsageError as error:
            return failed(found.path, "MS107", error.message, error.help)
    return result
