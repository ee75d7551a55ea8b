"""`multistage convert`: one Dockerfile in, the new one out, the report beside it."""

from __future__ import annotations

import argparse
import os
import sys

from converter import config
from converter.cli import arguments as shared
from converter.cli import building, output
from converter.cli.exit_codes import of_outcome
from converter.config import Settings
from converter.errors import UsageError
from converter.files.conversion import run as convert_file
from converter.files.reading import STANDARD_INPUT, encoded
from converter.files.writing import replace
from converter.outcome import Converted, Refused, Unchanged
from converter.report import text
from converter.report.result import Result

STANDARD_OUTPUT = "-"
DOCUMENTS = ("json", "sarif")
"""Formats that go to stdout, in place of the Dockerfile, which they hold."""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    shared.add_dockerfile(parser)
    target = parser.add_argument_group("output").add_mutually_exclusive_group()
    target.add_argument("-o", "--output", metavar="FILE", help="write to FILE, - for stdout")
    target.add_argument("--write", action="store_true", help="replace the file")
    target.add_argument("--diff", action="store_true", help="print a unified diff")
    target.add_argument(
        "--check", action="store_true", help="print nothing; exit with 1 if it can be converted"
    )
    proof = parser.add_argument_group("proof")
    proof.add_argument(
        "--build", action="store_true",
        help="build original and conversion, compare them, and mend the plan until they are equal",
    )  # fmt: skip
    building.add(proof)
    shared.add_conversion(parser)
    shared.add_reporting(parser, config.FORMATS)


def run(arguments: argparse.Namespace) -> int:
    """Convert, deliver, report; returns the exit code."""
    path: str = arguments.dockerfile
    settings = shared.settings(arguments, shared.folder_of(path))
    if arguments.write and path == STANDARD_INPUT:
        raise UsageError("--write needs a file, not standard input", "use -o FILE")
    if arguments.build and path == STANDARD_INPUT:
        raise UsageError("--build needs a file, not standard input")
    if arguments.diff and settings.format in DOCUMENTS:
        raise UsageError(f"--diff and --format {settings.format} both need stdout")
    result = convert_file(path, settings)
    if arguments.build and isinstance(result.outcome, Converted | Refused):
        from converter.cli.proving import proved

        result = proved(arguments, settings, result)
    _deliver(result, arguments, settings)
    _report(result, arguments, settings)
    return of_outcome(result.outcome, arguments.check)


def _deliver(result: Result, arguments: argparse.Namespace, settings: Settings) -> None:
    """Put the product where it was asked for; there is none when refused, invalid or failed."""
    match result.outcome:
        case Converted(dockerfile=new):
            pass
        case Unchanged():
            new = result.source.text
        case _:
            return
    if arguments.write:
        if isinstance(result.outcome, Converted):
            replace(arguments.dockerfile, encoded(new), within=os.path.dirname(arguments.dockerfile) or ".")
    elif arguments.diff:
        from converter.report.diff import unified

        output.product(unified(result.source.name, result.source.text, new))
    elif arguments.output not in (None, STANDARD_OUTPUT):
        replace(arguments.output, encoded(new))
    elif not arguments.check and settings.format not in DOCUMENTS:
        output.product(new)


def _report(result: Result, arguments: argparse.Namespace, settings: Settings) -> None:
    match settings.format:
        case "json":
            from converter.report.json import render as json

            sys.stdout.write(json(result) + "\n")
        case "sarif":
            from converter.report.sarif import render as sarif

            sys.stdout.write(sarif((result,)) + "\n")
        case "github":
            from converter.report.github import render as github

            sys.stderr.write(github(result))
        case _:
            output.say(text.report_lines(result, _verbosity(arguments)), settings.color)


def _verbosity(arguments: argparse.Namespace) -> int:
    if arguments.verbose:
        return text.VERBOSE
    return text.QUIET if arguments.quiet or arguments.check else text.NORMAL
