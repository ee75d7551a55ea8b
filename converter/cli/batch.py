"""`multistage batch`: many files, folders and repositories into a report and a table."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext

from msgspec.structs import replace

from converter import config
from converter.batch.discovery import Found, discover
from converter.batch.executors import default_jobs, execute
from converter.batch.limits import Limits
from converter.batch.report_file import PARTIAL, STANDARD_OUTPUT, Report, recorded, report_file
from converter.batch.totals import Totals
from converter.batch.work import Done, Job, done, failed
from converter.cli import arguments as shared
from converter.cli import output
from converter.cli.exit_codes import ExitCode
from converter.errors import UsageError
from converter.files import writing
from converter.files.reading import STANDARD_INPUT, encoded
from converter.report.lines import line, plain

FORMATS = ("text", "json", "github")
FAILURES = {
    "convertible": ("converted", ExitCode.AVAILABLE),
    "refused": ("refused", ExitCode.REFUSED),
    "invalid": ("invalid", ExitCode.INVALID),
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument(
        "paths", metavar="PATH", nargs="+",
        help="a Dockerfile, a folder or a repository; - reads a list of them from stdin, one a line",
    )  # fmt: skip
    group = parser.add_argument_group("output")
    group.add_argument("--report", metavar="FILE", help="write a JSON line for each file, - for stdout")
    group.add_argument(
        "--resume", action="store_true", help="go on where an earlier run with this report ended"
    )
    target = group.add_mutually_exclusive_group()
    target.add_argument("--write", action="store_true", help="replace the files that can be converted")
    target.add_argument("--diff", action="store_true", help="print a unified diff of each of them")
    group.add_argument("--force", action="store_true", help="replace files with uncommitted changes too")
    group.add_argument(
        "--fail-on", metavar="LIST", type=shared.names(config.FAIL_ON),
        help="exit with 1, 3 or 4 if a file is " + ",".join(config.FAIL_ON),
    )  # fmt: skip
    work = parser.add_argument_group("work")
    work.add_argument("--jobs", "-j", metavar="N", type=_number, help="processes (default: one a processor)")
    work.add_argument("--scheduler", metavar="ADDRESS", help="work on the Dask cluster of this scheduler")
    limits = Limits()
    work.add_argument(
        "--time-limit", metavar="SECONDS", type=_number, default=round(limits.seconds),
        help=f"for one file (default: {limits.seconds:g})",
    )  # fmt: skip
    work.add_argument(
        "--memory-limit", metavar="MB", type=_number, default=limits.megabytes,
        help=f"for one file (default: {limits.megabytes})",
    )  # fmt: skip
    shared.add_conversion(parser)
    shared.add_reporting(parser, FORMATS)


def run(arguments: argparse.Namespace) -> int:
    """Convert all, report, print the table; returns the exit code."""
    start = time.monotonic()
    general = shared.settings(arguments, ".")
    target = STANDARD_OUTPUT if general.format == "json" and not arguments.report else arguments.report
    if arguments.diff and (target == STANDARD_OUTPUT or general.format == "github"):
        raise UsageError("--diff and the report both need stdout", "name a file with --report FILE")
    if arguments.resume and target is None:
        raise UsageError("--resume needs a report in a file", "name it with --report FILE")
    job = _job(arguments, general, target is not None)
    found, totals = _found(arguments, target)
    files = totals.files + len(found)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # workers must not outlive this process
    try:
        bar = _bar(len(found), arguments, general, target)
        kept = report_file(target, arguments.resume) if target else nullcontext()
        with kept as report, bar as count:
            results = _results(arguments.scheduler, found, job, general.jobs or default_jobs())
            for item, made in zip(found, results, strict=True):
                result = _recorded(item, made, report, job)
                totals.add(result)
                _show(result, arguments, target)
                output.say(result.verdicts, general.color)
                count()
    except KeyboardInterrupt:
        beside = (
            f"; their lines are in {target}{PARTIAL}, and --resume goes on from there"
            if target not in (None, STANDARD_OUTPUT)
            else ""
        )
        sys.stderr.write(f"multistage: interrupted after {totals.files} of {files} files{beside}\n")
        return ExitCode.INTERRUPTED
    if not arguments.quiet:
        output.say(totals.lines(time.monotonic() - start), general.color)
        output.say(totals.next_steps(arguments.write), general.color)
    failures = [
        code
        for name, (kind, code) in FAILURES.items()
        if name in (general.fail_on or ()) and totals.kinds[kind]
    ]
    return max(failures, default=ExitCode.OK)


def _found(arguments: argparse.Namespace, target: str | None) -> tuple[tuple[Found, ...], Totals]:
    """The files that are left to do, and the totals of those that an earlier run has done."""
    found = discover(_paths(arguments.paths))
    totals = Totals()
    if arguments.resume and target is not None:
        for record in recorded(target):
            totals.add_record(record)
        found = tuple(item for item in found if item.path not in totals.known)
    if arguments.write and not arguments.force:
        from converter.batch.git import uncommitted

        changed = uncommitted(item.path for item in found)
        found = tuple(replace(item, uncommitted=item.path in changed) for item in found)
    return found, totals


def _paths(given: list[str]) -> Iterator[str]:
    for path in given:
        if path == STANDARD_INPUT:
            names = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
            yield from filter(None, (row.removesuffix("\r") for row in names.split("\n")))
        else:
            yield path


def _results(scheduler: str | None, found: tuple[Found, ...], job: Job, jobs: int) -> Iterator[Done]:
    if scheduler is None:
        return execute(found, job, jobs)
    from converter.batch.cluster import execute_on

    return execute_on(scheduler, found, job)


def _recorded(item: Found, result: Done, report: Report | None, job: Job) -> Done:
    """Replace the file of a conversion that is to be written, and report it; the result as it is then."""
    if result.dockerfile is not None:
        if report is not None:
            report.announce(result.record)
        try:
            writing.replace(item.path, encoded(result.dockerfile), within=item.given)
        except UsageError as error:
            result = done(failed(item.path, "MS107", error.message, error.help), job, 0.0)
    if report is not None:
        report.add(result.record)
    return result


def _job(arguments: argparse.Namespace, general: config.Settings, record: bool) -> Job:
    named = shared.named_config(arguments)
    return Job(
        above=shared.without_config(arguments),
        config=named or config.Settings(),
        nearest=named is None,
        limits=Limits(arguments.time_limit, arguments.memory_limit),
        write=arguments.write,
        diff=arguments.diff,
        record=record,
        commands=general.format == "github",
        verdicts=arguments.verbose,
    )


def _bar(
    total: int, arguments: argparse.Namespace, general: config.Settings, target: str | None
) -> AbstractContextManager[Callable[[], None]]:
    """A progress bar on a terminal, where nothing else is written meanwhile."""
    lines_go_to_stdout = (target in (None, STANDARD_OUTPUT) or arguments.diff) and sys.stdout.isatty()
    if arguments.quiet or arguments.verbose or lines_go_to_stdout or not sys.stderr.isatty():
        return nullcontext(lambda: None)
    if not output.use_color(general.color, sys.stderr):
        return nullcontext(lambda: None)
    from converter.report.terminal import progress

    return progress(total, sys.stderr)


def _show(result: Done, arguments: argparse.Namespace, target: str | None) -> None:
    """A line for each file where no report takes it; diffs and workflow commands always."""
    if result.diff:
        output.product(result.diff)
    elif result.commands:
        sys.stdout.write(result.commands)
    elif target is None and not arguments.quiet and not arguments.diff:
        code = "" if result.code is None else f" {result.code}"
        sys.stdout.write(plain((line(f"{result.file}: {result.kind}{code}: {result.message}"),)))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError("must be a whole number above 0")
    return int(text)
