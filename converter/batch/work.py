"""One chunk of files in one process: converted within limits, rendered as cheap text; nothing is written."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from converter import config
from converter.batch.discovery import Found
from converter.batch.limits import Limits, OutOfTime, limited
from converter.config import Settings
from converter.diagnostics import Diagnostic, Severity
from converter.errors import UsageError
from converter.files.conversion import run
from converter.files.writing import obstacle
from converter.outcome import Converted, Failed, Refused
from converter.report.diff import unified
from converter.report.github import render as github
from converter.report.json import render as json_line
from converter.report.lines import Line
from converter.report.result import Result
from converter.report.text import VERBOSE, report_lines
from converter.span import SourceText


class Job(Struct, frozen=True):
    """What is done with every file; `nearest` asks for the config file nearest to each instead of `config`.

    `write` says that converted files will be replaced, `diff` asks for the difference, `record` for JSON lines,
    `commands` for GitHub's workflow commands, `verdicts` for the whole text report with the verdict of each step.
    """

    above: Settings = Settings()
    config: Settings = Settings()
    nearest: bool = False
    limits: Limits = Limits()
    write: bool = False
    diff: bool = False
    record: bool = False
    commands: bool = False
    verdicts: bool = False


class Done(Struct, frozen=True):
    """One file's result as the parent process needs it; with what its Job asked for.

    `dockerfile` is the new text of a converted file that is to be written.
    """

    file: str
    kind: str
    code: str | None
    message: str
    dockerfile: str | None = None
    diff: str = ""
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


def died(found: Found, job: Job) -> Done:
    """The result of a file whose process died while it was converted."""
    return done(failed(found.path, "MS690", "the process that converted it died"), job, 0.0)


def done(result: Result, job: Job, seconds: float) -> Done:
    """A result in the form that the parent process needs."""
    outcome, reason, plan = result.outcome, result.reason, result.plan
    text = outcome.dockerfile if isinstance(outcome, Converted) else None
    return Done(
        file=result.source.name,
        kind=result.kind,
        code=None if reason is None else reason.code,
        message=result.message,
        dockerfile=text if job.write else None,
        diff=unified(result.source.name, result.source.text, text) if job.diff and text is not None else "",
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
    if settings.context is None:
        settings = replace(settings, context=found.context)
    try:
        with limited(job.limits):
            result = run(found.path, settings)
    except OutOfTime:
        return failed(found.path, "MS108", f"it takes longer than {job.limits.seconds:g} seconds", _LIMITS)
    except MemoryError:
        return failed(found.path, "MS108", f"it takes more than {job.limits.megabytes} MB of memory", _LIMITS)
    return _unwritable(found, result) if job.write and isinstance(result.outcome, Converted) else result


_LIMITS = "the limits are those of --time-limit and --memory-limit"


def _unwritable(found: Found, result: Result) -> Result:
    """The result of a file that would be replaced, if it may be; known before anything is reported."""
    if found.uncommitted:
        help = ("commit or stash them first", "or take --force")
        message = "it holds changes that are not committed, and would be replaced"
        return Result(result.source, Refused(Diagnostic("MS109", Severity.ERROR, message, help)))
    reason = obstacle(found.path, found.given)
    return result if reason is None else failed(found.path, "MS107", reason)
