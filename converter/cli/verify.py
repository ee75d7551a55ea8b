"""`multistage verify`: builds the original and the conversion, and says in what they differ."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from converter.cli import arguments as shared
from converter.cli import output
from converter.cli.exit_codes import ExitCode, of_outcome
from converter.config import NO_CONTEXT, Settings
from converter.errors import UsageError
from converter.files.conversion import run as convert_file
from converter.files.reading import encoded
from converter.outcome import Converted
from converter.report.lines import line
from converter.report.text import QUIET, finding_lines, report_lines
from converter.report.verification import render, verification_lines
from converter.span import SourceText
from converter.verify.bases import final_base
from converter.verify.comparison import Intended
from converter.verify.engines.finding import AUTO, NAMES, engine
from converter.verify.errors import VerifyError
from converter.verify.intended import intended_by_bases
from converter.verify.interrupts import interruptible
from converter.verify.running.checks_file import read_checks
from converter.verify.verification import Request, Verdict, verify

ON_THE_FLY = "-"
DEFAULT_SECONDS = 3600.0
IGNORE_FILE = ".dockerignore"

EXIT_CODES = {
    Verdict.EQUAL: ExitCode.OK,
    Verdict.DIFFERENT: ExitCode.DIFFERENT,
    Verdict.CONVERSION_BROKEN: ExitCode.DIFFERENT,
    Verdict.ORIGINAL_BROKEN: ExitCode.USAGE,
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("original", metavar="ORIGINAL", help="the Dockerfile as it was")
    parser.add_argument(
        "converted", metavar="CONVERTED", nargs="?", default=ON_THE_FLY,
        help="the conversion; without it, or with -, it is made now",
    )  # fmt: skip
    group = parser.add_argument_group("verification")
    group.add_argument("--checks", metavar="FILE", help="what to ask both containers (checks.toml)")
    group.add_argument(
        "--engine", choices=(AUTO, *NAMES), default=AUTO, help="default: the first that answers"
    )
    group.add_argument(
        "--timeout", metavar="SECONDS", type=_seconds, default=DEFAULT_SECONDS,
        help=f"limit of each step (default: {DEFAULT_SECONDS:g})",
    )  # fmt: skip
    group.add_argument(
        "--secret", metavar="SPEC", action="append", help="as in docker build; may be repeated"
    )
    group.add_argument("--ssh", metavar="SPEC", action="append", help="as in docker build; may be repeated")
    group.add_argument(
        "--build-option", metavar="OPTION", action="append",
        help="given to the engine's build command as it is: --build-option=--network=host",
    )  # fmt: skip
    group.add_argument("--log-dir", metavar="DIR", help="where the builds' logs go (default: a new folder)")
    group.add_argument("--keep", action="store_true", help="leave images and containers there")
    shared.add_conversion(parser)
    report = parser.add_argument_group("report")
    report.add_argument("--format", choices=("text", "json"), help="the report's form (default: text)")
    report.add_argument("-q", "--quiet", action="store_true", help="report only what matters")
    shared.add_common(report)


def run(arguments: argparse.Namespace) -> int:
    """Verify and report; returns the exit code."""
    settings = shared.settings(arguments, shared.folder_of(arguments.original))
    for path in (arguments.original, arguments.converted):
        if path != ON_THE_FLY and not os.path.isfile(path):
            raise UsageError(f"{path}: there is no such file")
    if arguments.original == ON_THE_FLY:
        raise UsageError("ORIGINAL must be a file, not standard input")
    try:
        with interruptible(), tempfile.TemporaryDirectory(prefix="multistage-") as folder:
            return _verified(arguments, settings, folder)
    except VerifyError as error:
        output.say(finding_lines(SourceText("", "multistage"), error.diagnostic), settings.color)
        return ExitCode.USAGE


def _verified(arguments: argparse.Namespace, settings: Settings, folder: str) -> int:
    checks = read_checks(arguments.checks) if arguments.checks else None
    converted = arguments.converted
    if converted == ON_THE_FLY:
        result = convert_file(arguments.original, settings)
        if not isinstance(result.outcome, Converted):
            output.say(report_lines(result, QUIET if arguments.quiet else 0), settings.color)
            return of_outcome(result.outcome)
        converted = _written(result.outcome.dockerfile, arguments.original, folder)
    request = Request(
        original=arguments.original,
        converted=converted,
        context=_context(arguments.original, settings),
        logs=_logs(arguments.log_dir),
        checks=checks,
        build_args=tuple(f"{name}={value}" for name, value in settings.build_args or ()),
        secrets=tuple(arguments.secret or ()),
        ssh=tuple(arguments.ssh or ()),
        options=tuple(arguments.build_option or ()),
        seconds=arguments.timeout,
        keep=arguments.keep,
        intended=_intended(arguments.original, converted, dict(settings.build_args or ())),
    )
    found_engine = engine(arguments.engine, os.environ)
    with _progress(arguments, settings) as progress:
        found = verify(found_engine, request, progress)
    if settings.format == "json":
        sys.stdout.write(render(found) + "\n")
    else:
        output.say(verification_lines(found, arguments.quiet), settings.color, sys.stdout)
    return EXIT_CODES[found.verdict]


def _intended(original: str, converted: str, build_args: dict[str, str]) -> Intended:
    """What the change of the base alone explains."""
    before, after = final_base(original, build_args), final_base(converted, build_args)
    return Intended() if before is None or after is None else intended_by_bases(before, after)


def _written(dockerfile: str, original: str, folder: str) -> str:
    """A file for the builder; an ignore file that goes with the original's name goes with this one too."""
    path = os.path.join(folder, "converted.Dockerfile")
    with open(path, "wb") as file:
        file.write(encoded(dockerfile))
    if os.path.isfile(original + IGNORE_FILE):
        with open(original + IGNORE_FILE, "rb") as source, open(path + IGNORE_FILE, "wb") as target:
            target.write(source.read())
    return path


def _context(original: str, settings: Settings) -> str:
    if settings.context == NO_CONTEXT:
        raise UsageError("a build needs a context", "name its folder with --context DIR")
    return settings.context or os.path.dirname(original) or "."


def _logs(folder: str | None) -> str:
    if folder is None:
        return tempfile.mkdtemp(prefix="multistage-verify-")
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--log-dir {folder}: {(error.strerror or str(error)).lower()}") from error
    return folder


@contextmanager
def _progress(arguments: argparse.Namespace, settings: Settings) -> Iterator[Callable[[str], None]]:
    """Says on stderr what is done; on a terminal the present step only, with the time that it takes."""
    if arguments.quiet:
        yield lambda _: None
    elif sys.stderr.isatty() and output.use_color(settings.color, sys.stderr):
        from converter.report.terminal import present_step

        with present_step(sys.stderr) as show:
            yield show
    else:
        yield lambda text: output.say((line(f"multistage: {text}"),), settings.color)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 1 <= value <= 1_000_000:
        raise argparse.ArgumentTypeError("must be a number of seconds, 1 or more")
    return value
