"""`multistage batch`: many files, folders and repositories into a report and a table."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from converter import config
from converter.batch.discovery import discover
from converter.batch.executors import default_jobs, execute
from converter.batch.report_file import PARTIAL, STANDARD_OUTPUT, report_file
from converter.batch.totals import Totals
from converter.batch.work import Done, Job
from converter.cli import arguments as shared
from converter.cli import output
from converter.cli.exit_codes import ExitCode
from converter.report.lines import line, plain

FORMATS = ("text", "json", "github")
FAILURES = {
    "convertible": ("converted", ExitCode.AVAILABLE),
    "refused": ("refused", ExitCode.REFUSED),
    "invalid": ("invalid", ExitCode.INVALID),
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("paths", metavar="PATH", nargs="+", help="a Dockerfile, a folder or a repository")
    group = parser.add_argument_group("output")
    group.add_argument("--report", metavar="FILE", help="write a JSON line for each file, - for stdout")
    group.add_argument("--write", action="store_true", help="replace the files that can be converted")
    group.add_argument("--jobs", "-j", metavar="N", type=_number, help="processes (default: one a processor)")
    group.add_argument(
        "--fail-on", metavar="LIST", type=shared.names(config.FAIL_ON),
        help="exit with 1, 3 or 4 if a file is " + ",".join(config.FAIL_ON),
    )  # fmt: skip
    shared.add_conversion(parser)
    shared.add_reporting(parser, FORMATS)


def run(arguments: argparse.Namespace) -> int:
    """Convert all, report, print the table; returns the exit code."""
    start = time.monotonic()
    general = shared.settings(arguments, ".")
    target = STANDARD_OUTPUT if general.format == "json" and not arguments.report else arguments.report
    job = _job(arguments, general, target is not None)
    found = discover(tuple(arguments.paths))
    totals = Totals()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # workers must not outlive this process
    try:
        bar = _bar(len(found), arguments, general, target)
        with report_file(target) if target else nullcontext() as report, bar as count:
            for done in execute(found, job, general.jobs or default_jobs()):
                totals.add(done)
                if report is not None:
                    report.write(done.record + "\n")
                _show(done, arguments, target)
                output.say(done.verdicts, general.color)
                count()
    except KeyboardInterrupt:
        beside = f"; their lines are in {target}{PARTIAL}" if target not in (None, STANDARD_OUTPUT) else ""
        sys.stderr.write(f"multistage: interrupted after {totals.files} of {len(found)} files{beside}\n")
        return ExitCode.INTERRUPTED
    if not arguments.quiet:
        output.say(totals.lines(time.monotonic() - start), general.color)
    failures = [
        code
        for name, (kind, code) in FAILURES.items()
        if name in (general.fail_on or ()) and totals.kinds[kind]
    ]
    return max(failures, default=ExitCode.OK)


def _job(arguments: argparse.Namespace, general: config.Settings, record: bool) -> Job:
    named = shared.named_config(arguments)
    return Job(
        above=shared.without_config(arguments),
        config=named or config.Settings(),
        nearest=named is None,
        write=arguments.write,
        record=record,
        commands=general.format == "github",
        verdicts=arguments.verbose,
    )


def _bar(
    total: int, arguments: argparse.Namespace, general: config.Settings, target: str | None
) -> AbstractContextManager[Callable[[], None]]:
    """A progress bar on a terminal, where nothing else is written meanwhile."""
    lines_go_to_stdout = target in (None, STANDARD_OUTPUT) and sys.stdout.isatty()
    if arguments.quiet or arguments.verbose or lines_go_to_stdout or not sys.stderr.isatty():
        return nullcontext(lambda: None)
    if not output.use_color(general.color, sys.stderr):
        return nullcontext(lambda: None)
    from converter.report.terminal import progress

    return progress(total, sys.stderr)


def _show(done: Done, arguments: argparse.Namespace, target: str | None) -> None:
    """A line for each file where no report takes it; workflow commands always."""
    if done.commands:
        sys.stdout.write(done.commands)
    elif target is None and not arguments.quiet:
        code = "" if done.code is None else f" {done.code}"
        sys.stdout.write(plain((line(f"{done.file}: {done.kind}{code}: {done.message}"),)))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError("must be a whole number above 0")
    return int(text)
