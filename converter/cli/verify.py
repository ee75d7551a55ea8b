"""`multistage verify`: builds the original and the conversion, and says in what they differ."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile

from converter.cli import arguments as shared
from converter.cli import building, output
from converter.cli.exit_codes import ExitCode, of_outcome
from converter.config import Settings
from converter.errors import UsageError
from converter.files.conversion import run as convert_file
from converter.outcome import Converted
from converter.report.text import QUIET, finding_lines, report_lines
from converter.report.verification import render, verification_lines
from converter.span import SourceText
from converter.verify.engines.finding import engine
from converter.verify.errors import VerifyError
from converter.verify.interrupts import interruptible
from converter.verify.verification import Verdict, verify

ON_THE_FLY = "-"

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
    building.add(parser.add_argument_group("verification"))
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
    converted = arguments.converted
    if converted == ON_THE_FLY:
        result = convert_file(arguments.original, settings)
        if not isinstance(result.outcome, Converted):
            output.say(report_lines(result, QUIET if arguments.quiet else 0), settings.color)
            return of_outcome(result.outcome)
        converted = building.written(result.outcome.dockerfile, arguments.original, folder)
    request = building.request(arguments, settings, arguments.original, converted)
    found_engine = engine(arguments.engine, os.environ)
    with building.progress(arguments, settings) as progress:
        found = verify(found_engine, request, progress)
    if settings.format == "json":
        sys.stdout.write(render(found) + "\n")
    else:
        output.say(verification_lines(found, arguments.quiet), settings.color, sys.stdout)
    return EXIT_CODES[found.verdict]
